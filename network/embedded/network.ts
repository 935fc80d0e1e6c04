import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureMaterial } from '../ca/material.js';
import { type NetworkPlan, type NodePlan } from '../plan/plan.js';
import { ChaincodeProcess } from './chaincode/chaincode-process.js';
import { openStreams } from './chaincode/open-streams.js';
import { judgeBlock } from './commit/judge-block.js';
import { type ChannelConfig, readChannelConfig } from './config/channel-config.js';
import { ensureGenesis } from './genesis-block.js';
import { deployChaincodes } from './lifecycle/deploy.js';
import { PeerLedger } from './ledger/peer-ledger.js';
import { type Signer } from './msp/signer.js';
import { Orderer } from './order/orderer.js';
import { catchUp } from './peer/catch-up.js';
import { Peer } from './peer/peer.js';
import { readSigner } from './read-signer.js';
import { serveOrderer, servePeer, type Listener } from './listeners.js';
import { type Block, readBlock } from './wire/block.js';

/** What the network tells whoever runs it. */
export interface NetworkHooks {
  /** Something broke that no caller was told of; the network may have stopped ordering. */
  readonly onBug: (error: unknown) => void;
  readonly nowMs: () => number;
}

interface Node {
  readonly plan: NodePlan;
  readonly peer: Peer;
  readonly signer: Signer;
}

/**
 * A whole network in this process: an organisation's peer each, one orderer, chaincode servers beside it. It speaks
 * Fabric's protocols on loopback and knows nothing of what its chaincodes are about.
 */
export class EmbeddedNetwork {
  readonly #nodes: readonly Node[];
  readonly #orderer: Orderer;
  readonly #listeners: readonly Listener[];
  readonly #chaincodes: readonly ChaincodeProcess[];

  private constructor(
    nodes: readonly Node[],
    orderer: Orderer,
    listeners: readonly Listener[],
    chaincodes: readonly ChaincodeProcess[],
  ) {
    this.#nodes = nodes;
    this.#orderer = orderer;
    this.#listeners = listeners;
    this.#chaincodes = chaincodes;
  }

  /**
   * Starts what the plan describes; keys, genesis block and ledgers that exist are used again.
   * @throws TopologyError, MspError, ConfigError, LedgerError, or the system's error for a port that is taken
   */
  static async start(plan: NetworkPlan, hooks: NetworkHooks): Promise<EmbeddedNetwork> {
    await ensureMaterial(plan, hooks.nowMs());
    const chaincodes = startChaincodes(plan);
    const nodes = await openNodes(plan, hooks);
    const peers = nodes.map(({ peer }) => peer);
    const longest = await catchUp(peers);
    const orderer = new Orderer({
      signer: readSigner(plan.orderer.mspId, firstNode(plan.orderer.nodes)),
      channel: () => longest.channel,
      tip: longest.tip,
      deliver: (block) => commitEverywhere(peers, block),
      nowMs: hooks.nowMs,
      onFailure: hooks.onBug,
    });
    const listeners = await Promise.all([
      ...nodes.map((node) => servePeer(node.plan, node.peer, { plan, peers, orderer, ...hooks })),
      serveOrderer(firstNode(plan.orderer.nodes), longest, orderer, hooks),
    ]);
    await deployChaincodes(plan, nodes, orderer);
    await Promise.all(peers.map((peer) => peer.ready()));
    return new EmbeddedNetwork(nodes, orderer, listeners, chaincodes);
  }

  /** The configuration in force, as the first peer sees it. */
  get channel(): ChannelConfig {
    const [node] = this.#nodes;
    if (node === undefined) throw new Error('a network has a peer');
    return node.peer.channel;
  }

  /** Stops taking transactions, commits what was accepted, then closes everything. */
  async close(): Promise<void> {
    await this.#orderer.close();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    await Promise.all(this.#nodes.map(({ peer }) => peer.close()));
    await Promise.all(this.#chaincodes.map((chaincode) => chaincode.close()));
  }
}

function firstNode([node]: readonly NodePlan[]): NodePlan {
  if (node === undefined) throw new Error('an organisation of the plan has no node');
  return node;
}

function startChaincodes(plan: NetworkPlan): ChaincodeProcess[] {
  return plan.chaincodes.flatMap(({ servers }) =>
    servers.map((server) => {
      mkdirSync(dirname(server.logFile), { recursive: true, mode: 0o700 });
      const chaincode = new ChaincodeProcess(server);
      chaincode.start();
      return chaincode;
    }),
  );
}

async function openNodes(plan: NetworkPlan, { nowMs }: NetworkHooks): Promise<Node[]> {
  const members = plan.organisations.flatMap(({ mspId, nodes }) => nodes.map((node) => ({ mspId, node })));
  const opened = await Promise.all(
    members.map(async (member) => ({ ...member, ledger: await PeerLedger.open(member.node.ledgerFolder) })),
  );
  const ledgers = opened.map(({ ledger }) => ledger);
  const genesis = await ensureGenesis(plan, ledgers, nowMs());
  return Promise.all(opened.map((parts) => openNode(plan, { ...parts, genesis, nowMs })));
}

interface NodeParts {
  readonly mspId: string;
  readonly node: NodePlan;
  readonly ledger: PeerLedger;
  readonly genesis: Uint8Array;
  readonly nowMs: () => number;
}

async function openNode(plan: NetworkPlan, { mspId, node, ledger, genesis, nowMs }: NodeParts): Promise<Node> {
  if (ledger.height === 0n) await found(ledger, genesis);
  const signer = readSigner(mspId, node);
  const chaincodes = openStreams(plan, mspId, node.tls);
  return {
    plan: node,
    signer,
    peer: await Peer.open({ mspId, address: node.address, signer, ledger, chaincodes, nowMs }),
  };
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

/** A block counts as delivered when every peer has it on disk. */
async function commitEverywhere(peers: readonly Peer[], block: Block): Promise<void> {
  await Promise.all(peers.map((peer) => peer.commit(block)));
}
