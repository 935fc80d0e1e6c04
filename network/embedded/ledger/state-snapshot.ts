import type { KeyedEntry, StateEntry, StateView } from '../commit/state-view.js';
import type { Version } from '../wire/rwset.js';
import type { IndexDatabase } from './disk.js';
import {
  hashedKey,
  historyRange,
  keyOfState,
  readEntry,
  stateKey,
  stateRange,
  versionOfHistory,
} from './index-codec.js';

/** One earlier value of a key. `timestamp` is the transaction's claimed time since 1970. */
export interface HistoryItem {
  readonly txId: string;
  readonly value: Uint8Array;
  readonly isDelete: boolean;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
}

/** Reads from the block file what a transaction wrote to a key. */
export type ReadHistoryItem = (version: Version, namespace: string, key: string) => Promise<HistoryItem>;

const BATCH_KEYS = 100;

/** The state as it was when the snapshot was taken, whatever is committed meanwhile. Close it when done. */
export class StateSnapshot implements StateView {
  readonly #index: IndexDatabase;
  readonly #snapshot: ReturnType<IndexDatabase['snapshot']>;
  readonly #readHistoryItem: ReadHistoryItem;

  constructor(index: IndexDatabase, readHistoryItem: ReadHistoryItem) {
    this.#index = index;
    this.#snapshot = index.snapshot();
    this.#readHistoryItem = readHistoryItem;
  }

  get(namespace: string, key: string): StateEntry | undefined {
    return this.#entry(stateKey(namespace, key));
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined {
    return this.#entry(hashedKey(namespace, collection, keyHash));
  }

  async *range(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry> {
    const options = { ...stateRange(namespace, startKey, endKey), snapshot: this.#snapshot };
    await using iterator = this.#index.iterator(options);
    for (let batch = await iterator.nextv(BATCH_KEYS); batch.length > 0; batch = await iterator.nextv(BATCH_KEYS)) {
      for (const [key, value] of batch) yield { key: keyOfState(key, namespace), entry: readEntry(value) };
    }
  }

  /** What valid transactions wrote to a public key, newest first. */
  async *history(namespace: string, key: string): AsyncIterable<HistoryItem> {
    const options = { ...historyRange(namespace, key), reverse: true, snapshot: this.#snapshot };
    await using iterator = this.#index.keys(options);
    for (let batch = await iterator.nextv(BATCH_KEYS); batch.length > 0; batch = await iterator.nextv(BATCH_KEYS)) {
      for (const place of batch) yield await this.#readHistoryItem(versionOfHistory(place), namespace, key);
    }
  }

  close(): Promise<void> {
    return this.#snapshot.close();
  }

  #entry(key: Buffer): StateEntry | undefined {
    const bytes = this.#index.getSync(key, { snapshot: this.#snapshot });
    return bytes && readEntry(bytes);
  }
}
