import { createHash } from 'node:crypto';
import { Writer } from './protobuf-writer.js';
import { compareUtf8 } from './utf8-order.js';

/**
 * The plain text that a transaction wrote to one collection. `bytes` is kvrwset.KVRWSet with values in its writes and
 * no entries in its metadata writes: key policies stand under the hashed keys, in the block.
 */
export interface PrivateRwSet {
  readonly namespace: string;
  readonly collection: string;
  readonly bytes: Uint8Array;
}

/** SHA-256, by which blocks name private keys, values and whole private sets. */
export function sha256(value: string | Uint8Array): Uint8Array {
  return createHash('sha256').update(value).digest();
}

/** Bytes of rwset.TxPvtReadWriteSet: the private sets of one transaction, namespaces and collections in UTF-8 order. */
export function encodeTxPrivateRwSet(sets: readonly PrivateRwSet[]): Uint8Array {
  const byNamespace = Map.groupBy(sets, ({ namespace }) => namespace);
  const namespaces = [...byNamespace].toSorted(([left], [right]) => compareUtf8(left, right));
  return new Writer()
    .messages(
      2,
      namespaces.map(([namespace, collections]) =>
        new Writer().field(1, namespace).messages(2, encodeCollections(collections)).bytes(),
      ),
    )
    .bytes();
}

function encodeCollections(sets: readonly PrivateRwSet[]): Uint8Array[] {
  return sets
    .toSorted((left, right) => compareUtf8(left.collection, right.collection))
    .map(({ collection, bytes }) => new Writer().field(1, collection).field(2, bytes).bytes());
}
