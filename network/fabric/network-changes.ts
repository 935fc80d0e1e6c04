import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ensureMaterial } from '../ca/material.js';
import { setMemberAside } from '../ca/set-aside.js';
import { type NetworkChange } from '../manager/network-change.js';
import { type ProcessHooks } from '../manager/network-process.js';
import { pollFor } from '../manager/poll.js';
import { type FabricPeerPlan, type FabricPlan, organisationOf, type OrdererPlan } from '../plan/fabric-plan.js';
import { type FabricBinaries } from './binaries.js';
import { joinOrderer, joinPeer, readOrdererState } from './channel.js';
import { admitOrganisation, changeConsenters, fetchConfigBlock, updateChannel } from './channel-update.js';
import { FabricError } from './fabric-error.js';
import { type KeptPrograms } from './kept-programs.js';
import { deployChaincode } from './lifecycle.js';
import { startProgram, writeConfigs } from './programs.js';
import { adminEnd, waitForGateways, waitUntilListening } from './readiness.js';

/** A network that runs, and what it is to become. */
export interface ChangingNetwork {
  /** What the network is to become. */
  readonly plan: FabricPlan;
  readonly binaries: FabricBinaries;
  readonly programs: KeptPrograms;
  readonly hooks: Pick<ProcessHooks<FabricPlan>, 'nowMs' | 'onProgress'>;
}

/** How long a new consenter may take to have the chain and a part in ordering, milliseconds. */
const consenterMs = 60_000;
const askEveryMs = 250;

/**
 * Carries out one change, each step of which looks whether it was done: the same command finishes what was cut off.
 * @throws FabricError, MaterialError
 */
export async function carryOutChange(network: ChangingNetwork, change: NetworkChange): Promise<void> {
  switch (change.kind) {
    case 'organisation-added':
      return addOrganisation(network, change.mspId);
    case 'peer-renewed':
      return renewPeer(network, change.peer);
    case 'consenter-added':
      return addConsenter(network, change.consenter);
    case 'consenter-removed':
      return removeConsenter(network, change.consenter);
    default: {
      const how = "with Fabric's own programs: configtxlator and peer channel update, or fabric-ca-client";
      throw new FabricError('FABRIC_CHANGE_UNSUPPORTED', `${change.kind}: ${how}`);
    }
  }
}

/** Keys, the channel's consent, the peers, the chaincodes that are in force. */
async function addOrganisation(network: ChangingNetwork, mspId: string): Promise<void> {
  const { plan, binaries, programs, hooks } = network;
  await ensureMaterial(plan, hooks.nowMs(), [mspId]);
  writeConfigs(plan, binaries);
  await updateChannel(plan, binaries, admitOrganisation(mspId));
  // They must let the new organisation's peers in, and read whom they let in when they start.
  for (const { name } of plan.chaincodes.flatMap(({ servers }) => servers)) await restart(network, name);
  const peers = plan.peers.filter((peer) => peer.mspId === mspId);
  for (const { id } of peers) if (!programs.has(id)) startProgram(plan, binaries, programs, id);
  await Promise.all(peers.map(waitUntilListening));
  await Promise.all(peers.map((peer) => joinPeer(plan, peer, binaries)));
  for (const chaincode of plan.chaincodes) await deployChaincode(plan, chaincode, binaries);
  await waitForGateways(plan);
}

/** New keys of the same authority: the channel knows authorities, so nothing of it changes. */
async function renewPeer(network: ChangingNetwork, name: string): Promise<void> {
  const { plan, hooks } = network;
  const peer = named(plan.peers, name);
  setMemberAside(organisationOf(plan, peer.mspId), peer);
  await ensureMaterial(plan, hooks.nowMs());
  await restart(network, name);
  await waitUntilListening(peer);
  await waitForGateways(plan);
}

/** The channel names it a consenter first; then it joins with that configuration and fetches the chain. */
async function addConsenter(network: ChangingNetwork, name: string): Promise<void> {
  const { plan, binaries, programs, hooks } = network;
  const orderer = named(plan.orderers, name);
  await ensureMaterial(plan, hooks.nowMs(), [orderer.mspId]);
  writeConfigs(plan, binaries);
  if (!programs.has(name)) startProgram(plan, binaries, programs, name);
  await waitUntilListening(adminEnd(orderer));
  await updateChannel(plan, binaries, changeConsenters(plan.orderers));
  mkdirSync(plan.channelFolder, { recursive: true, mode: 0o700 });
  const block = await fetchConfigBlock(plan, binaries, join(plan.channelFolder, 'newest-config.block'));
  await joinOrderer(plan, orderer, binaries, block);
  await waitForConsenter(network, orderer);
}

async function removeConsenter({ plan, binaries, programs }: ChangingNetwork, name: string): Promise<void> {
  writeConfigs(plan, binaries);
  await updateChannel(plan, binaries, changeConsenters(plan.orderers));
  await programs.end(name);
}

/** @throws FabricError FABRIC_NOT_READY */
async function waitForConsenter({ plan, binaries }: ChangingNetwork, orderer: OrdererPlan): Promise<void> {
  const [first = orderer] = plan.orderers;
  const ready = await pollFor(
    consenterMs,
    async () => {
      const [own, other] = await Promise.all([
        readOrdererState(plan, orderer, binaries),
        readOrdererState(plan, first, binaries),
      ]);
      const takesPart = own.consensusRelation === 'consenter' && own.status === 'active';
      return (takesPart && own.height >= other.height) || undefined;
    },
    askEveryMs,
  );
  if (ready === undefined) {
    throw new FabricError('FABRIC_NOT_READY', `${orderer.id} takes no part in ordering; its log: ${orderer.logFile}`);
  }
}

async function restart({ plan, binaries, programs }: ChangingNetwork, name: string): Promise<void> {
  await programs.end(name);
  startProgram(plan, binaries, programs, name);
}

function named<Node extends FabricPeerPlan | OrdererPlan>(nodes: readonly Node[], name: string): Node {
  const found = nodes.find(({ id }) => id === name);
  if (found === undefined) throw new FabricError('FABRIC_NODE_UNKNOWN', `no node ${name} in this network`);
  return found;
}
