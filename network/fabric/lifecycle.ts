import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type FabricPeerPlan, type FabricPlan, firstPeers } from '../plan/fabric-plan.js';
import { type ChaincodePlan } from '../plan/plan.js';
import { type FabricBinaries } from './binaries.js';
import { ordererFlags, peerCommand } from './channel.js';
import { packageChaincodeService } from './chaincode-package.js';

/**
 * Brings a chaincode's definition on the channel to what the plan says, by Fabric's lifecycle: every peer installs the
 * package, every organisation approves, one commits. Steps that were done before are left out. A channel counts
 * sequences from 1: on one that was begun anew the same definition is committed under each of them.
 * @returns whether a definition was committed now. @throws FabricError FABRIC_COMMAND_FAILED
 */
export async function deployChaincode(
  plan: FabricPlan,
  chaincode: ChaincodePlan,
  binaries: FabricBinaries,
): Promise<boolean> {
  const collectionsFile = collectionsFileOf(plan, chaincode);
  mkdirSync(dirname(collectionsFile), { recursive: true, mode: 0o700 });
  writeFileSync(collectionsFile, JSON.stringify(chaincode.collections));
  const packageFile = join(dirname(collectionsFile), 'package.tar.gz');
  writeFileSync(packageFile, packageChaincodeService(chaincode).bytes);
  await Promise.all(plan.peers.map((peer) => install(plan, peer, chaincode, packageFile, binaries)));
  const [first] = plan.peers;
  if (first === undefined) throw new RangeError('a network has a peer');
  const committed = await committedSequence(plan, first, chaincode, binaries);
  if (committed === chaincode.sequence) await approveLate(plan, first, chaincode, binaries);
  for (let sequence = committed + 1; sequence <= chaincode.sequence; sequence += 1) {
    await commit(plan, { ...chaincode, sequence }, binaries);
  }
  return committed < chaincode.sequence;
}

/** Approved by every organisation, committed by one. */
async function commit(plan: FabricPlan, chaincode: ChaincodePlan, binaries: FabricBinaries): Promise<void> {
  const peers = firstPeers(plan);
  await Promise.all(peers.map((peer) => approve(plan, peer, chaincode, binaries)));
  const [first] = peers;
  if (first === undefined) throw new RangeError('a network has a peer');
  await peerCommand(plan, first, binaries, [
    ...['lifecycle', 'chaincode', 'commit', ...ordererFlags(plan), ...definitionFlags(plan, chaincode)],
    ...peers.flatMap(({ address, tls }) => ['--peerAddresses', address, '--tlsRootCertFiles', tls.caFile]),
  ]);
}

async function install(
  plan: FabricPlan,
  peer: FabricPeerPlan,
  { packageId }: ChaincodePlan,
  packageFile: string,
  binaries: FabricBinaries,
): Promise<void> {
  const installed = await peerCommand(plan, peer, binaries, ['lifecycle', 'chaincode', 'queryinstalled', '-O', 'json']);
  if (installed.includes(packageId)) return;
  await peerCommand(plan, peer, binaries, ['lifecycle', 'chaincode', 'install', packageFile]);
}

async function committedSequence(
  plan: FabricPlan,
  peer: FabricPeerPlan,
  { name }: ChaincodePlan,
  binaries: FabricBinaries,
): Promise<number> {
  const words = ['lifecycle', 'chaincode', 'querycommitted', '-C', plan.channel.name, '-O', 'json'];
  const answer = JSON.parse(await peerCommand(plan, peer, binaries, words)) as {
    readonly chaincode_definitions?: readonly { readonly name: string; readonly sequence: number }[];
  };
  return answer.chaincode_definitions?.find((each) => each.name === name)?.sequence ?? 0;
}

/** Approves a definition that is in force for organisations that have not: they joined later, or a start was cut off. */
async function approveLate(
  plan: FabricPlan,
  asked: FabricPeerPlan,
  chaincode: ChaincodePlan,
  binaries: FabricBinaries,
): Promise<void> {
  const words = ['querycommitted', '-C', plan.channel.name, '-n', chaincode.name, '-O', 'json'];
  const { approvals } = JSON.parse(
    await peerCommand(plan, asked, binaries, ['lifecycle', 'chaincode', ...words]),
  ) as Approvals;
  const late = firstPeers(plan).filter(({ mspId }) => approvals?.[mspId] !== true);
  await Promise.all(late.map((peer) => sendApproval(plan, peer, chaincode, binaries)));
}

/** Whether each organisation approved, by MSP id. */
interface Approvals {
  readonly approvals?: Readonly<Record<string, boolean>>;
}

/** Approves for the peer's organisation; a second approval of the same definition is an error of Fabric's, and no news. */
async function approve(
  plan: FabricPlan,
  peer: FabricPeerPlan,
  chaincode: ChaincodePlan,
  binaries: FabricBinaries,
): Promise<void> {
  const readiness = JSON.parse(
    await peerCommand(plan, peer, binaries, [
      ...['lifecycle', 'chaincode', 'checkcommitreadiness', '-O', 'json', ...definitionFlags(plan, chaincode)],
    ]),
  ) as Approvals;
  if (readiness.approvals?.[peer.mspId] === true) return;
  await sendApproval(plan, peer, chaincode, binaries);
}

async function sendApproval(
  plan: FabricPlan,
  peer: FabricPeerPlan,
  chaincode: ChaincodePlan,
  binaries: FabricBinaries,
): Promise<void> {
  await peerCommand(plan, peer, binaries, [
    ...['lifecycle', 'chaincode', 'approveformyorg', ...ordererFlags(plan), ...definitionFlags(plan, chaincode)],
    ...['--package-id', chaincode.packageId],
  ]);
}

/** Where the collections of a chaincode's definition are written down. */
export function collectionsFileOf(
  { folder }: Pick<FabricPlan, 'folder'>,
  { name }: Pick<ChaincodePlan, 'name'>,
): string {
  return join(folder, 'config', `chaincode-${name}`, 'collections.json');
}

/** What a chaincode's definition says, as flags of `peer lifecycle chaincode`. */
export function definitionFlags(plan: FabricPlan, chaincode: ChaincodePlan): string[] {
  const { name, version, sequence, endorsement, collections } = chaincode;
  return [
    ...['-C', plan.channel.name, '-n', name, '-v', version, '--sequence', String(sequence)],
    ...['--signature-policy', endorsement],
    ...(collections.length === 0 ? [] : ['--collections-config', collectionsFileOf(plan, chaincode)]),
  ];
}
