import { type ChaincodePlan, type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { type ChaincodeServers } from './chaincode/chaincode-servers.js';
import { openStream, openStreams } from './chaincode/open-streams.js';
import { untilReady } from './chaincode/until-ready.js';
import { judgeBlock } from './commit/judge-block.js';
import { readChannelConfig } from './config/channel-config.js';
import { type PeerLedger } from './ledger/peer-ledger.js';
import { type Signer } from './msp/signer.js';
import { Peer } from './peer/peer.js';
import { readSigner } from './read-signer.js';
import { readBlock } from './wire/block.js';

/** Where a peer stands in the plan. */
export interface PeerPlace {
  readonly mspId: string;
  readonly node: NodePlan;
}

/** What a peer is opened with. */
export interface PeerNodeParts extends PeerPlace {
  readonly ledger: PeerLedger;
  /** Bytes of `common.Block`, for a ledger that is new. */
  readonly genesis: Uint8Array;
  readonly chaincodes: readonly ChaincodePlan[];
  readonly runtimeParams: NetworkPlan['runtimeParams'];
  readonly servers: ChaincodeServers;
  readonly nowMs: () => number;
}

/** A peer that runs, with what the network holds on its behalf. */
export interface PeerNode extends PeerPlace {
  readonly peer: Peer;
  readonly signer: Signer;
  /** Puts a stream to other servers in the place of the present one, which ends when its last call has. */
  readonly replaceStream: (chaincode: ChaincodePlan) => Promise<void>;
}

/** Every peer of a plan. */
export function peerPlaces({ organisations }: NetworkPlan): PeerPlace[] {
  return organisations.flatMap(({ mspId, nodes }) => nodes.map((node) => ({ mspId, node })));
}

/** Opens a peer on its ledger; nobody can call it yet. @throws MspError, ConfigError, LedgerError */
export async function openPeerNode(parts: PeerNodeParts): Promise<PeerNode> {
  const { mspId, node, ledger, genesis, runtimeParams, servers, nowMs } = parts;
  if (ledger.height === 0n) await found(ledger, genesis);
  const signer = readSigner(mspId, node);
  const caller = { mspId, tls: node.tls, runtimeParams };
  const generationOf = (server: string) => servers.generationOf(server);
  const chaincodes = openStreams(parts.chaincodes, caller, generationOf);
  const plans = new Map(parts.chaincodes.map((chaincode) => [chaincode.name, chaincode]));
  const installed = () =>
    [...plans.values()].map(({ name, version, packageId }) => ({
      name,
      version,
      packageId,
      label: `${name}_${version}`,
    }));
  const replaceStream = async (chaincode: ChaincodePlan) => {
    const next = openStream(chaincode, caller, generationOf);
    if (next === undefined) return;
    await untilReady(next);
    const before = chaincodes.get(chaincode.name);
    chaincodes.set(chaincode.name, next);
    plans.set(chaincode.name, chaincode);
    await before?.retire();
  };
  const peer = await Peer.open({ mspId, address: node.address, signer, ledger, chaincodes, installed, nowMs });
  return { mspId, node, signer, peer, replaceStream };
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
