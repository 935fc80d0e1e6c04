import { Fields } from './protobuf-reader.js';
import type {
  CollectionRwSet,
  KvRead,
  KvWrite,
  MerkleSummary,
  MetadataEntry,
  MetadataWrite,
  NamespaceRwSet,
  RangeQuery,
  Version,
} from './rwset.js';
import { readingPart } from './wire-error.js';

/**
 * Reads ledger.rwset.TxReadWriteSet, all levels of it. Duplicate namespaces are kept: the judge refuses them.
 * @throws {WireError} BAD_RWSET. Source: core/ledger/kvledger/txmgmt/rwsetutil/rwset_proto_util.go, FromProtoBytes.
 */
export function readTxRwSet(bytes: Uint8Array): NamespaceRwSet[] {
  return readingPart('BAD_RWSET', () => new Fields(bytes).allBytes(2).map(readNamespace));
}

/** The public part of one namespace, from kvrwset.KVRWSet bytes. @throws {WireError} BAD_RWSET */
export function readKvRwSet(bytes: Uint8Array): Omit<NamespaceRwSet, 'namespace' | 'collections'> {
  return readingPart('BAD_RWSET', () => {
    const fields = new Fields(bytes);
    return {
      reads: fields.allBytes(1).map(readKvRead),
      ranges: fields.allBytes(2).map(readRange),
      writes: fields.allBytes(3).map(readWrite),
      metadataWrites: fields.allBytes(4).map(readMetadataWrite),
    };
  });
}

/** Entries of a key's metadata, from kvrwset.KVMetadataWrite bytes as the state stores them. @throws {WireError} */
export function readMetadataWrite(bytes: Uint8Array): MetadataWrite {
  const fields = new Fields(bytes);
  return { key: fields.text(1), entries: fields.allBytes(2).map(readEntry) };
}

function readNamespace(bytes: Uint8Array): NamespaceRwSet {
  const fields = new Fields(bytes);
  return {
    namespace: fields.text(1),
    ...readKvRwSet(fields.bytes(2)),
    collections: fields.allBytes(3).map(readCollection),
  };
}

function readCollection(bytes: Uint8Array): CollectionRwSet {
  const fields = new Fields(bytes);
  const hashed = new Fields(fields.bytes(2));
  return {
    collection: fields.text(1),
    reads: hashed.allBytes(1).map((read) => {
      const { keyHash, rest } = readKeyHash(read);
      return { keyHash, version: readVersion(rest.message(2)) };
    }),
    writes: hashed.allBytes(2).map((write) => {
      const { keyHash, rest } = readKeyHash(write);
      return { keyHash, isDelete: rest.flag(2), valueHash: rest.bytes(3), isPurge: rest.flag(4) };
    }),
    metadataWrites: hashed.allBytes(3).map((write) => {
      const { keyHash, rest } = readKeyHash(write);
      return { keyHash, entries: rest.allBytes(2).map(readEntry) };
    }),
    privateHash: fields.bytes(3),
  };
}

function readKeyHash(bytes: Uint8Array): { keyHash: Uint8Array; rest: Fields } {
  const rest = new Fields(bytes);
  return { keyHash: rest.bytes(1), rest };
}

function readKvRead(bytes: Uint8Array): KvRead {
  const fields = new Fields(bytes);
  return { key: fields.text(1), version: readVersion(fields.message(2)) };
}

function readWrite(bytes: Uint8Array): KvWrite {
  const fields = new Fields(bytes);
  return { key: fields.text(1), isDelete: fields.flag(2), value: fields.bytes(3) };
}

function readEntry(bytes: Uint8Array): MetadataEntry {
  const fields = new Fields(bytes);
  return { name: fields.text(1), value: fields.bytes(2) };
}

function readRange(bytes: Uint8Array): RangeQuery {
  const fields = new Fields(bytes);
  const form = fields.lastOf(4, 5);
  const raw = fields.message(4);
  const merkle = fields.message(5);
  return {
    startKey: fields.text(1),
    endKey: fields.text(2),
    exhausted: fields.flag(3),
    reads: form === 4 && raw ? new Fields(raw).allBytes(1).map(readKvRead) : [],
    summary: form === 5 && merkle ? readSummary(merkle) : undefined,
  };
}

function readSummary(bytes: Uint8Array): MerkleSummary {
  const fields = new Fields(bytes);
  return { maxDegree: fields.uint32(1), maxLevel: fields.uint32(2), maxLevelHashes: fields.allBytes(3) };
}

/** `Number` is lossy above 2^53, where no transaction index lies: such a version stays unequal to every real one. */
function readVersion(bytes: Uint8Array | undefined): Version | undefined {
  if (bytes === undefined) return undefined;
  const fields = new Fields(bytes);
  return { blockNumber: fields.uint64(1), txIndex: Number(fields.uint64(2)) };
}
