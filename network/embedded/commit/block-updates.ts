import { createHash } from 'node:crypto';

import type { MetadataEntry, NamespaceRwSet, Version } from '../wire/rwset.js';
import { compareUtf8, sameBytes } from '../wire/utf8-order.js';
import type { KeyedEntry, StateEntry, StateView } from './state-view.js';

/** What becomes of a key: a new entry, or its deletion when `entry` is undefined. */
export interface KeyUpdate {
  readonly version: Version;
  readonly entry: StateEntry | undefined;
}

/** One changed key. In a collection `key` is the hex of SHA-256 of the plain key; elsewhere `collection` is empty. */
export interface StateChange extends KeyUpdate {
  readonly namespace: string;
  readonly collection: string;
  readonly key: string;
}

/** What one transaction does to one key; several writes of a key are joined here before they take effect. */
interface KeyOperation {
  value?: Uint8Array;
  isDelete?: boolean;
  metadata?: readonly MetadataEntry[];
}

interface Write {
  readonly isDelete: boolean;
  readonly value: Uint8Array;
}

type UpdatesByKey = Map<string, KeyUpdate>;
type LatestEntry = (key: string) => StateEntry | undefined;

const HASH_OF_NOTHING = createHash('sha256').digest();
const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * The state changes of the valid transactions of a block, on top of a committed view. It is a view itself: the judge
 * of the next transaction, or of the next block, reads through it. Only the final state of each key is kept.
 * Source: core/ledger/kvledger/txmgmt/validation/tx_ops.go and types.go; combined_iterator.go for `range`.
 */
export class BlockUpdates implements StateView {
  readonly #base: StateView;
  /** By namespace and collection, where the public keys have the collection ''. */
  readonly #updates = new Map<string, Map<string, UpdatesByKey>>();

  constructor(base: StateView) {
    this.#base = base;
  }

  /** Adds the writes of a valid transaction; `version` is its own place in the chain. */
  apply(rwset: readonly NamespaceRwSet[], version: Version): void {
    for (const { namespace, writes, metadataWrites, collections } of rwset) {
      const operations = new Map<string, KeyOperation>();
      for (const { key, isDelete, value } of writes) {
        addWrite(operations, key, { isDelete: isDelete || value.length === 0, value });
      }
      for (const { key, entries } of metadataWrites) addMetadata(operations, key, entries);
      this.#settle(namespace, '', operations, version, (key) => this.get(namespace, key));
      for (const set of collections) {
        this.#settle(namespace, set.collection, hashedOperations(set), version, (key) =>
          this.getHashed(namespace, set.collection, Buffer.from(key, 'hex')),
        );
      }
    }
  }

  /** Whether an earlier transaction of the block wrote or deleted the key; `collection` is '' for public keys. */
  has(namespace: string, collection: string, key: string): boolean {
    return this.#find(namespace, collection, key) !== undefined;
  }

  get(namespace: string, key: string): StateEntry | undefined {
    const update = this.#find(namespace, '', key);
    return update ? update.entry : this.#base.get(namespace, key);
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined {
    const update = this.#find(namespace, collection, Buffer.from(keyHash).toString('hex'));
    return update ? update.entry : this.#base.getHashed(namespace, collection, keyHash);
  }

  async *range(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry> {
    const pending = this.#pendingRange(namespace, startKey, endKey);
    let next = 0;
    const present = function* (end: string | undefined): Iterable<KeyedEntry> {
      for (; next < pending.length; next += 1) {
        const update = pending[next];
        if (!update || (end !== undefined && compareUtf8(update.key, end) >= 0)) return;
        if (update.entry) yield { key: update.key, entry: update.entry };
      }
    };
    for await (const committed of this.#base.range(namespace, startKey, endKey)) {
      yield* present(committed.key);
      if (!this.has(namespace, '', committed.key)) yield committed;
    }
    yield* present(undefined);
  }

  /** Every change: namespaces in UTF-8 order, public keys before collections, keys in the order of their bytes. */
  *changes(): Iterable<StateChange> {
    for (const [namespace, collections] of sorted(this.#updates)) {
      for (const [collection, updates] of sorted(collections)) {
        for (const [key, update] of sorted(updates)) yield { namespace, collection, key, ...update };
      }
    }
  }

  #find(namespace: string, collection: string, key: string): KeyUpdate | undefined {
    return this.#updates.get(namespace)?.get(collection)?.get(key);
  }

  #pendingRange(namespace: string, startKey: string, endKey: string): { key: string; entry: KeyUpdate['entry'] }[] {
    const updates = this.#updates.get(namespace)?.get('') ?? new Map<string, KeyUpdate>();
    return sorted(updates)
      .filter(([key]) => compareUtf8(key, startKey) >= 0 && (endKey === '' || compareUtf8(key, endKey) < 0))
      .map(([key, { entry }]) => ({ key, entry }));
  }

  #settle(
    namespace: string,
    collection: string,
    operations: ReadonlyMap<string, KeyOperation>,
    version: Version,
    latest: LatestEntry,
  ): void {
    for (const [key, operation] of operations) {
      const entry = entryAfter(operation, version, () => latest(key));
      if (entry !== 'unchanged') this.#updatesOf(namespace, collection).set(key, { version, entry });
    }
  }

  #updatesOf(namespace: string, collection: string): UpdatesByKey {
    const collections = this.#updates.get(namespace) ?? new Map<string, UpdatesByKey>();
    this.#updates.set(namespace, collections);
    const updates = collections.get(collection) ?? new Map<string, KeyUpdate>();
    collections.set(collection, updates);
    return updates;
  }
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].toSorted(([left], [right]) => compareUtf8(left, right));
}

function hashedOperations(set: NamespaceRwSet['collections'][number]): Map<string, KeyOperation> {
  const operations = new Map<string, KeyOperation>();
  for (const { keyHash, isDelete, valueHash } of set.writes) {
    // A write of nothing is a delete, also when it comes as the hash of nothing (rwset_proto_util.go, FAB-18386).
    const empty = valueHash.length === 0 || sameBytes(valueHash, HASH_OF_NOTHING);
    addWrite(operations, hexOf(keyHash), { isDelete: isDelete || empty, value: valueHash });
  }
  for (const { keyHash, entries } of set.metadataWrites) addMetadata(operations, hexOf(keyHash), entries);
  return operations;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function addWrite(operations: Map<string, KeyOperation>, key: string, write: Write): void {
  const operation = operations.get(key) ?? {};
  operations.set(key, write.isDelete ? { ...operation, isDelete: true } : { ...operation, value: write.value });
}

function addMetadata(operations: Map<string, KeyOperation>, key: string, entries: readonly MetadataEntry[]): void {
  operations.set(key, { ...operations.get(key), metadata: entries });
}

/**
 * A delete drops metadata with the value; a value alone keeps the metadata; metadata alone keeps the value and does
 * nothing to an absent key. Fabric stops the channel when metadata is set on a key that the same block deleted before;
 * here that key counts as absent.
 */
function entryAfter(
  operation: KeyOperation,
  version: Version,
  latest: () => StateEntry | undefined,
): StateEntry | undefined | 'unchanged' {
  if (operation.isDelete) return undefined;
  const { value, metadata } = operation;
  const named = metadata && new Map(metadata.map((entry) => [entry.name, entry.value]));
  if (value !== undefined) return { value, version, metadata: named ?? latest()?.metadata ?? NO_METADATA };
  const current = latest();
  return current ? { value: current.value, version, metadata: named ?? NO_METADATA } : 'unchanged';
}
