import {
  type KvRead,
  type KvWrite,
  type MetadataEntry,
  type NamespaceRwSet,
  type RangeQuery,
  sameVersion,
  type Version,
} from '../wire/rwset.js';
import { type PrivateRwSet, sha256 } from '../wire/private-rwset.js';
import { encodeTxRwSet } from '../wire/rwset-writer.js';
import { summarizeReads } from '../commit/merkle.js';
import { type KeyedEntry, type StateEntry } from '../commit/state-view.js';
import { type HistoryItem, type StateSnapshot } from '../ledger/state-snapshot.js';
import { PrivateRecord } from './private-record.js';

/** A collection of a chaincode. */
export interface CollectionName {
  readonly namespace: string;
  readonly collection: string;
}

interface NamespaceRecord {
  readonly reads: Map<string, KvRead>;
  readonly writes: Map<string, KvWrite>;
  readonly metadataWrites: Map<string, readonly MetadataEntry[]>;
  readonly ranges: RangeScan[];
  readonly collections: Map<string, PrivateRecord>;
}

/** A range as a chaincode walks it; its reads enter the read/write set as far as it was walked. */
interface RangeScan {
  readonly startKey: string;
  readonly requestedEnd: string;
  endKey: string;
  exhausted: boolean;
  readonly reads: KvRead[];
}

/** What a simulation reads: state after some block, the history behind it, and the private data that the peer holds. */
export type CommittedState = Pick<
  StateSnapshot,
  'get' | 'getHashed' | 'getPrivate' | 'range' | 'privateRange' | 'history'
>;

/** What a simulation is told about its transaction. */
export interface SimulationContext {
  readonly txId: string;
  /** Whether the chaincode has the collection. */
  readonly hasCollection: (namespace: string, collection: string) => boolean;
}

/**
 * Runs one transaction against committed state and records what it read and wrote. Reads always see committed state,
 * never the transaction's own writes.
 * Source: Fabric core/ledger/kvledger/txmgmt/txmgr/{query_executor,tx_simulator}.go and rwsetutil/rwset_builder.go.
 */
export class Simulator {
  readonly #state: CommittedState;
  readonly #context: SimulationContext;
  readonly #namespaces = new Map<string, NamespaceRecord>();
  #written = false;
  #paged = false;
  #privatelyQueried = false;

  constructor(state: CommittedState, context: SimulationContext) {
    this.#state = state;
    this.#context = context;
  }

  /** The committed value; an absent key is read as well, and its absence is what validation will check. */
  get(namespace: string, key: string): StateEntry | undefined {
    const entry = this.#state.get(namespace, key);
    const { reads } = this.#touch(namespace);
    if (!reads.has(key)) reads.set(key, { key, version: entry?.version });
    return entry;
  }

  /** An empty value deletes, as in Fabric. @throws Error after a query that forbids writing */
  put(namespace: string, key: string, value: Uint8Array): void {
    this.#beforeWrite();
    const isDelete = value.length === 0;
    this.#touch(namespace).writes.set(key, { key, isDelete, value });
  }

  /** Replaces a key's metadata by one entry, as Fabric's handler does (core/chaincode/handler.go). No read is recorded. */
  putMetadata(namespace: string, key: string, name: string, value: Uint8Array): void {
    this.#beforeWrite();
    this.#touch(namespace).metadataWrites.set(key, [{ name, value }]);
  }

  /**
   * The plain value of a private key. @returns `undefined` for an absent one.
   * @throws Error where the peer does not hold what the chain says was written, and for an unknown collection
   */
  getPrivate(namespace: string, collection: string, key: string): Uint8Array | undefined {
    this.#checkCollection(namespace, collection);
    const entry = this.#state.getPrivate(namespace, collection, key);
    const hashed = this.#state.getHashed(namespace, collection, sha256(key));
    if (!sameVersion(entry?.version, hashed?.version)) {
      throw new Error(
        'private data matching public hash version is not available. Public hash version = ' +
          `${textOf(hashed?.version)}, Private data version = ${textOf(entry?.version)}`,
      );
    }
    const record = this.#touchCollection(namespace, collection);
    record.read(key, entry?.version);
    record.plainTextRead = true;
    return entry?.value;
  }

  /**
   * Plain values of several private keys. Unlike `getPrivate` it takes a value that the peer lacks for an absent one,
   * as Fabric 3.1 does (txmgr/query_executor.go, GetPrivateDataMultipleKeys); validation finds out.
   * @returns a value for each key, in their order. @throws Error for an unknown collection
   */
  getPrivateMultiple(namespace: string, collection: string, keys: readonly string[]): (Uint8Array | undefined)[] {
    this.#checkCollection(namespace, collection);
    return keys.map((key) => {
      const entry = this.#state.getPrivate(namespace, collection, key);
      const record = this.#touchCollection(namespace, collection);
      record.read(key, entry?.version);
      record.plainTextRead = true;
      return entry?.value;
    });
  }

  /** What every peer has of a private key: SHA-256 of its value, and its metadata. @throws Error as `getPrivate` */
  getPrivateHash(namespace: string, collection: string, key: string): StateEntry | undefined {
    this.#checkCollection(namespace, collection);
    const hashed = this.#state.getHashed(namespace, collection, sha256(key));
    this.#touchCollection(namespace, collection).read(key, hashed?.version);
    return hashed;
  }

  /** An empty value deletes. @param isPurge whether all members are to forget earlier values. @throws Error as `put` */
  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array, isPurge = false): void {
    this.#checkCollection(namespace, collection);
    this.#beforeWrite();
    this.#touchCollection(namespace, collection).write(key, value, isPurge);
  }

  /** As `putMetadata`. @throws Error as `putPrivate` */
  putPrivateMetadata(namespace: string, collection: string, key: string, entry: MetadataEntry): void {
    this.#checkCollection(namespace, collection);
    this.#beforeWrite();
    this.#touchCollection(namespace, collection).writeMetadata(key, [entry]);
  }

  /**
   * Plain keys from `startKey` to `endKey`, exclusive, as this peer holds them. Nothing is recorded and nothing could
   * be validated, so the transaction may only read. @throws Error in a transaction that writes
   */
  privateRange(
    namespace: string,
    collection: string,
    startKey: string,
    endKey: string,
  ): AsyncIterable<{ readonly key: string; readonly entry: StateEntry }> {
    this.#checkReadOnly('Queries on pvt data is');
    this.#privatelyQueried = true;
    this.#checkCollection(namespace, collection);
    this.#touch(namespace);
    return this.#state.privateRange(namespace, collection, startKey, endKey);
  }

  /**
   * Walks keys from `startKey` to `endKey`, exclusive. @param keysMax stops after so many; then no more writes are
   * allowed, because a page's end is not something validation can check again.
   */
  async *range(namespace: string, startKey: string, endKey: string, keysMax?: number): AsyncGenerator<KeyedEntry> {
    if (keysMax !== undefined) {
      this.#checkReadOnly('Paginated queries are');
      this.#paged = true;
    }
    const scan: RangeScan = { startKey, requestedEnd: endKey, endKey: startKey, exhausted: false, reads: [] };
    this.#touch(namespace).ranges.push(scan);
    let count = 0;
    for await (const found of this.#state.range(namespace, startKey, endKey)) {
      if (keysMax !== undefined && count === keysMax) break;
      count += 1;
      scan.reads.push({ key: found.key, version: found.entry.version });
      scan.endKey = found.key;
      yield found;
    }
    scan.exhausted = true;
    scan.endKey = scan.requestedEnd;
  }

  /** Looks at keys without recording it: only to find where a page's successor begins. */
  peek(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry> {
    return this.#state.range(namespace, startKey, endKey);
  }

  /** Earlier values of a key, newest first. Nothing is recorded: history is not validated. */
  history(namespace: string, key: string): AsyncIterable<HistoryItem> {
    return this.#state.history(namespace, key);
  }

  /** Marks a namespace as used, because every chaincode that took part must be endorsed for. */
  enter(namespace: string): void {
    this.#touch(namespace);
  }

  /** What was read and written, by namespace. */
  results(): NamespaceRwSet[] {
    return [...this.#namespaces].map(([namespace, record]) => ({
      namespace,
      reads: [...record.reads.values()],
      ranges: record.ranges.map(toRangeQuery),
      writes: [...record.writes.values()],
      metadataWrites: [...record.metadataWrites].map(([key, entries]) => ({ key, entries })),
      collections: [...record.collections].map(([name, collection]) => collection.hashed(name)),
    }));
  }

  /** Bytes of `TxReadWriteSet`, equal on every peer with equal state. */
  resultBytes(): Uint8Array {
    return encodeTxRwSet(this.results());
  }

  /** The plain text of what was written to collections: for their members alone. */
  privateResults(): PrivateRwSet[] {
    return this.#collections(({ namespace, collection, record }) => {
      const bytes = record.privateBytes();
      return bytes === undefined ? [] : [{ namespace, collection, bytes }];
    });
  }

  /** Collections of which plain text was read. */
  privateReads(): CollectionName[] {
    return this.#collections(({ namespace, collection, record }) =>
      record.plainTextRead ? [{ namespace, collection }] : [],
    );
  }

  #collections<Item>(select: (each: CollectionName & { readonly record: PrivateRecord }) => Item[]): Item[] {
    return [...this.#namespaces].flatMap(([namespace, { collections }]) =>
      [...collections].flatMap(([collection, record]) => select({ namespace, collection, record })),
    );
  }

  #touch(namespace: string): NamespaceRecord {
    let record = this.#namespaces.get(namespace);
    if (record === undefined) {
      record = { reads: new Map(), writes: new Map(), metadataWrites: new Map(), ranges: [], collections: new Map() };
      this.#namespaces.set(namespace, record);
    }
    return record;
  }

  #touchCollection(namespace: string, collection: string): PrivateRecord {
    const { collections } = this.#touch(namespace);
    const record = collections.get(collection) ?? new PrivateRecord();
    collections.set(collection, record);
    return record;
  }

  #checkCollection(namespace: string, collection: string): void {
    if (this.#context.hasCollection(namespace, collection)) return;
    throw new Error(`collection [${collection}] not defined in the collection config for chaincode [${namespace}]`);
  }

  #beforeWrite(): void {
    if (this.#privatelyQueried) {
      this.#refuse('Transaction has already performed queries on pvt data. Writes are not allowed');
    }
    if (this.#paged) this.#refuse('Transaction has already performed a paginated query. Writes are not allowed');
    this.#written = true;
  }

  #checkReadOnly(what: string): void {
    if (this.#written) this.#refuse(`${what} supported only in a read-only transaction`);
  }

  /** @throws Error with Fabric's text, its spelling included (txmgr/tx_simulator.go). */
  #refuse(why: string): never {
    throw new Error(`txid [${this.#context.txId}]: unsuppored transaction. ${why}`);
  }
}

/** A version as Fabric prints it (core/ledger/internal/version, Height.String). */
function textOf(version: Version | undefined): string {
  return version === undefined ? '<nil>' : `{BlockNum: ${version.blockNumber}, TxNum: ${version.txIndex}}`;
}

/** Reads above which a range is told by hashes. Source: txmgr/query_executor.go, maxDegreeQueryReadsHashing. */
const rawReadsMax = 50;

/** A scan nobody has stepped through recorded nothing and is checked as the empty range that it saw. */
function toRangeQuery({ startKey, endKey, exhausted, reads }: RangeScan): RangeQuery {
  const summary = summarizeReads(reads, rawReadsMax);
  return { startKey, endKey, exhausted, reads: summary === undefined ? reads : [], summary };
}
