import { sha256 } from '../wire/private-rwset.js';
import { readKvRwSet } from '../wire/rwset-reader.js';
import { encodeKvRwSet } from '../wire/rwset-writer.js';
import { sameBytes } from '../wire/utf8-order.js';

/** A private set (kvrwset.KVRWSet bytes) without anything that it says about one key. */
export function withoutKey(bytes: Uint8Array, keyHash: Uint8Array): Uint8Array {
  const isOther = ({ key }: { readonly key: string }): boolean => !sameBytes(sha256(key), keyHash);
  const { writes, metadataWrites, ...rest } = readKvRwSet(bytes);
  return encodeKvRwSet({ ...rest, writes: writes.filter(isOther), metadataWrites: metadataWrites.filter(isOther) });
}
