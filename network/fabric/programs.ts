import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type KeptProcessPlan } from '../manager/kept-process.js';
import { startOrderer, startPeer } from '../plan/fabric-commands.js';
import { type FabricPeerPlan, type FabricPlan, organisationOf, type OrdererPlan } from '../plan/fabric-plan.js';
import { type ChaincodePlan } from '../plan/plan.js';
import { type FabricBinaries } from './binaries.js';
import { type ServiceConnection } from './chaincode-package.js';
import { type KeptPrograms } from './kept-programs.js';
import { formatOrdererConfig } from './orderer-config.js';
import { formatPeerConfig } from './peer-config.js';

/** Writes what the programs of a plan read when they start. */
export function writeConfigs(plan: FabricPlan, { ccaasBuilder }: FabricBinaries): void {
  for (const orderer of plan.orderers) writeConfig(orderer.configFolder, 'orderer.yaml', formatOrdererConfig(orderer));
  for (const peer of plan.peers) {
    const [first = peer] = organisationOf(plan, peer.mspId).nodes;
    writeConfig(peer.configFolder, 'core.yaml', formatPeerConfig(peer, first.address, ccaasBuilder));
  }
}

/** Every process of a plan. Chaincodes first: peers call them at once. */
export function programsOf(plan: FabricPlan, binaries: FabricBinaries): KeptProcessPlan[] {
  return [
    ...plan.chaincodes.flatMap(({ servers }) => servers),
    ...plan.orderers.map((orderer) => ordererProgram(orderer, binaries)),
    ...plan.peers.map((peer) => peerProgram(plan, peer, binaries)),
  ];
}

/** Starts a program of a plan and keeps it running. @param name of a node or a chaincode's server of the plan */
export function startProgram(plan: FabricPlan, binaries: FabricBinaries, programs: KeptPrograms, name: string): void {
  const program = programsOf(plan, binaries).find((each) => each.name === name);
  if (program === undefined) throw new RangeError(`the plan has no program ${name}`);
  const peer = plan.peers.find(({ id }) => id === name);
  if (peer === undefined) programs.run(program);
  else programs.runPeer(program, peer);
}

function ordererProgram(orderer: OrdererPlan, { orderer: program }: FabricBinaries): KeptProcessPlan {
  return {
    name: orderer.id,
    command: [program, ...startOrderer.slice(1)],
    environment: { FABRIC_CFG_PATH: orderer.configFolder, FABRIC_LOGGING_SPEC: 'warn' },
    logFile: orderer.logFile,
    pidFile: orderer.pidFile,
  };
}

function peerProgram(plan: FabricPlan, peer: FabricPeerPlan, { peer: program }: FabricBinaries): KeptProcessPlan {
  const connections = plan.chaincodes.map((chaincode) => [chaincode.name, connectionTo(chaincode, peer)] as const);
  return {
    name: peer.id,
    command: [program, ...startPeer.slice(1)],
    environment: {
      FABRIC_CFG_PATH: peer.configFolder,
      FABRIC_LOGGING_SPEC: 'warn',
      CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG: JSON.stringify(Object.fromEntries(connections)),
    },
    logFile: peer.logFile,
    pidFile: peer.pidFile,
  };
}

function connectionTo({ name, servers }: ChaincodePlan, { mspId, tls }: FabricPeerPlan): ServiceConnection {
  const server = servers.find(({ mspIds }) => mspIds.includes(mspId));
  if (server === undefined) throw new RangeError(`chaincode ${name} has no server for ${mspId}`);
  return {
    address: server.address,
    root_cert: readFileSync(server.tls.caFile, 'utf8'),
    client_key: readFileSync(tls.privateKeyFile, 'utf8'),
    client_cert: readFileSync(tls.certificateFile, 'utf8'),
  };
}

function writeConfig(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), text, { mode: 0o600 });
}
