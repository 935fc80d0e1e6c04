import { resolve } from 'node:path';

import { readTopology } from './plan-file.js';

/**
 * Writes what each organisation's host needs to run a topology on Fabric's own programs, one folder a host.
 * @param topologyFolder from where relative folders in the text count. @param out empty or absent.
 * @param hostsText which address each host has, YAML or JSON as `network/plan/hosts.ts` reads it.
 * @returns the folders. @throws TopologyError, FOLDER_NOT_EMPTY
 */
export async function planHostBundles(
  text: string,
  topologyFolder: string,
  out: string,
  hostsText = '{}',
): Promise<string[]> {
  const { topology } = await readTopology(text, topologyFolder);
  const { parseHosts } = await import('../plan/hosts.js');
  const { writeBundles } = await import('../fabric/bundle/write-bundles.js');
  return writeBundles(topology, resolve(out), parseHosts(hostsText, topology));
}
