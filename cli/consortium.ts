import { dirname, join, resolve } from 'node:path';

import { readIfThere } from '../network/manager/atomic-file.js';
import {
  type NetworkAddresses,
  type NetworkStatus,
  readStatus,
  startNetwork,
  stopNetwork,
} from '../network/manager/network.js';
import { packageRoot } from '../network/manager/package-root.js';
import { type Engine } from '../network/manager/plan-file.js';
import { residentBytes } from '../network/manager/process-table.js';
import { type DataFolder } from './data-folder.js';
import { type GatewayAddress, gatewayProcess, isReady, readGateways, startGateways, stopGateways } from './gateways.js';
import { ensureIssuer } from './issuer.js';
import { readTextFile } from './read-text.js';

/** A network with one gateway per organisation, all running. */
export interface RunningConsortium {
  readonly network: NetworkAddresses;
  readonly gateways: readonly GatewayAddress[];
}

/** What runs of a consortium. */
export interface ConsortiumStatus {
  /** `degraded`: some of it runs, or some gateway is not ready. */
  readonly state: 'up' | 'degraded' | 'down';
  readonly network: NetworkStatus;
  readonly gateways: readonly (GatewayAddress & { readonly ready: boolean })[];
  /** Resident memory of the gateways' process, bytes. */
  readonly gatewaysResidentBytes?: number;
}

/**
 * Starts network, issuer and gateways of a data folder, whichever of them does not run yet.
 * @param wanted for the first start: a topology file, without which the folder's own topology or the default consortium
 * counts, and an engine.
 * @param onProgress told each step when it is done. @throws as `startNetwork` and `startGateways`; FILE_UNREADABLE
 */
export async function startConsortium(
  folder: DataFolder,
  { topology: topologyFile, engine }: { readonly topology?: string; readonly engine?: Engine },
  onProgress: (done: string) => void,
): Promise<RunningConsortium> {
  const { network, topology, startedNow } = await startNetwork({
    dataDir: folder.root,
    topologyText: readTopologyText(folder, topologyFile),
    ...(topologyFile === undefined ? {} : { topologyFolder: dirname(resolve(topologyFile)) }),
    ...(engine === undefined ? {} : { engine }),
    onProgress,
  });
  ensureIssuer(folder.issuer);
  // Gateways that outlived their network may hold addresses and trust roots of before.
  if (startedNow) await stopGateways(folder);
  const gateways = await startGateways(folder, topology);
  onProgress(`${gateways.length} gateways`);
  return { network, gateways };
}

/** Ends gateways, then network. @returns whether any of them ran. */
export async function stopConsortium(folder: DataFolder): Promise<boolean> {
  const gatewaysRan = await stopGateways(folder);
  return (await stopNetwork(folder.root)) || gatewaysRan;
}

/** Looks at what runs, and asks each gateway whether it is ready. */
export async function readConsortium(folder: DataFolder): Promise<ConsortiumStatus> {
  const network = readStatus(folder.root);
  const addresses = readGateways(folder) ?? [];
  const gateways = await Promise.all(addresses.map(async (each) => ({ ...each, ready: await isReady(each) })));
  const { pid } = gatewayProcess(folder);
  const bytes = pid === undefined ? undefined : residentBytes(pid);
  const complete = network.state === 'up' && gateways.length > 0 && gateways.every(({ ready }) => ready);
  const nothing = network.state === 'down' && pid === undefined;
  return {
    state: complete ? 'up' : nothing ? 'down' : 'degraded',
    network,
    gateways,
    ...(bytes === undefined ? {} : { gatewaysResidentBytes: bytes }),
  };
}

/** Whether network and gateways both have a process. Cheap: asks nobody. */
export function isAlive(folder: DataFolder): boolean {
  return readStatus(folder.root).state !== 'down' && gatewayProcess(folder).pid !== undefined;
}

function readTopologyText(folder: DataFolder, topologyFile: string | undefined): string {
  const inForce = topologyFile === undefined ? readIfThere(folder.topologyFile) : undefined;
  if (inForce !== undefined) return inForce;
  return readTextFile(topologyFile ?? join(packageRoot(), 'cli', 'consortium.yaml'));
}
