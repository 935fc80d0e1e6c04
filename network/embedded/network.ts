import { ensureMaterial } from '../ca/material.js';
import { type CaListener, serveAuthority } from '../ca/service/ca-listener.js';
import { type NetworkChange } from '../manager/network-change.js';
import { type ChaincodePlan, type NetworkPlan, type NodePlan, type PeerOrganisationPlan } from '../plan/plan.js';
import { ChaincodeServers } from './chaincode/chaincode-servers.js';
import { ensureGenesis } from './genesis-block.js';
import { deployChaincodes } from './lifecycle/deploy.js';
import { serveOrderer, servePeer, type Listener } from './listeners.js';
import { NetworkError } from './network-error.js';
import { routeBroadcast } from './order/route-broadcast.js';
import { type Peer } from './peer/peer.js';
import {
  channelsAt,
  type JoinedChannel,
  openLedger,
  openPeerNode,
  type PeerNode,
  packagesFolder,
  type PeerPlace,
  peerPlaces,
} from './peer-node.js';
import { readSigner } from './read-signer.js';
import { RunningChannel } from './running-channel.js';

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
 * A whole network in this process: organisations' peers, an orderer of all channels, chaincode servers beside it. It speaks Fabric's
 * protocols on loopback and knows nothing of what its chaincodes are about.
 */
export class EmbeddedNetwork {
  readonly #hooks: NetworkHooks;
  readonly #servers: ChaincodeServers;
  /** By channel name, in the plan's order; at least one. */
  readonly #channels = new Map<string, RunningChannel>();
  /** Running peers by their names in the plan, such as `peer0.chongqing.example`. */
  readonly #nodes = new Map<string, RunningNode>();
  #plan: NetworkPlan;
  #ordererListener: Listener | undefined;
  /** By their organisations. */
  readonly #authorities = new Map<string, CaListener>();

  private constructor(plan: NetworkPlan, hooks: NetworkHooks, servers: ChaincodeServers) {
    this.#plan = plan;
    this.#hooks = hooks;
    this.#servers = servers;
  }

  /**
   * Starts what the plan describes; keys, genesis blocks and ledgers that exist are used again.
   * @throws TopologyError, MspError, ConfigError, LedgerError, or the system's error for a port that is taken
   */
  static async start(plan: NetworkPlan, hooks: NetworkHooks): Promise<EmbeddedNetwork> {
    await ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, hooks.nowMs());
    const servers = new ChaincodeServers();
    try {
      const network = new EmbeddedNetwork(plan, hooks, servers);
      await network.#start();
      return network;
    } catch (cause) {
      await servers.close(); // Nobody would end them: the next start knows only those of a network that was killed.
      throw cause;
    }
  }

  async #start(): Promise<void> {
    const plan = this.#plan;
    for (const chaincode of plan.chaincodes) this.#servers.start(chaincode);
    const nodes = await openAll(plan, this.#servers, this.#hooks);
    const { nowMs, onBug } = this.#hooks;
    const signer = readSigner(plan.orderer.mspId, firstNode(plan.orderer.nodes));
    const onLost = this.#dropLost.bind(this);
    for (const channel of plan.channels) {
      this.#channels.set(channel.name, await RunningChannel.start(channel, nodes, { signer, nowMs, onBug, onLost }));
    }
    await this.#listen(nodes);
    await this.#deployChaincodes(nodes);
    await Promise.all(nodes.map((node) => node.ready()));
  }

  get consensusType(): string {
    const [first] = this.#channels.values();
    return first?.delivery.source.channel.consensusType ?? '';
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
    const channels = this.#channelsOf(node);
    const alone = channels.find(([{ delivery }]) => delivery.peers.length === 1);
    if (alone !== undefined) {
      const why = `the last peer that runs on ${alone[0].plan.name}; the chain is kept by peers alone`;
      throw new NetworkError('LAST_PEER', `${name} is ${why}`);
    }
    for (const [{ delivery }, peer] of channels) await delivery.leave(peer);
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
    const { chaincodes, limits, runtimeParams } = this.#plan;
    const channels = await this.#rejoined(place);
    const shared = { chaincodes, limits, runtimeParams, servers: this.#servers, nowMs: this.#hooks.nowMs };
    const node = await openPeerNode({
      ...place,
      channels,
      packagesFolder: packagesFolder(this.#plan, place),
      ...shared,
    });
    try {
      for (const [{ delivery }, peer] of this.#channelsOf(node)) {
        await delivery.join(peer);
        await delivery.reconcile();
      }
      this.#nodes.set(name, { ...node, listener: await this.#servePeer(node) });
    } catch (cause) {
      for (const [{ delivery }, peer] of this.#channelsOf(node)) await delivery.leave(peer);
      await node.close();
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
    await this.#deployChaincodes(nodes);
    this.#hooks.onChange?.(this);
  }

  /** Becomes what another plan says of organisations and nodes, by one change. @throws as `carryOutChange` */
  async change(plan: NetworkPlan, change: NetworkChange): Promise<void> {
    const { carryOutChange } = await import('./operate/changes.js'); // With what issues certificates: seldom wanted.
    await carryOutChange(
      {
        plan,
        channels: [...this.#channels.values()],
        nodes: [...this.#nodes.values()],
        nowMs: this.#hooks.nowMs,
        authorityOf: (mspId) => this.#authorityOf(mspId),
        welcome: (member) => this.#welcome(plan, member),
        restart: async (peer) => {
          if (this.#nodes.has(peer)) await this.stopPeer(peer);
          await this.startPeer(peer);
        },
      },
      change,
    );
    this.#hooks.onChange?.(this);
  }

  #authorityOf(mspId: string): CaListener {
    const authority = this.#authorities.get(mspId);
    if (authority === undefined) throw new NetworkError('ORGANISATION_UNKNOWN', `no authority of ${mspId} runs`);
    return authority;
  }

  /** Chaincode servers first: they must let the member's peers in. Then its definitions are approved in its name. */
  async #welcome(plan: NetworkPlan, member: PeerOrganisationPlan): Promise<void> {
    await this.deploy(plan);
    if (!this.#authorities.has(member.mspId)) await this.#serveAuthority(member);
    for (const { id } of member.nodes) if (!this.#nodes.has(id)) await this.startPeer(id);
    await this.#deployChaincodes([...this.#nodes.values()]);
  }

  /** Stops taking transactions, commits what was accepted, then closes everything. */
  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map(({ orderer }) => orderer.close()));
    await this.#ordererListener?.close();
    await Promise.all([...this.#authorities.values()].map((authority) => authority.close()));
    await Promise.all([...this.#nodes.values()].map(closeNode));
    await this.#servers.close();
  }

  async #listen(nodes: readonly PeerNode[]): Promise<void> {
    const source = (channelId: string) => this.#channels.get(channelId)?.delivery.source;
    const broadcast = this.#broadcast.bind(this);
    const orderer = serveOrderer(firstNode(this.#plan.orderer.nodes), source, { ...this.#hooks, broadcast });
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

  #servePeer(node: PeerNode): Promise<Listener> {
    const { address } = firstNode(this.#plan.orderer.nodes);
    return servePeer(node, {
      orderer: { address, mspId: this.#plan.orderer.mspId },
      peers: (channelId) => this.#channels.get(channelId)?.delivery.peers ?? [],
      broadcast: this.#broadcast.bind(this),
      limits: this.#plan.limits,
      ...this.#hooks,
    });
  }

  /** @throws BroadcastRefusal */
  #broadcast(envelope: Uint8Array): void {
    routeBroadcast(this.#channels, envelope);
  }

  async #deployChaincodes(nodes: readonly PeerNode[]): Promise<void> {
    for (const channel of this.#channels.values()) await deployChaincodes(this.#plan, channel, nodes);
  }

  /** The channels that a peer takes part in, and what it is there. */
  #channelsOf({ channels }: PeerNode): (readonly [RunningChannel, Peer])[] {
    return [...this.#channels.values()].flatMap((channel) => {
      const peer = channels.get(channel.plan.name);
      return peer === undefined ? [] : [[channel, peer] as const];
    });
  }

  /** The ledgers of a peer that comes back, or joins. */
  #rejoined(place: PeerPlace): Promise<JoinedChannel[]> {
    return Promise.all(
      channelsAt(place, this.#plan).map(async (channel) => {
        const source = this.#channels.get(channel.name)?.delivery.source;
        if (source === undefined) throw new Error(`channel ${channel.name} does not run`);
        const genesis = await source.blockBytes(0n);
        return { name: channel.name, genesis, ledger: await openLedger(place, channel) };
      }),
    );
  }

  #placeOf(name: string): PeerPlace {
    const place = peerPlaces(this.#plan).find(({ node }) => node.id === name);
    if (place === undefined) throw new NetworkError('PEER_UNKNOWN', `no peer ${name} in this network`);
    return place;
  }

  /** A peer that failed must not answer from a ledger that stands still, and it is one process on all its channels. */
  #dropLost(peer: Peer, error: unknown): void {
    this.#hooks.onBug(error);
    for (const [name, node] of this.#nodes) {
      if (![...node.channels.values()].includes(peer)) continue;
      this.#nodes.delete(name);
      this.#leaveAll(node).catch(this.#hooks.onBug);
    }
    this.#hooks.onChange?.(this);
  }

  async #leaveAll(node: RunningNode): Promise<void> {
    for (const [{ delivery }, peer] of this.#channelsOf(node)) await delivery.leave(peer);
    await closeNode(node);
  }
}

async function closeNode({ listener, close }: RunningNode): Promise<void> {
  await listener.close();
  await close();
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

/** Opens all ledgers before any peer: whoever holds a channel's first block gives it to those who lost it. */
async function openAll(plan: NetworkPlan, servers: ChaincodeServers, { nowMs }: NetworkHooks): Promise<PeerNode[]> {
  const places = peerPlaces(plan);
  const joined = new Map<PeerPlace, JoinedChannel[]>(places.map((place) => [place, []]));
  for (const channel of plan.channels) {
    const members = places.filter(({ mspId }) => channel.mspIds.includes(mspId));
    const opened = await Promise.all(
      members.map(async (place) => ({ place, ledger: await openLedger(place, channel) })),
    );
    const genesis = await ensureGenesis(
      plan,
      channel,
      opened.map(({ ledger }) => ledger),
      nowMs(),
    );
    for (const { place, ledger } of opened) joined.get(place)?.push({ name: channel.name, ledger, genesis });
  }
  const { chaincodes, limits, runtimeParams } = plan;
  const shared = { chaincodes, limits, runtimeParams, servers, nowMs };
  return Promise.all(
    [...joined].map(([place, channels]) =>
      openPeerNode({ ...place, channels, packagesFolder: packagesFolder(plan, place), ...shared }),
    ),
  );
}
