import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { readFile } from 'node:fs/promises';
import { ensureMaterial, readMspMaterial } from '../ca/material.js';
import { writeAtomically } from '../manager/atomic-file.js';
import { type NetworkPlan, type NodePlan, type PeerOrganisationPlan } from '../plan/plan.js';
import { ChaincodeProcess } from './chaincode/chaincode-process.js';
import { openStreams } from './chaincode/open-streams.js';
import { judgeBlock } from './commit/judge-block.js';
import { type ChannelConfig, readChannelConfig } from './config/channel-config.js';
import { createGenesisBlock } from './config/genesis.js';
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
    const genesis = await ensureGenesis(plan, hooks.nowMs());
    const chaincodes = startChaincodes(plan);
    const nodes = await Promise.all(
      plan.organisations.flatMap((organisation) =>
        organisation.nodes.map((node) => openNode(plan, organisation, node, genesis, hooks)),
      ),
    );
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

  /** Every peer with the number of its blocks. */
  get heights(): readonly { readonly id: string; readonly height: bigint }[] {
    return this.#nodes.map(({ plan, peer }) => ({ id: plan.id, height: peer.height }));
  }

  /** Process ids of the chaincode servers that run. */
  get chaincodePids(): readonly number[] {
    return this.#chaincodes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
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

/** The genesis block is made once and then kept: it is the channel's identity. */
async function ensureGenesis(plan: NetworkPlan, nowMs: number): Promise<Uint8Array> {
  try {
    return await readFile(plan.genesisFile);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
  }
  const genesis = createGenesisBlock({
    channelId: plan.channel.name,
    batch: plan.channel.batch,
    orderer: { ...readMspMaterial(plan.orderer), addresses: plan.orderer.nodes.map(({ address }) => address) },
    organisations: plan.organisations.map((each) => ({ ...readMspMaterial(each), anchorPeers: each.nodes })),
    timestampMs: nowMs,
    nonce: randomBytes(24),
  });

  writeAtomically(plan.genesisFile, genesis);
  return genesis;
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

async function openNode(
  plan: NetworkPlan,
  { mspId }: PeerOrganisationPlan,
  node: NodePlan,
  genesis: Uint8Array,
  { nowMs }: NetworkHooks,
): Promise<Node> {
  const signer = readSigner(mspId, node);
  const ledger = await openLedger(node.ledgerFolder, genesis);
  const chaincodes = openStreams(plan, mspId, node.tls);
  return {
    plan: node,
    signer,
    peer: await Peer.open({ mspId, address: node.address, signer, ledger, chaincodes, nowMs }),
  };
}

/** A new ledger begins with the genesis block, which is judged like any other but by its own configuration. */
async function openLedger(folder: string, genesis: Uint8Array): Promise<PeerLedger> {
  const ledger = await PeerLedger.open(folder);
  if (ledger.height > 0n) return ledger;
  const block = readBlock(genesis);
  const state = ledger.openState();
  const context = { channel: readChannelConfig(genesis), state, isCommitted: () => false };
  await ledger.commit(block, await judgeBlock(block, context));
  await state.close();
  return ledger;
}

/** A block counts as delivered when every peer has it on disk. */
async function commitEverywhere(peers: readonly Peer[], block: Block): Promise<void> {
  await Promise.all(peers.map((peer) => peer.commit(block)));
}
