import {
  type CollectionRwSet,
  type HashedMetadataWrite,
  type HashedRead,
  type HashedWrite,
  type KvWrite,
  type MetadataEntry,
  type Version,
} from '../wire/rwset.js';
import { sha256 } from '../wire/private-rwset.js';
import { encodeKvRwSet } from '../wire/rwset-writer.js';
import { compareUtf8 } from '../wire/utf8-order.js';

/**
 * What one transaction read and wrote in one collection: hashes for everybody, plain text for the members.
 * Source: Fabric core/ledger/kvledger/txmgmt/rwsetutil/rwset_builder.go, collHashRwBuilder and collPvtRwBuilder.
 */
export class PrivateRecord {
  readonly #reads = new Map<string, HashedRead>();
  readonly #writes = new Map<string, { readonly plain: KvWrite; readonly hashed: HashedWrite }>();
  readonly #metadataWrites = new Map<string, HashedMetadataWrite>();

  /** Whether plain text was read: then only a member can come to the same result. */
  plainTextRead = false;

  read(key: string, version: Version | undefined): void {
    this.#reads.set(key, { keyHash: sha256(key), version });
  }

  /** An empty value deletes. @param isPurge also what was written before is to be forgotten. */
  write(key: string, value: Uint8Array, isPurge: boolean): void {
    const isDelete = value.length === 0;
    const valueHash = isDelete ? value : sha256(value);
    this.#writes.set(key, {
      plain: { key, isDelete, value },
      hashed: { keyHash: sha256(key), isDelete, valueHash, isPurge },
    });
  }

  writeMetadata(key: string, entries: readonly MetadataEntry[]): void {
    this.#metadataWrites.set(key, { keyHash: sha256(key), entries });
  }

  /** Bytes of the private KVRWSet; `undefined` where nothing was written. Deterministic. */
  privateBytes(): Uint8Array | undefined {
    if (this.#writes.size === 0 && this.#metadataWrites.size === 0) return undefined;
    return encodeKvRwSet({
      reads: [],
      ranges: [],
      writes: [...this.#writes.values()].map(({ plain }) => plain),
      // Only the key: whoever holds the value must know that its version moves.
      metadataWrites: [...this.#metadataWrites.keys()].map((key) => ({ key, entries: [] })),
    });
  }

  /** What the block shows, in the order of the plain keys. */
  hashed(collection: string): CollectionRwSet {
    const plain = this.privateBytes();
    return {
      collection,
      reads: inOrder(this.#reads),
      writes: inOrder(this.#writes).map(({ hashed }) => hashed),
      metadataWrites: inOrder(this.#metadataWrites),
      privateHash: plain === undefined ? new Uint8Array(0) : sha256(plain),
    };
  }
}

function inOrder<Value>(byKey: ReadonlyMap<string, Value>): Value[] {
  return [...byKey].toSorted(([left], [right]) => compareUtf8(left, right)).map(([, value]) => value);
}
