/** Bytes of blocks that are kept in memory for those who follow the chain. */
const recentBytesMax = 4 * 1024 * 1024;

/** The newest blocks as stored, so that every follower of a chain need not read each new block from the disk. */
export class RecentBlocks {
  readonly #blocks = new Map<bigint, Uint8Array>();
  #bytes = 0;

  /** Adds a block; the oldest ones leave when there is no room, this one too when it is larger than all the room. */
  add(number: bigint, bytes: Uint8Array): void {
    this.#blocks.set(number, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, old] of this.#blocks) {
      if (this.#bytes <= recentBytesMax) return;
      this.#blocks.delete(oldest);
      this.#bytes -= old.length;
    }
  }

  get(number: bigint): Uint8Array | undefined {
    return this.#blocks.get(number);
  }
}
