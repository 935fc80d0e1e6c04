import { setTimeout as sleep } from 'node:timers/promises';

import { type CommitNotices } from '../ledger/commit-notices.js';
import { type LedgerBlock } from '../ledger/block.js';
import { type BlockSource } from '../ledger/port.js';
import { ChainFault, checkNext, checkSame } from './chain.js';
import { type AuditIndex } from './audit-index.js';

const BACKOFF_MS = { first: 100, most: 2_000 } as const;

/** What the follower works with. */
export interface FollowerOptions {
  readonly source: BlockSource;
  readonly index: AuditIndex;
  readonly notices: CommitNotices;
  /** Hears of every break, once each time. */
  readonly warn: (error: unknown) => void;
  /** Hears of every block that was indexed, and when the stream breaks off. */
  readonly changed: () => void;
}

/**
 * Reads the home peer's blocks into the audit index, from the checkpoint on and for ever, and tells waiting submitters.
 * After a break it starts again from the checkpoint. It never goes on past a block that does not continue the chain.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  #height = 0;
  #heardMs: number | undefined;
  #fault: ChainFault | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Why the index stands still although its peer answers; `undefined` in good order. */
  get fault(): ChainFault | undefined {
    return this.#fault;
  }

  /** Whether the peer's stream is up and the index has caught up with it. */
  get live(): boolean {
    return this.#options.notices.live;
  }

  /** When the peer last answered or sent a block, Unix milliseconds; `undefined` where it never did. */
  get heardMs(): number | undefined {
    return this.#heardMs;
  }

  /** Blocks that the peer is known to have and the index has not. */
  lagBlocks(): number {
    return Math.max(0, this.#height - this.#next());
  }

  /** Asks the peer for its height, and so whether it is there. @throws UNVERIFIABLE_NOW */
  async askLagBlocks(): Promise<number> {
    await this.#askHeight();
    return this.lagBlocks();
  }

  start(): void {
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { notices, warn } = this.#options;
    for (let failures = 0; !this.#closed();) {
      const before = this.#next();
      try {
        await this.#follow();
      } catch (error) {
        this.#fault = error instanceof ChainFault ? error : undefined;
        failures = this.#next() > before ? 1 : failures + 1;
        // Not again for the same outage; and closing ends the stream as well, which is no news.
        if (failures === 1 && !this.#closed()) warn(error);
      }
      notices.interrupt();
      this.#options.changed();
      const pause = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(failures, 10));
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    notices.interrupt();
  }

  /** One stream, from the block of the checkpoint itself: another block there means that the peer has another chain. */
  async #follow(): Promise<void> {
    const { source, index, notices } = this.#options;
    await this.#askHeight();
    const known = index.tip();
    if (known !== undefined && known.number >= this.#height) throw new ChainFault(known.number, 'SHORT');
    for await (const block of source.blocks({ from: known?.number ?? 0 }, this.#stop.signal)) {
      this.#heardMs = Date.now();
      if (block.number === known?.number) checkSame(known, block);
      else this.#append(block);
      this.#options.changed();
      if (this.lagBlocks() > 0) continue;
      this.#fault = undefined;
      notices.resume();
      this.#options.changed();
    }
  }

  async #askHeight(): Promise<void> {
    this.#height = await this.#options.source.height();
    this.#heardMs = Date.now();
  }

  #append(block: LedgerBlock): void {
    const { index, notices } = this.#options;
    checkNext(index.tip(), block);
    index.append(block);
    this.#height = Math.max(this.#height, block.number + 1);
    notices.announce(block);
  }

  #closed(): boolean {
    return this.#stop.signal.aborted;
  }

  #next(): number {
    const tip = this.#options.index.tip();
    return tip === undefined ? 0 : tip.number + 1;
  }
}
