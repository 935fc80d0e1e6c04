import { ensureMaterial } from '../ca/material.js';
import { type CaListener, serveAuthority } from '../ca/service/ca-listener.js';
import { type ChaincodePlan, type NetworkPlan, type NodePlan, type PeerOrganisationPlan } from '../plan/plan.js';
import { ChaincodeServers } from './chaincode/chaincode-servers.js';
import { type ChannelConfig } from './config/channel-config.js';
import { ensureGenesis } from './genesis-block.js';
import { deployChaincodes } from './lifecycle/deploy.js';
import { PeerLedger } from './ledger/peer-ledger.js';
import { Orderer } from './order/orderer.js';
import { BlockDelivery } from './peer/block-delivery.js';
import { catchUp } from './peer/catch-up.js';
import { type Peer } from './peer/peer.js';
import { NetworkError } from './network-error.js';
import { openPeerNode, type PeerNode, type PeerPlace, peerPlaces } from './peer-node.js';
import { readSigner } from './read-signer.js';
import { serveOrderer, servePeer, type Listener } from './listeners.js';

/** What the network tells whoever runs it. */
export interface NetworkHooks {
  /** Something broke that no caller was told of; the network may have stopped ordering. */
  readonly onBug: (error: unknown) => void;
  readonly nowMs: () => number;
  /** Peers or chaincodes are others than before. */
  readonly onChange?: (network: EmbeddedNetwork) => void;
}

interface RunningNode extends PeerNode {
  readonly listener: Listener;
}

/**
 * A whole network in this process: organisations' peers, one orderer, chaincode servers beside it. It speaks Fabric's
 * protocols on loopback and knows nothing of what its chaincodes are about.
 */
export class EmbeddedNetwork {
  readonly #hooks: NetworkHooks;
  readonly #servers: ChaincodeServers;
  readonly #delivery: BlockDelivery;
  readonly #orderer: Orderer;
  /** Running peers by their names in the plan, such as `peer0.chongqing.example`. */
  readonly #nodes = new Map<string, RunningNode>();
  #plan: NetworkPlan;
  #ordererListener: Listener | undefined;
  /** By their organisations. */
  readonly #authorities = new Map<string, CaListener>();

  private constructor(
    plan: NetworkPlan,
    hooks: NetworkHooks,
    servers: ChaincodeServers,
    peers: readonly Peer[],
    longest: Peer,
  ) {
    this.#plan = plan;
    this.#hooks = hooks;
    this.#servers = servers;
    this.#delivery = new BlockDelivery(peers, (peer, error) => {
      this.#dropLost(peer, error);
    });
    this.#orderer = new Orderer({
      signer: readSigner(plan.orderer.mspId, firstNode(plan.orderer.nodes)),
      channel: () => this.#delivery.source.channel,
      tip: longest.tip,
      deliver: (block) => this.#delivery.deliver(block),
      nowMs: hooks.nowMs,
      onFailure: hooks.onBug,
    });
  }

  /**
   * Starts what the plan describes; keys, genesis block and ledgers that exist are used again.
   * @throws TopologyError, MspError, ConfigError, LedgerError, or the system's error for a port that is taken
   */
  static async start(plan: NetworkPlan, hooks: NetworkHooks): Promise<EmbeddedNetwork> {
    await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, hooks.nowMs());
    const servers = new ChaincodeServers();
    try {
      return await EmbeddedNetwork.#startWith(plan, hooks, servers);
    } catch (cause) {
      await servers.close(); // Nobody would end them: the next start knows only those of a network that was killed.
      throw cause;
    }
  }

  static async #startWith(plan: NetworkPlan, hooks: NetworkHooks, servers: ChaincodeServers): Promise<EmbeddedNetwork> {
    for (const chaincode of plan.chaincodes) servers.start(chaincode);
    const nodes = await openAll(plan, servers, hooks);
    const peers = nodes.map(({ peer }) => peer);
    for (const peer of peers) peer.meet(() => peers);
    const network = new EmbeddedNetwork(plan, hooks, servers, peers, await catchUp(peers));
    await network.#delivery.reconcile();
    await network.#listen(nodes);
    await deployChaincodes(plan, nodes, network.#orderer);
    await Promise.all(peers.map((peer) => peer.ready()));
    return network;
  }

  /** The configuration in force. */
  get channel(): ChannelConfig {
    return this.#delivery.source.channel;
  }

  get consensusType(): string {
    return this.channel.consensusType;
  }

  /** What runs, with the chaincodes that were deployed since the start. */
  get plan(): NetworkPlan {
    return this.#plan;
  }

  /** Names of the peers that run. */
  get runningPeers(): ReadonlySet<string> {
    return new Set(this.#nodes.keys());
  }

  /**
   * Stops one peer as if its machine had been switched off; the others go on, and gateways plan without it.
   * @param name as in the plan. @throws NetworkError PEER_UNKNOWN, PEER_STOPPED, LAST_PEER
   */
  async stopPeer(name: string): Promise<void> {
    this.#placeOf(name);
    const node = this.#nodes.get(name);
    if (node === undefined) throw new NetworkError('PEER_STOPPED', `${name} does not run`);
    if (!(await this.#delivery.leave(node.peer))) {
      throw new NetworkError('LAST_PEER', `${name} is the last peer that runs; the chain is kept by peers alone`);
    }
    this.#nodes.delete(name);
    await closeNode(node);
    this.#hooks.onChange?.(this);
  }

  /**
   * Starts a peer that was stopped. It fetches what it missed from another peer, judging every block itself, and
   * answers once it has caught up. @throws NetworkError PEER_UNKNOWN, PEER_RUNS; ForkError, LedgerError
   */
  async startPeer(name: string): Promise<void> {
    const place = this.#placeOf(name);
    if (this.#nodes.has(name)) throw new NetworkError('PEER_RUNS', `${name} runs`);
    const ledger = await PeerLedger.open(place.node.ledgerFolder);
    const node = await this.#openNode(place, ledger);
    try {
      await this.#delivery.join(node.peer);
      await this.#delivery.reconcile();
      this.#nodes.set(name, { ...node, listener: await this.#servePeer(node) });
    } catch (cause) {
      await this.#delivery.leave(node.peer);
      await node.peer.close();
      throw cause;
    }
    this.#hooks.onChange?.(this);
  }

  /**
   * Takes over the chaincodes of another plan while clients go on: servers whose program changed are started beside
   * the old ones, calls move over, the old ones end; then new definitions are committed.
   * @param plan of the same network, with added or changed chaincodes. @throws ChaincodeError UNREACHABLE, or Error where a
   * definition is refused
   */
  async deploy(plan: NetworkPlan): Promise<void> {
    await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, this.#hooks.nowMs());
    const nodes = [...this.#nodes.values()];
    for (const chaincode of plan.chaincodes) {
      if (!runsElsewhere(chaincode, this.#plan)) continue;
      const endOld = this.#servers.replace(chaincode);
      await Promise.all(nodes.map((node) => node.replaceStream(chaincode)));
      await endOld();
    }
    this.#plan = plan;
    await deployChaincodes(plan, nodes, this.#orderer);
    this.#hooks.onChange?.(this);
  }

  /** Stops taking transactions, commits what was accepted, then closes everything. */
  async close(): Promise<void> {
    await this.#orderer.close();
    await this.#ordererListener?.close();
    await Promise.all([...this.#authorities.values()].map((authority) => authority.close()));
    await Promise.all([...this.#nodes.values()].map(closeNode));
    await this.#servers.close();
  }

  async #listen(nodes: readonly PeerNode[]): Promise<void> {
    const orderer = serveOrderer(
      firstNode(this.#plan.orderer.nodes),
      () => this.#delivery.source,
      this.#orderer,
      this.#hooks,
    );
    await Promise.all(
      nodes.map(async (node) => {
        this.#nodes.set(node.node.id, { ...node, listener: await this.#servePeer(node) });
      }),
    );
    this.#ordererListener = await orderer;
    await Promise.all(this.#plan.organisations.map((organisation) => this.#serveAuthority(organisation)));
  }

  async #serveAuthority(organisation: PeerOrganisationPlan): Promise<void> {
    const authority = this.#plan.authorities.find(({ mspId }) => mspId === organisation.mspId);
    if (authority === undefined) return;
    this.#authorities.set(organisation.mspId, await serveAuthority(authority, organisation, this.#hooks));
  }

  #servePeer({ node, peer }: PeerNode): Promise<Listener> {
    return servePeer(node, peer, {
      plan: this.#plan,
      peers: () => this.#delivery.peers,
      orderer: this.#orderer,
      ...this.#hooks,
    });
  }

  async #openNode(place: PeerPlace, ledger: PeerLedger): Promise<PeerNode> {
    const genesis = await this.#delivery.source.blockBytes(0n);
    const { chaincodes, runtimeParams } = this.#plan;
    return openPeerNode({
      ...place,
      ledger,
      genesis,
      chaincodes,
      runtimeParams,
      servers: this.#servers,
      nowMs: this.#hooks.nowMs,
    });
  }

  #placeOf(name: string): PeerPlace {
    const place = peerPlaces(this.#plan).find(({ node }) => node.id === name);
    if (place === undefined) throw new NetworkError('PEER_UNKNOWN', `no peer ${name} in this network`);
    return place;
  }

  /** A peer that failed must not answer from a ledger that stands still. */
  #dropLost(peer: Peer, error: unknown): void {
    this.#hooks.onBug(error);
    for (const [name, node] of this.#nodes) {
      if (node.peer !== peer) continue;
      this.#nodes.delete(name);
      closeNode(node).catch(this.#hooks.onBug);
    }
    this.#hooks.onChange?.(this);
  }
}

async function closeNode({ listener, peer }: RunningNode): Promise<void> {
  await listener.close();
  await peer.close();
}

function firstNode([node]: readonly NodePlan[]): NodePlan {
  if (node === undefined) throw new Error('an organisation of the plan has no node');
  return node;
}

/** Whether a chaincode's servers listen where none listened before: the mark of a program that changed or is new. */
function runsElsewhere(chaincode: ChaincodePlan, before: NetworkPlan): boolean {
  const known = before.chaincodes.flatMap(({ servers }) => servers.map(({ address }) => address));
  return chaincode.servers.some(({ address }) => !known.includes(address));
}

async function openAll(plan: NetworkPlan, servers: ChaincodeServers, { nowMs }: NetworkHooks): Promise<PeerNode[]> {
  const opened = await Promise.all(
    peerPlaces(plan).map(async (place) => ({ place, ledger: await PeerLedger.open(place.node.ledgerFolder) })),
  );
  const ledgers = opened.map(({ ledger }) => ledger);
  const genesis = await ensureGenesis(plan, ledgers, nowMs());
  const shared = { genesis, chaincodes: plan.chaincodes, runtimeParams: plan.runtimeParams, servers, nowMs };
  return Promise.all(opened.map(({ place, ledger }) => openPeerNode({ ...place, ledger, ...shared })));
}
