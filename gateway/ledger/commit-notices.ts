import { type LedgerBlock } from './block.js';

/** Where a transaction came to stand, and what peers made of it. */
export interface CommitNotice {
  readonly blockNumber: number;
  /** Name of the validation code. */
  readonly code: string;
}

/**
 * Tells submitters what became of their transactions from the one block stream that the follower reads anyhow, instead
 * of a call and a signature for each. Where the stream is away, those who wait are told so and ask the peer.
 */
export class CommitNotices {
  readonly #waiting = new Map<string, (notice: CommitNotice | undefined) => void>();
  #live = false;

  /** Whether the stream is up and has caught up with its peer. */
  get live(): boolean {
    return this.#live;
  }

  /** The stream has caught up. */
  resume(): void {
    this.#live = true;
  }

  /** The stream broke off: all who wait get `undefined`. */
  interrupt(): void {
    this.#live = false;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  /** A block was committed and indexed. */
  announce(block: LedgerBlock): void {
    for (const { txId, code } of block.transactions) {
      // A copy of a transaction is marked DUPLICATE_TXID and says nothing about the first.
      if (code === 'DUPLICATE_TXID') continue;
      this.#waiting.get(txId)?.({ blockNumber: block.number, code });
      this.#waiting.delete(txId);
    }
  }

  /**
   * Call it before submitting, or the block may be past. Dispose of it when it is not waited for any more.
   * @returns a promise of the notice, or of `undefined` where the stream cannot tell.
   */
  expect(txId: string): { readonly notice: Promise<CommitNotice | undefined> } & Disposable {
    if (!this.#live) return { notice: Promise.resolve(undefined), [Symbol.dispose]: () => undefined };
    const { promise, resolve } = Promise.withResolvers<CommitNotice | undefined>();
    this.#waiting.set(txId, resolve);
    return { notice: promise, [Symbol.dispose]: () => void this.#waiting.delete(txId) };
  }
}
