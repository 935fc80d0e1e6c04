import { type Version } from '../wire/rwset.js';
import { uint32, uint64 } from './index-codec.js';

/**
 * Keys of a peer's private store. The first byte of a key names its kind: s set · k which sets hold a key · m missing
 * set · e expiry of a set · q purge that is to be carried out · p purge that was · t transient set · r age of a
 * transient set · f bytes to be forgotten. Numbers are big-endian; names end at a zero byte, which they cannot hold.
 */
const NUMBER_BYTES = 8;
const POSITION_BYTES = NUMBER_BYTES + 4;
const HASH_BYTES = 32;

/** Which transaction wrote to which collection. */
export interface PrivatePlace extends Version {
  readonly namespace: string;
  readonly collection: string;
}

/** A key of a collection, by SHA-256 of its name. */
export interface HashedKey {
  readonly namespace: string;
  readonly collection: string;
  readonly keyHash: Uint8Array;
}

/** A set that waits for its transaction; `setHash` keeps apart what two endorsers say about one collection. */
export interface TransientPlace {
  readonly txId: string;
  readonly namespace: string;
  readonly collection: string;
  readonly setHash: Uint8Array;
}

export const FORGET_KEY = Buffer.from('f');

/** Bounds of all keys of one kind. */
export function kindRange(kind: 's' | 'm' | 'q' | 't' | 'e'): { gte: Buffer; lt: Buffer } {
  return prefixRange(Buffer.from(kind));
}

export function setKey(place: PrivatePlace): Buffer {
  return Buffer.concat([Buffer.from('s'), placeBytes(place)]);
}

/** Bounds of the sets, or the missing sets, of block `number` and, when `andLater`, of all after it. */
export function blockRange(kind: 's' | 'm' | 'q', number: bigint, andLater = false): { gte: Buffer; lt: Buffer } {
  const gte = Buffer.concat([Buffer.from(kind), uint64(number)]);
  return andLater ? { gte, lt: kindRange(kind).lt } : prefixRange(gte);
}

export function missingKey(place: PrivatePlace): Buffer {
  return Buffer.concat([Buffer.from('m'), placeBytes(place)]);
}

/** Reads what `setKey` or `missingKey` wrote. */
export function readPlace(bytes: Buffer): PrivatePlace {
  const [namespace = '', collection = ''] = bytes.toString('utf8', 1 + POSITION_BYTES).split('\0');
  return { ...readVersion(bytes, 1), namespace, collection };
}

export function expiryKey(expiryBlock: bigint, place: PrivatePlace): Buffer {
  return Buffer.concat([Buffer.from('e'), uint64(expiryBlock), placeBytes(place)]);
}

/** Bounds of all sets that end with block `number` or did before. */
export function expiredRange(number: bigint): { gte: Buffer; lt: Buffer } {
  return { gte: Buffer.from('e'), lt: Buffer.concat([Buffer.from('e'), uint64(number + 1n)]) };
}

export function readExpiryPlace(bytes: Buffer): PrivatePlace {
  return readPlace(bytes.subarray(NUMBER_BYTES));
}

/** Says that the set of `version` writes the key; the value is the plain key. */
export function holderKey(key: HashedKey, version: Version): Buffer {
  return Buffer.concat([holderPrefix(key), versionBytes(version)]);
}

/** Bounds of the sets that write the key, up to `last` inclusive. */
export function holderRange(key: HashedKey, last: Version): { gte: Buffer; lte: Buffer } {
  return { gte: holderPrefix(key), lte: holderKey(key, last) };
}

export function versionOfHolder(bytes: Buffer): Version {
  return readVersion(bytes, bytes.length - POSITION_BYTES);
}

/** A purge that a block of this chain asks for. */
export function purgeKey(key: HashedKey, version: Version): Buffer {
  return Buffer.concat([Buffer.from('q'), versionBytes(version), hashedKeyBytes(key)]);
}

export function readPurgeKey(bytes: Buffer): HashedKey & Version {
  const names = bytes.toString('utf8', 1 + POSITION_BYTES, bytes.length - HASH_BYTES);
  const [namespace = '', collection = ''] = names.split('\0');
  const keyHash = bytes.subarray(bytes.length - HASH_BYTES);
  return { ...readVersion(bytes, 1), namespace, collection, keyHash };
}

/** Where the newest purge of a key stands; the value is its version. */
export function purgedKey(key: HashedKey): Buffer {
  return Buffer.concat([Buffer.from('p'), hashedKeyBytes(key)]);
}

export function versionBytes({ blockNumber, txIndex }: Version): Buffer {
  return Buffer.concat([uint64(blockNumber), uint32(txIndex)]);
}

export function readVersion(bytes: Buffer, offset: number): Version {
  return { blockNumber: bytes.readBigUInt64BE(offset), txIndex: bytes.readUInt32BE(offset + NUMBER_BYTES) };
}

export function transientKey(place: TransientPlace): Buffer {
  return Buffer.concat([Buffer.from('t'), transientBytes(place)]);
}

/** Bounds of all sets of a transaction. */
export function transientRange(txId: string): { gte: Buffer; lt: Buffer } {
  return prefixRange(Buffer.from(`t${txId}\0`));
}

export function ageKey(height: bigint, place: TransientPlace): Buffer {
  return Buffer.concat([Buffer.from('r'), uint64(height), transientBytes(place)]);
}

/** Bounds of the transient sets that were made below a height. */
export function olderRange(height: bigint): { gte: Buffer; lt: Buffer } {
  return { gte: Buffer.from('r'), lt: Buffer.concat([Buffer.from('r'), uint64(height)]) };
}

/** The transient key whose age this is. */
export function transientOfAge(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from('t'), bytes.subarray(1 + NUMBER_BYTES)]);
}

function placeBytes(place: PrivatePlace): Buffer {
  return Buffer.concat([versionBytes(place), Buffer.from(`${place.namespace}\0${place.collection}`)]);
}

function hashedKeyBytes({ namespace, collection, keyHash }: HashedKey): Buffer {
  return Buffer.concat([Buffer.from(`${namespace}\0${collection}\0`), keyHash]);
}

function holderPrefix(key: HashedKey): Buffer {
  return Buffer.concat([Buffer.from('k'), hashedKeyBytes(key)]);
}

function transientBytes({ txId, namespace, collection, setHash }: TransientPlace): Buffer {
  return Buffer.concat([Buffer.from(`${txId}\0${namespace}\0${collection}\0`), setHash]);
}

/** All keys that begin so; the last byte of a prefix is never 0xff here. */
function prefixRange(prefix: Buffer): { gte: Buffer; lt: Buffer } {
  const lt = Buffer.from(prefix);
  for (let i = lt.length - 1; i >= 0; i -= 1) {
    if (lt[i] !== 0xff) {
      lt[i] = (lt[i] ?? 0) + 1;
      return { gte: prefix, lt: lt.subarray(0, i + 1) };
    }
  }
  return { gte: prefix, lt };
}
