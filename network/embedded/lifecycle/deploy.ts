import { peer as proto } from '@hyperledger/fabric-protos';
import { type ChaincodePlan, type NetworkPlan } from '../../plan/plan.js';
import { type ChaincodeDefinition } from '../commit/definitions.js';
import { parsePolicyText } from '../msp/policy-text.js';
import { type Signer } from '../msp/signer.js';
import { type Peer } from '../peer/peer.js';
import { type PeerNode } from '../peer-node.js';
import { readSigner } from '../read-signer.js';
import { type RunningChannel } from '../running-channel.js';
import { Writer } from '../wire/protobuf-writer.js';
import { sameBytes } from '../wire/utf8-order.js';
import { encodeCollections } from './encode-collections.js';
import {
  endorseLifecycle,
  type LifecycleInvocation,
  queryLifecycle,
  type SignedTransaction,
} from './lifecycle-client.js';

const { lifecycle } = proto;
/** How long approvals or definitions may take to be committed, milliseconds. */
const commitTimeoutMs = 10_000;

/** A member of a channel: its administrator, and one of its peers. */
interface Member {
  readonly mspId: string;
  readonly administrator: Signer;
  readonly peer: Peer;
}

/** Where a chaincode's next definition stands: its sequence, whether it is in force, and who has not approved it. */
interface Standing {
  readonly chaincode: ChaincodePlan;
  readonly sequence: number;
  readonly isCommitted: boolean;
  readonly unapproved: readonly string[];
}

/**
 * Brings the definitions of the plan's chaincodes into force on a channel, as organisations do it on any Fabric
 * network: each approves with a transaction of its own, then one commits. A channel that is several sequences behind
 * gets them one after the other. An organisation none of whose peers runs approves at a later start.
 * @param nodes the peers that run, of any channels. @throws Error where something was not committed as VALID
 */
export async function deployChaincodes(
  plan: NetworkPlan,
  channel: RunningChannel,
  nodes: readonly PeerNode[],
): Promise<void> {
  const { name } = channel.plan;
  const members = membersOf(plan, name, nodes);
  const wanted = plan.chaincodes.filter(({ channels }) => channels.includes(name));
  for (let due = wanted; due.length > 0;) {
    const standings = await Promise.all(due.map((chaincode) => standingOf(chaincode, members)));
    const approvals = standings.flatMap((standing) => approvalsFor(standing, members));
    await order(channel, await Promise.all(approvals));
    const open = standings.filter(({ isCommitted }) => !isCommitted);
    await order(channel, await Promise.all(open.map((standing) => commitment(standing, members))));
    due = open.filter(({ chaincode, sequence }) => sequence < chaincode.sequence).map(({ chaincode }) => chaincode);
  }
}

function membersOf(plan: NetworkPlan, channel: string, nodes: readonly PeerNode[]): Member[] {
  return plan.organisations.flatMap(({ mspId, users }) => {
    const administrator = users.find(({ role }) => role === 'admin');
    const peer = nodes.find((node) => node.mspId === mspId)?.channels.get(channel);
    return administrator === undefined || peer === undefined
      ? []
      : [{ mspId, administrator: readSigner(mspId, administrator), peer }];
  });
}

async function standingOf(chaincode: ChaincodePlan, members: readonly Member[]): Promise<Standing> {
  const { peer, administrator } = firstOf(members);
  const definition = peer.definitionOf(chaincode.name);
  const current = Number(definition?.sequence ?? 0n);
  const isCommitted = current >= chaincode.sequence;
  const sequence = isCommitted ? current : current + 1;
  if (definition !== undefined && isCommitted && !isOf(chaincode, definition)) {
    return { chaincode, sequence, isCommitted, unapproved: [] };
  }
  const query = isCommitted ? queryOf(chaincode) : call('CheckCommitReadiness', chaincode, sequence);
  const answer = await queryLifecycle(peer, administrator, query);
  const result = isCommitted ? lifecycle.QueryChaincodeDefinitionResult : lifecycle.CheckCommitReadinessResult;
  const approvals = result.deserializeBinary(answer).getApprovalsMap();
  const unapproved = members.map(({ mspId }) => mspId).filter((mspId) => approvals.get(mspId) !== true);
  return { chaincode, sequence, isCommitted, unapproved };
}

/** Whether a definition in force is the plan's, and not one that somebody else committed. */
function isOf(chaincode: ChaincodePlan, definition: ChaincodeDefinition): boolean {
  return (
    definition.sequence === BigInt(chaincode.sequence) &&
    definition.version === chaincode.version &&
    sameBytes(definition.endorsementPolicy, encodePolicy(chaincode)) &&
    sameBytes(definition.collectionConfig, encodeCollections(chaincode.collections))
  );
}

function approvalsFor(
  { chaincode, sequence, unapproved }: Standing,
  members: readonly Member[],
): Promise<SignedTransaction>[] {
  return members
    .filter(({ mspId }) => unapproved.includes(mspId))
    .map(({ peer, administrator }) =>
      endorseLifecycle([peer], administrator, call('ApproveChaincodeDefinitionForMyOrg', chaincode, sequence)),
    );
}

function commitment({ chaincode, sequence }: Standing, members: readonly Member[]): Promise<SignedTransaction> {
  const peers = members.map(({ peer }) => peer);
  return endorseLifecycle(
    peers,
    firstOf(members).administrator,
    call('CommitChaincodeDefinition', chaincode, sequence),
  );
}

/** A call with the plan's terms: the messages of these functions have their first seven fields in common. */
function call(method: string, chaincode: ChaincodePlan, sequence: number): LifecycleInvocation {
  const { name, version, collections, packageId } = chaincode;
  const local = new Writer().message(2, new Writer().field(1, packageId).bytes()).bytes();
  return {
    method,
    parameters: new Writer()
      .field(1, BigInt(sequence))
      .field(2, name)
      .field(3, version)
      .field(4, 'escc')
      .field(5, 'vscc')
      .field(6, encodePolicy(chaincode))
      .message(7, encodeCollections(collections))
      .message(9, method === 'ApproveChaincodeDefinitionForMyOrg' ? local : undefined)
      .bytes(),
  };
}

function queryOf({ name }: ChaincodePlan): LifecycleInvocation {
  return { method: 'QueryChaincodeDefinition', parameters: new Writer().field(1, name).bytes() };
}

/** Bytes of peer.ApplicationPolicy. */
function encodePolicy({ endorsement }: ChaincodePlan): Uint8Array {
  return new Writer().message(1, parsePolicyText(endorsement)).bytes();
}

/** Orders transactions together and waits until all peers have them. @throws Error where one is not VALID */
async function order({ orderer, delivery }: RunningChannel, transactions: readonly SignedTransaction[]): Promise<void> {
  for (const { envelope } of transactions) orderer.broadcast(envelope);
  const timeout = AbortSignal.timeout(commitTimeoutMs);
  const waits = transactions.flatMap(({ txId }) =>
    delivery.peers.map((each) => each.waitForTransaction(txId, timeout)),
  );
  const refused = (await Promise.all(waits)).find(({ code }) => code !== 0);
  if (refused !== undefined) throw new Error(`a definition's transaction was refused with code ${refused.code}`);
}

function firstOf([member]: readonly Member[]): Member {
  if (member === undefined) throw new Error('a channel has a member whose peer runs');
  return member;
}
