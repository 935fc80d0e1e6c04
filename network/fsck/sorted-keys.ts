import { type ByteString } from './protobuf.js';

/** Keys of one chunk; small enough that inserting into the middle costs little. */
const chunkKeysMax = 512;

/** A set of keys in the order of their bytes, for ranges: chunks of sorted keys, split when they grow too long. */
export class SortedKeys {
  readonly #chunks: ByteString[][] = [[]];

  add(key: ByteString): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index] ?? [];
    const at = lowerBound(chunk, key);
    if (chunk[at] === key) return;
    chunk.splice(at, 0, key);
    if (chunk.length > chunkKeysMax)
      this.#chunks.splice(index, 1, chunk.slice(0, chunk.length / 2), chunk.slice(chunk.length / 2));
  }

  remove(key: ByteString): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index] ?? [];
    const at = lowerBound(chunk, key);
    if (chunk[at] !== key) return;
    chunk.splice(at, 1);
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(index, 1);
  }

  /** Keys from `from` on, before `to`; an empty `to` means all that follow. */
  *range(from: ByteString, to: ByteString): Iterable<ByteString> {
    for (let index = this.#chunkOf(from); index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] ?? [];
      for (let at = lowerBound(chunk, from); at < chunk.length; at += 1) {
        const key = chunk[at] ?? '';
        if (to !== '' && key >= to) return;
        yield key;
      }
    }
  }

  /** The chunk in which a key lies or would lie: the last that begins at or before it. */
  #chunkOf(key: ByteString): number {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#chunks[middle]?.[0] ?? '') <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(keys: readonly ByteString[], key: ByteString): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
