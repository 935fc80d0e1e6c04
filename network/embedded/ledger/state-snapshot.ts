import type { KeyedEntry, StateEntry, StateView } from '../commit/state-view.js';
import type { Version } from '../wire/rwset.js';
import type { IndexDatabase } from './disk.js';
import {
  hashedKey,
  historyRange,
  keyOfPrivate,
  keyOfState,
  privateKey,
  privateRange,
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

/** What a snapshot needs of its ledger. */
export interface SnapshotLedger {
  /** Reads from the block file what a transaction wrote to a key. */
  readonly history: (version: Version, namespace: string, key: string) => Promise<HistoryItem>;
  /** Is called once, when the snapshot is closed. */
  readonly closed: () => void;
}

const BATCH_KEYS = 100;

/** The state as it was when the snapshot was taken, whatever is committed meanwhile. Close it when done. */
export class StateSnapshot implements StateView {
  readonly #index: IndexDatabase;
  readonly #snapshot: ReturnType<IndexDatabase['snapshot']>;
  readonly #ledger: SnapshotLedger;

  constructor(index: IndexDatabase, ledger: SnapshotLedger) {
    this.#index = index;
    this.#snapshot = index.snapshot();
    this.#ledger = ledger;
  }

  get(namespace: string, key: string): StateEntry | undefined {
    return this.#entry(stateKey(namespace, key));
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined {
    return this.#entry(hashedKey(namespace, collection, keyHash));
  }

  /** The plain value of a private key, where this peer holds it; its metadata is with the hash. */
  getPrivate(namespace: string, collection: string, key: string): StateEntry | undefined {
    return this.#entry(privateKey(namespace, collection, key));
  }

  async *range(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry> {
    const found = this.#scan(stateRange(namespace, startKey, endKey));
    for await (const [key, value] of found) yield { key: keyOfState(key, namespace), entry: readEntry(value) };
  }

  /** As `range`, over the private keys that this peer holds. */
  async *privateRange(
    namespace: string,
    collection: string,
    startKey: string,
    endKey: string,
  ): AsyncIterable<KeyedEntry> {
    const found = this.#scan(privateRange(namespace, collection, startKey, endKey));
    for await (const [key, value] of found) {
      yield { key: keyOfPrivate(key, namespace, collection), entry: readEntry(value) };
    }
  }

  /** What valid transactions wrote to a public key, newest first. */
  async *history(namespace: string, key: string): AsyncIterable<HistoryItem> {
    const options = { ...historyRange(namespace, key), reverse: true, snapshot: this.#snapshot };
    await using iterator = this.#index.keys(options);
    for (let batch = await iterator.nextv(BATCH_KEYS); batch.length > 0; batch = await iterator.nextv(BATCH_KEYS)) {
      for (const place of batch) yield await this.#ledger.history(versionOfHistory(place), namespace, key);
    }
  }

  async close(): Promise<void> {
    await this.#snapshot.close();
    this.#ledger.closed();
  }

  async *#scan(bounds: { gte: Buffer; lt: Buffer }): AsyncIterable<[Buffer, Buffer]> {
    await using iterator = this.#index.iterator({ ...bounds, snapshot: this.#snapshot });
    for (let batch = await iterator.nextv(BATCH_KEYS); batch.length > 0; batch = await iterator.nextv(BATCH_KEYS)) {
      yield* batch;
    }
  }

  #entry(key: Buffer): StateEntry | undefined {
    const bytes = this.#index.getSync(key, { snapshot: this.#snapshot });
    return bytes && readEntry(bytes);
  }
}
