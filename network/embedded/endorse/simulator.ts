import { type KvRead, type KvWrite, type MetadataEntry, type NamespaceRwSet, type RangeQuery } from '../wire/rwset.js';
import { encodeTxRwSet } from '../wire/rwset-writer.js';
import { type KeyedEntry, type StateEntry } from '../commit/state-view.js';
import { type HistoryItem, type StateSnapshot } from '../ledger/state-snapshot.js';

interface NamespaceRecord {
  readonly reads: Map<string, KvRead>;
  readonly writes: Map<string, KvWrite>;
  readonly metadataWrites: Map<string, readonly MetadataEntry[]>;
  readonly ranges: RangeScan[];
}

/** A range as a chaincode walks it; its reads enter the read/write set as far as it was walked. */
interface RangeScan {
  readonly startKey: string;
  readonly requestedEnd: string;
  endKey: string;
  exhausted: boolean;
  readonly reads: KvRead[];
}

/** What a simulation reads: state after some block, and the history behind it. */
export type CommittedState = Pick<StateSnapshot, 'get' | 'range' | 'history'>;

/**
 * Runs one transaction against committed state and records what it read and wrote. Reads always see committed state,
 * never the transaction's own writes.
 * Source: Fabric core/ledger/kvledger/txmgmt/txmgr/{query_executor,tx_simulator}.go and rwsetutil/rwset_builder.go.
 */
export class Simulator {
  readonly #state: CommittedState;
  readonly #namespaces = new Map<string, NamespaceRecord>();
  #readOnly = false;

  constructor(state: CommittedState) {
    this.#state = state;
  }

  /** The committed value; an absent key is read as well, and its absence is what validation will check. */
  get(namespace: string, key: string): StateEntry | undefined {
    const entry = this.#state.get(namespace, key);
    const { reads } = this.#touch(namespace);
    if (!reads.has(key)) reads.set(key, { key, version: entry?.version });
    return entry;
  }

  /** An empty value deletes, as in Fabric. @throws Error after a paginated query */
  put(namespace: string, key: string, value: Uint8Array): void {
    this.#checkWritable();
    const isDelete = value.length === 0;
    this.#touch(namespace).writes.set(key, { key, isDelete, value });
  }

  /** Replaces a key's metadata by one entry, as Fabric's handler does (core/chaincode/handler.go). No read is recorded. */
  putMetadata(namespace: string, key: string, name: string, value: Uint8Array): void {
    this.#checkWritable();
    this.#touch(namespace).metadataWrites.set(key, [{ name, value }]);
  }

  /**
   * Walks keys from `startKey` to `endKey`, exclusive. @param keysMax stops after so many; then no more writes are
   * allowed, because a page's end is not something validation can check again.
   */
  async *range(namespace: string, startKey: string, endKey: string, keysMax?: number): AsyncGenerator<KeyedEntry> {
    if (keysMax !== undefined) this.#readOnly = true;
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
      collections: [],
    }));
  }

  /** Bytes of `TxReadWriteSet`, equal on every peer with equal state. */
  resultBytes(): Uint8Array {
    return encodeTxRwSet(this.results());
  }

  #touch(namespace: string): NamespaceRecord {
    let record = this.#namespaces.get(namespace);
    if (record === undefined) {
      record = { reads: new Map(), writes: new Map(), metadataWrites: new Map(), ranges: [] };
      this.#namespaces.set(namespace, record);
    }
    return record;
  }

  #checkWritable(): void {
    if (this.#readOnly) {
      throw new Error('transaction has already performed a paginated query. Writes are not allowed');
    }
  }
}

/** A scan nobody has stepped through recorded nothing and is checked as the empty range that it saw. */
function toRangeQuery({ startKey, endKey, exhausted, reads }: RangeScan): RangeQuery {
  return { startKey, endKey, exhausted, reads, summary: undefined };
}
