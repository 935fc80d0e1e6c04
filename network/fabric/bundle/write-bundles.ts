import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';

import { ManagerError } from '../../manager/manager-error.js';
import { type Topology } from '../../plan/topology.js';
import { packageChaincodeService } from '../chaincode-package.js';
import { formatChannelConfig } from '../channel-config.js';
import { formatOrdererConfig } from '../orderer-config.js';
import { collectionsFileOf } from '../lifecycle.js';
import { formatPeerConfig } from '../peer-config.js';
import { nodeOusYaml } from '../../ca/layout.js';
import { type Hosts } from '../../plan/hosts.js';
import { formatChannelScript, packageFileOf } from './channel-script.js';
import { formatChecklist } from './checklist.js';
import { hostFolder, type HostPlan, type HostsPlan, planHosts } from './host-plan.js';
import { formatKeysScript, organisationsOf } from './keys-script.js';
import { builderFolder, composeOf, formatUnit, servicesOf } from './units.js';

/** A file of a bundle; the path is relative to the bundle. */
interface BundleFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes one folder for each organisation's host: configuration, units, compose file, key script, chaincode packages and
 * a checklist. Nothing in it is secret.
 * @param out a folder that is empty or absent. @param hosts addresses, see `planHosts`. @returns the folders. @throws ManagerError FOLDER_NOT_EMPTY
 */
export function writeBundles(topology: Topology, out: string, hosts: Hosts = {}): string[] {
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new ManagerError('FOLDER_NOT_EMPTY', { folder: out, wanted: 'an empty folder, or none' });
  }
  const plan = planHosts(topology, hosts);
  return plan.hosts.map((host) => {
    const folder = join(out, host.organisation.name);
    for (const { path, content } of filesOf(host, plan)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return folder;
  });
}

function filesOf(host: HostPlan, plan: HostsPlan): BundleFile[] {
  const { network } = plan;
  const { orderers, peers } = host;
  const bootstrap = peers[0]?.address ?? '';
  const onHost = (path: string) => relative(hostFolder, path);
  return [
    { path: 'README.md', content: formatChecklist(host, plan) },
    { path: 'keys.sh', content: formatKeysScript(host, plan) },
    { path: 'channel.sh', content: formatChannelScript(host, plan) },
    ...organisationsOf(host).map(({ folder, ca }) => ({
      path: onHost(join(folder, 'msp', 'config.yaml')),
      content: nodeOusYaml(`cacerts/${ca.name}-cert.pem`),
    })),
    { path: 'compose.yaml', content: stringify(composeOf(host)) },
    { path: onHost(join(network.channelFolder, 'configtx.yaml')), content: formatChannelConfig(network) },
    ...orderers.map((orderer) => ({
      path: onHost(join(orderer.configFolder, 'orderer.yaml')),
      content: formatOrdererConfig(orderer),
    })),
    ...peers.map((peer) => ({
      path: onHost(join(peer.configFolder, 'core.yaml')),
      content: formatPeerConfig(peer, bootstrap, builderFolder),
    })),
    ...servicesOf(host).map((service) => ({
      path: join('systemd', `${service.name}.service`),
      content: formatUnit(service),
    })),
    ...network.chaincodes.flatMap((chaincode) => [
      { path: onHost(packageFileOf(chaincode)), content: packageChaincodeService(chaincode).bytes },
      {
        path: onHost(collectionsFileOf(network, chaincode)),
        content: JSON.stringify(chaincode.collections),
      },
    ]),
  ];
}
