import { type ChannelPlan } from '../plan/channel-plan.js';
import { type Signer } from './msp/signer.js';
import { type ChainTip, Orderer } from './order/orderer.js';
import { BlockDelivery, type OnLost } from './peer/block-delivery.js';
import { catchUp } from './peer/catch-up.js';
import { type Peer } from './peer/peer.js';
import { type PeerNode } from './peer-node.js';

/** What a channel runs with, beside its peers. */
export interface ChannelHooks {
  /** The orderer's. */
  readonly signer: Signer;
  readonly nowMs: () => number;
  /** Told of a peer that failed, on this channel or on another one. */
  readonly onLost: OnLost;
  /** Told once when nothing can be ordered any more. */
  readonly onBug: (error: unknown) => void;
}

/** One channel that runs: its own orderer, which hands each block to the members' peers. */
export class RunningChannel {
  readonly plan: ChannelPlan;
  readonly delivery: BlockDelivery;
  readonly orderer: Orderer;

  private constructor(plan: ChannelPlan, peers: readonly Peer[], tip: ChainTip, hooks: ChannelHooks) {
    this.plan = plan;
    this.delivery = new BlockDelivery(peers, hooks.onLost);
    this.orderer = new Orderer({
      signer: hooks.signer,
      channel: () => this.delivery.source.channel,
      tip,
      deliver: (block) => this.delivery.deliver(block),
      nowMs: hooks.nowMs,
      onFailure: (error) => {
        for (const peer of this.delivery.peers) peer.giveUp();
        hooks.onBug(error);
      },
    });
  }

  /**
   * Brings the members' peers to one height, with the private data that they can give each other.
   * @param nodes of any channels. @throws ForkError, CommitError, LedgerError
   */
  static async start(plan: ChannelPlan, nodes: readonly PeerNode[], hooks: ChannelHooks): Promise<RunningChannel> {
    const peers = nodes.flatMap(({ channels }) => channels.get(plan.name) ?? []);
    for (const peer of peers) peer.meet(() => peers);
    const { tip } = await catchUp(peers);
    const channel = new RunningChannel(plan, peers, tip, hooks);
    await channel.delivery.reconcile();
    return channel;
  }
}
