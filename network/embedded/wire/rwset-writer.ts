import { Writer } from './protobuf-writer.js';
import type { CollectionRwSet, KvRead, MetadataEntry, NamespaceRwSet, RangeQuery, Version } from './rwset.js';
import { compareUtf8 } from './utf8-order.js';

/** The public part of a namespace: what kvrwset.KVRWSet holds. */
export type KvRwSet = Omit<NamespaceRwSet, 'namespace' | 'collections'>;

/**
 * Bytes of ledger.rwset.TxReadWriteSet, equal on every peer: namespaces, collections, keys and metadata names are put
 * into UTF-8 order here. Ranges keep the order of the scans, and a collection's hashed entries keep theirs, which is
 * the order of the plain keys. Source: core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go, GetTxReadWriteSet.
 */
export function encodeTxRwSet(sets: readonly NamespaceRwSet[]): Uint8Array {
  return new Writer().messages(2, by(sets, (set) => set.namespace).map(encodeNamespace)).bytes();
}

/** Bytes of kvrwset.KVRWSet: one namespace's public part, or the private part of a collection. */
export function encodeKvRwSet(set: KvRwSet): Uint8Array {
  return new Writer()
    .messages(1, by(set.reads, (read) => read.key).map(encodeKvRead))
    .messages(2, set.ranges.map(encodeRange))
    .messages(
      3,
      by(set.writes, (write) => write.key).map(({ key, isDelete, value }) =>
        new Writer().field(1, key).field(2, isDelete).field(3, value).bytes(),
      ),
    )
    .messages(
      4,
      by(set.metadataWrites, (write) => write.key).map(({ key, entries }) =>
        new Writer().field(1, key).messages(2, encodeEntries(entries)).bytes(),
      ),
    )
    .bytes();
}

/** Metadata as the state stores it: kvrwset.KVMetadataWrite without a key (statemetadata/metadata.go, Serialize). */
export function encodeMetadata(entries: readonly MetadataEntry[]): Uint8Array {
  return new Writer().messages(2, encodeEntries(entries)).bytes();
}

/** Bytes of kvrwset.QueryReads, which the leaves of a range's Merkle tree are hashed over. */
export function encodeQueryReads(reads: readonly KvRead[]): Uint8Array {
  return new Writer().messages(1, reads.map(encodeKvRead)).bytes();
}

function by<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((left, right) => compareUtf8(key(left), key(right)));
}

function encodeNamespace(set: NamespaceRwSet): Uint8Array {
  return new Writer()
    .field(1, set.namespace)
    .field(2, encodeKvRwSet(set))
    .messages(3, by(set.collections, (collection) => collection.collection).map(encodeCollection))
    .bytes();
}

function encodeCollection(set: CollectionRwSet): Uint8Array {
  const reads = set.reads.map(({ keyHash, version }) =>
    new Writer().field(1, keyHash).message(2, encodeVersion(version)).bytes(),
  );
  const writes = set.writes.map(({ keyHash, isDelete, valueHash, isPurge }) =>
    new Writer().field(1, keyHash).field(2, isDelete).field(3, valueHash).field(4, isPurge).bytes(),
  );
  const metadataWrites = set.metadataWrites.map(({ keyHash, entries }) =>
    new Writer().field(1, keyHash).messages(2, encodeEntries(entries)).bytes(),
  );
  const hashed = new Writer().messages(1, reads).messages(2, writes).messages(3, metadataWrites).bytes();
  return new Writer().field(1, set.collection).field(2, hashed).field(3, set.privateHash).bytes();
}

function encodeEntries(entries: readonly MetadataEntry[]): Uint8Array[] {
  return by(entries, (entry) => entry.name).map(({ name, value }) =>
    new Writer().field(1, name).field(2, value).bytes(),
  );
}

function encodeKvRead(read: KvRead): Uint8Array {
  return new Writer().field(1, read.key).message(2, encodeVersion(read.version)).bytes();
}

function encodeVersion(version: Version | undefined): Uint8Array | undefined {
  return version && new Writer().field(1, version.blockNumber).field(2, version.txIndex).bytes();
}

function encodeRange(range: RangeQuery): Uint8Array {
  const { summary } = range;
  const raw = range.reads.length > 0 && !summary ? encodeQueryReads(range.reads) : undefined;
  const merkle =
    summary &&
    new Writer().field(1, summary.maxDegree).field(2, summary.maxLevel).messages(3, summary.maxLevelHashes).bytes();
  return new Writer()
    .field(1, range.startKey)
    .field(2, range.endKey)
    .field(3, range.exhausted)
    .message(4, raw)
    .message(5, merkle)
    .bytes();
}
