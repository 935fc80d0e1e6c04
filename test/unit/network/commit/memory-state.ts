import { type BlockUpdates } from '../../../../network/embedded/commit/block-updates.js';
import type { KeyedEntry, StateEntry, StateView } from '../../../../network/embedded/commit/state-view.js';
import { compareUtf8 } from '../../../../network/embedded/wire/utf8-order.js';

/** A state held in maps, for judging without a disk. Hashed keys stand under the hex of their hash. */
export class MemoryState implements StateView {
  readonly #entries = new Map<string, StateEntry>();

  get(namespace: string, key: string): StateEntry | undefined {
    return this.#entries.get(idOf(namespace, '', key));
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined {
    return this.#entries.get(idOf(namespace, collection, Buffer.from(keyHash).toString('hex')));
  }

  async *range(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry> {
    const keys = [...this.#entries.keys()].map((id) => JSON.parse(id) as [string, string, string]);
    const inRange = keys.filter(
      ([ns, collection, key]) =>
        ns === namespace &&
        collection === '' &&
        compareUtf8(key, startKey) >= 0 &&
        (endKey === '' || compareUtf8(key, endKey) < 0),
    );
    for (const [, , key] of inRange.toSorted((left, right) => compareUtf8(left[2], right[2]))) {
      const entry = this.get(namespace, key);
      if (entry) yield await Promise.resolve({ key, entry });
    }
  }

  set(namespace: string, collection: string, key: string, entry: StateEntry): void {
    this.#entries.set(idOf(namespace, collection, key), entry);
  }

  commit(updates: BlockUpdates): void {
    for (const { namespace, collection, key, entry } of updates.changes()) {
      if (entry) this.#entries.set(idOf(namespace, collection, key), entry);
      else this.#entries.delete(idOf(namespace, collection, key));
    }
  }
}

function idOf(namespace: string, collection: string, key: string): string {
  return JSON.stringify([namespace, collection, key]);
}

/** Everything that an asynchronous sequence yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
