import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { compareUtf8 } from './utf8-order.js';
import { readingPart } from './wire-error.js';

/**
 * The private part of one collection. `rwset` is kvrwset.KVRWSet bytes in plain text, kept as bytes because the
 * transaction's public part carries their SHA-256.
 */
export interface PrivateRwSet {
  readonly namespace: string;
  readonly collection: string;
  readonly rwset: Uint8Array;
}

/** Reads ledger.rwset.TxPvtReadWriteSet. @throws {WireError} BAD_RWSET */
export function readPrivateRwSets(bytes: Uint8Array): PrivateRwSet[] {
  return readingPart('BAD_RWSET', () =>
    new Fields(bytes).allBytes(2).flatMap((namespaceBytes) => {
      const fields = new Fields(namespaceBytes);
      const namespace = fields.text(1);
      return fields.allBytes(2).map((collectionBytes) => {
        const collection = new Fields(collectionBytes);
        return { namespace, collection: collection.text(1), rwset: collection.bytes(2) };
      });
    }),
  );
}

/** Bytes of ledger.rwset.TxPvtReadWriteSet, with namespaces and collections in UTF-8 order. */
export function encodePrivateRwSets(sets: readonly PrivateRwSet[]): Uint8Array {
  const namespaces = [...new Set(sets.map((set) => set.namespace))].toSorted(compareUtf8);
  const parts = namespaces.map((namespace) => {
    const collections = sets
      .filter((set) => set.namespace === namespace)
      .toSorted((left, right) => compareUtf8(left.collection, right.collection))
      .map((set) => new Writer().field(1, set.collection).field(2, set.rwset).bytes());
    return new Writer().field(1, namespace).messages(2, collections).bytes();
  });
  return new Writer().messages(2, parts).bytes();
}
