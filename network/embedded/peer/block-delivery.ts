import { type Block } from '../wire/block.js';
import { catchUp, ForkError } from './catch-up.js';
import { type Peer } from './peer.js';

/** A peer that can take no further block, and why. */
export type OnLost = (peer: Peer, error: unknown) => void;

/**
 * Carries each block to every peer that runs, and lets peers come and go between two blocks. A peer that fails to
 * commit is left behind, as a real network goes on without a peer that stopped; only when none is left does ordering
 * stop, because the peers' block files are the only ones there are.
 */
export class BlockDelivery {
  readonly #peers: Peer[];
  readonly #onLost: OnLost;
  #turn: Promise<void> = Promise.resolve();

  /** @param peers at least one, all of one height. @param onLost told of a peer that was left behind. */
  constructor(peers: readonly Peer[], onLost: OnLost) {
    this.#peers = [...peers];
    this.#onLost = onLost;
    for (const peer of peers) peer.meet(() => this.#peers);
  }

  /** The peers that run, in the order in which they came. */
  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** A peer that runs. @throws Error where none does: `leave` refuses the last one. */
  get source(): Peer {
    const [peer] = this.#peers;
    if (peer === undefined) throw new Error('no peer runs');
    return peer;
  }

  /** Commits a block on every running peer, then lets all of them tell. @throws the first peer's error when no peer could commit it */
  deliver(block: Block): Promise<void> {
    return this.#inTurn(async () => {
      const asked = [...this.#peers];
      const outcomes = await Promise.allSettled(asked.map((peer) => peer.commit(block)));
      const lost = outcomes.flatMap((outcome, index) => {
        const peer = asked[index];
        return outcome.status === 'rejected' && peer !== undefined ? [{ peer, error: outcome.reason as unknown }] : [];
      });
      if (lost.length === asked.length && lost[0] !== undefined) throw lost[0].error;
      for (const peer of asked) if (!lost.some((each) => each.peer === peer)) peer.announce();
      for (const { peer, error } of lost) {
        this.#remove(peer);
        this.#onLost(peer, error);
      }
    });
  }

  /**
   * Brings a peer to the others' height and lets it take part from the next block on.
   * @throws ForkError where it holds other blocks, or more of them; CommitError, LedgerError
   */
  async join(peer: Peer): Promise<void> {
    peer.meet(() => this.#peers);
    await this.#follow(peer); // Most of the way while blocks go on.
    await this.#inTurn(async () => {
      await this.#follow(peer);
      this.#peers.push(peer);
    });
  }

  /** Lets every peer ask the others for private data that it lacks: who came back may be who has it. */
  async reconcile(): Promise<void> {
    for (const peer of [...this.#peers]) await peer.reconcile();
  }

  async #follow(peer: Peer): Promise<void> {
    if (peer.height > this.source.height) throw new ForkError(`${peer.address} holds blocks that no other peer has`);
    await catchUp([peer, this.source]);
  }

  /** Takes a peer out between two blocks. @returns false, and nothing done, for the last one */
  async leave(peer: Peer): Promise<boolean> {
    let left = false;
    await this.#inTurn(() => {
      left = this.#peers.length > 1 && this.#peers.includes(peer);
      if (left) this.#remove(peer);
      return Promise.resolve();
    });
    return left;
  }

  #remove(peer: Peer): void {
    this.#peers.splice(this.#peers.indexOf(peer), 1);
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    await mine;
  }
}
