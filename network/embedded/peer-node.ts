import { join } from 'node:path';
import { type peer as proto } from '@hyperledger/fabric-protos';
import { type ChannelPlan } from '../plan/channel-plan.js';
import { type ChaincodePlan, type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { type ChaincodeServers } from './chaincode/chaincode-servers.js';
import { openStream, openStreams } from './chaincode/open-streams.js';
import { untilReady } from './chaincode/until-ready.js';
import { judgeBlock } from './commit/judge-block.js';
import { readChannelConfig } from './config/channel-config.js';
import { type ProposalResult } from './endorse/endorser.js';
import { PeerLedger } from './ledger/peer-ledger.js';
import { PackageStore } from './packages/package-store.js';
import { type Signer } from './msp/signer.js';
import { Peer } from './peer/peer.js';
import { readSigner } from './read-signer.js';
import { readBlock } from './wire/block.js';
import { peekChannelId } from './wire/envelope.js';

/** Where a peer stands in the plan. */
export interface PeerPlace {
  readonly mspId: string;
  readonly node: NodePlan;
}

/** A channel's ledger of one peer, and how the channel began. */
export interface JoinedChannel {
  readonly name: string;
  readonly ledger: PeerLedger;
  /** Bytes of `common.Block`, for a ledger that is new. */
  readonly genesis: Uint8Array;
}

/** What a peer is opened with. */
export interface PeerNodeParts extends PeerPlace {
  /** At least one. */
  readonly channels: readonly JoinedChannel[];
  readonly chaincodes: readonly ChaincodePlan[];
  /** Where it keeps what administrators install. */
  readonly packagesFolder: string;
  readonly runtimeParams: NetworkPlan['runtimeParams'];
  readonly limits: Pick<NetworkPlan['limits'], 'executeTimeoutMs'>;
  readonly servers: ChaincodeServers;
  readonly nowMs: () => number;
}

/** A peer's process, as it were: one identity and one port for all channels that it has joined. */
export interface PeerNode extends PeerPlace {
  /** What it is on each channel, by the channel's name, in the plan's order. */
  readonly channels: ReadonlyMap<string, Peer>;
  readonly signer: Signer;
  /** Runs a proposal on the channel that it names. @throws EndorsementRefusal */
  readonly process: (signedProposal: proto.SignedProposal) => Promise<ProposalResult>;
  /** Puts a stream to other servers in the place of the present one, which ends when its last call has. */
  readonly replaceStream: (chaincode: ChaincodePlan) => Promise<void>;
  /** Resolves when every chaincode of this peer is connected. @throws ChaincodeError UNREACHABLE */
  readonly ready: () => Promise<void>;
  /** Ends streams to chaincodes and closes the ledgers; nothing may be asked of the peer afterwards. */
  readonly close: () => Promise<void>;
}

/** Every peer of a plan. */
export function peerPlaces({ organisations }: NetworkPlan): PeerPlace[] {
  return organisations.flatMap(({ mspId, nodes }) => nodes.map((node) => ({ mspId, node })));
}

/** The channels of a plan that a peer belongs to. */
export function channelsAt({ mspId }: PeerPlace, { channels }: NetworkPlan): readonly ChannelPlan[] {
  return channels.filter(({ mspIds }) => mspIds.includes(mspId));
}

/** Where a peer keeps the packages that were installed on it. */
export function packagesFolder({ folder }: NetworkPlan, { node }: PeerPlace): string {
  return join(folder, 'packages', node.id);
}

/** Opens a peer's ledger of a channel. @throws LedgerError */
export function openLedger({ node }: PeerPlace, { ledgersFolder }: ChannelPlan): Promise<PeerLedger> {
  return PeerLedger.open(join(ledgersFolder, node.id));
}

/** Opens a peer on its ledgers; nobody can call it yet. @throws MspError, ConfigError, LedgerError */
export async function openPeerNode(parts: PeerNodeParts): Promise<PeerNode> {
  const { mspId, node, runtimeParams, servers, nowMs } = parts;
  for (const { ledger, genesis } of parts.channels) if (ledger.height === 0n) await found(ledger, genesis);
  const signer = readSigner(mspId, node);
  const caller = { mspId, tls: node.tls, runtimeParams, executeTimeoutMs: parts.limits.executeTimeoutMs };
  const lifeOf = (server: string) => servers.lifeOf(server);
  const chaincodes = openStreams(parts.chaincodes, caller, lifeOf);
  const plans = new Map(parts.chaincodes.map((chaincode) => [chaincode.name, chaincode]));
  const store = new PackageStore(parts.packagesFolder, caller);
  const deployed = () =>
    [...plans.values()].map(({ name, version, packageId, channels }) => ({
      name,
      version,
      packageId,
      label: `${name}_${version}`,
      channels,
    }));
  const packages = {
    deployed,
    installed: () => store.packages,
    install: (bytes: Uint8Array) => store.install(bytes),
    load: (packageId: string) => store.load(packageId),
    streamOf: (packageId: string) => store.streamOf(packageId),
  };
  const channels = new Map<string, Peer>();
  const common = { mspId, address: node.address, signer, chaincodes, packages, nowMs, joined: () => channels };
  for (const { name, ledger } of parts.channels) channels.set(name, await Peer.open({ ...common, ledger }));
  return {
    mspId,
    node,
    signer,
    channels,
    process: (signedProposal) => peerFor(channels, signedProposal).process(signedProposal),
    replaceStream: async (chaincode) => {
      const next = openStream(chaincode, caller, lifeOf);
      if (next === undefined) return;
      await untilReady(next);
      const before = chaincodes.get(chaincode.name);
      chaincodes.set(chaincode.name, next);
      plans.set(chaincode.name, chaincode);
      await before?.retire();
    },
    ready: async () => {
      await Promise.all([...chaincodes.values()].map(untilReady));
    },
    close: async () => {
      for (const stream of chaincodes.values()) stream.close();
      store.close();
      await Promise.all([...channels.values()].map((peer) => peer.close()));
    },
  };
}

/** The peer on the channel that a proposal names; for no channel, or for one that it is not on, any of them answers. */
function peerFor(channels: ReadonlyMap<string, Peer>, signedProposal: proto.SignedProposal): Peer {
  const named = channels.get(peekChannelId(signedProposal.getProposalBytes_asU8()));
  const [first] = channels.values();
  const peer = named ?? first;
  if (peer === undefined) throw new Error('a peer is on one channel at least');
  return peer;
}

/** A new ledger begins with the genesis block, which is judged like any other but by its own configuration. */
async function found(ledger: PeerLedger, genesis: Uint8Array): Promise<void> {
  const state = ledger.openState();
  try {
    const context = { channel: readChannelConfig(genesis), state, isCommitted: () => false };
    const block = readBlock(genesis);
    await ledger.commit(block, await judgeBlock(block, context));
  } finally {
    await state.close();
  }
}
