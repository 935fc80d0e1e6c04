import { sha256 } from '../wire/private-rwset.js';
import { type CollectionRwSet } from '../wire/rwset.js';
import { readKvRwSet } from '../wire/rwset-reader.js';
import { sameBytes } from '../wire/utf8-order.js';
import { WireError } from '../wire/wire-error.js';

/** Whether plain text (kvrwset.KVRWSet bytes) is, as a whole, what a block has the hash of. */
export function isWholeSet(bytes: Uint8Array, { privateHash }: CollectionRwSet): boolean {
  return sameBytes(sha256(bytes), privateHash);
}

/**
 * Whether everything that plain text says is in the block, key by key. What a peer held when a purge came is a part of
 * what the block has the hash of. Bytes that do not parse are none.
 */
export function isPartOfSet(bytes: Uint8Array, hashed: CollectionRwSet): boolean {
  try {
    const { writes, metadataWrites } = readKvRwSet(bytes);
    const valuesHold = writes.every(({ key, value, isDelete }) => {
      const write = findKey(hashed.writes, key);
      if (write === undefined) return false;
      return isDelete ? write.isDelete : sameBytes(write.valueHash, sha256(value));
    });
    return valuesHold && metadataWrites.every(({ key }) => findKey(hashed.metadataWrites, key) !== undefined);
  } catch (cause) {
    if (cause instanceof WireError) return false;
    throw cause;
  }
}

function findKey<Hashed extends { readonly keyHash: Uint8Array }>(
  entries: readonly Hashed[],
  key: string,
): Hashed | undefined {
  const keyHash = sha256(key);
  return entries.find((entry) => sameBytes(entry.keyHash, keyHash));
}
