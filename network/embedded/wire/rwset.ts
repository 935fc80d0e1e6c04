/**
 * A transaction's read/write set (ledger.rwset and ledger.rwset.kvrwset in fabric-protos), as plain data. Keys are the
 * chaincode's own text; hashes are 32 bytes of SHA-256; lists are in the order of the wire.
 */

/** Where a value was written. `txIndex` counts from 0 within the block; it is below 2^31, so a number is exact. */
export interface Version {
  readonly blockNumber: bigint;
  readonly txIndex: number;
}

/** A read key with the version that was seen; undefined means that the key was absent. */
export interface KvRead {
  readonly key: string;
  readonly version: Version | undefined;
}

/** A write; `value` is empty in a delete. */
export interface KvWrite {
  readonly key: string;
  readonly isDelete: boolean;
  readonly value: Uint8Array;
}

/** One named piece of a key's metadata; the key's own endorsement policy is the entry VALIDATION_PARAMETER. */
export interface MetadataEntry {
  readonly name: string;
  readonly value: Uint8Array;
}

/** Replaces a key's metadata; no entries means that the metadata is removed. */
export interface MetadataWrite {
  readonly key: string;
  readonly entries: readonly MetadataEntry[];
}

/** The Merkle form of a long range's results: the hashes at `maxLevel` of a tree whose nodes hold `maxDegree` + 1. */
export interface MerkleSummary {
  readonly maxDegree: number;
  readonly maxLevel: number;
  readonly maxLevelHashes: readonly Uint8Array[];
}

/**
 * A range that was scanned: from `startKey` to `endKey` exclusive, or inclusive when the scan stopped early
 * (`exhausted` false). The results are in `reads`, or in `summary` when there is one.
 */
export interface RangeQuery {
  readonly startKey: string;
  readonly endKey: string;
  readonly exhausted: boolean;
  readonly reads: readonly KvRead[];
  readonly summary: MerkleSummary | undefined;
}

/** A read of a private key, by its hash. */
export interface HashedRead {
  readonly keyHash: Uint8Array;
  readonly version: Version | undefined;
}

/** A write of a private key; `valueHash` is empty in a delete, and `isPurge` also drops the history of the plain text. */
export interface HashedWrite {
  readonly keyHash: Uint8Array;
  readonly isDelete: boolean;
  readonly valueHash: Uint8Array;
  readonly isPurge: boolean;
}

/** `MetadataWrite` of a private key. */
export interface HashedMetadataWrite {
  readonly keyHash: Uint8Array;
  readonly entries: readonly MetadataEntry[];
}

/** What every peer sees of one private collection. `privateHash` is SHA-256 of the collection's private KVRWSet. */
export interface CollectionRwSet {
  readonly collection: string;
  readonly reads: readonly HashedRead[];
  readonly writes: readonly HashedWrite[];
  readonly metadataWrites: readonly HashedMetadataWrite[];
  readonly privateHash: Uint8Array;
}

/** What a transaction read and wrote in one namespace, which is a chaincode's name. */
export interface NamespaceRwSet {
  readonly namespace: string;
  readonly reads: readonly KvRead[];
  readonly ranges: readonly RangeQuery[];
  readonly writes: readonly KvWrite[];
  readonly metadataWrites: readonly MetadataWrite[];
  readonly collections: readonly CollectionRwSet[];
}

/** Whether two versions are equal, or both absent (core/ledger/internal/version, AreSame). */
export function sameVersion(left: Version | undefined, right: Version | undefined): boolean {
  return left?.blockNumber === right?.blockNumber && left?.txIndex === right?.txIndex;
}
