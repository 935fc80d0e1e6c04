import type { StateEntry } from '../commit/state-view.js';
import type { TxCode } from '../commit/tx-code.js';
import type { BlockHeader } from '../wire/block.js';
import type { Version } from '../wire/rwset.js';
import { readMetadataWrite } from '../wire/rwset-reader.js';
import { encodeMetadata } from '../wire/rwset-writer.js';
import type { RecordPlace } from './block-file.js';

/**
 * Keys and values of a ledger's index. The first byte of a key names its kind, so that one LevelDB holds all of them:
 * b block · c private key hash · e expiry · h history · p savepoint · s state · t transaction · v private value ·
 * x block hash. Numbers are big-endian, which makes LevelDB's order of bytes the order of numbers; namespaces and
 * collections end at a zero byte, which they cannot hold.
 */
const SEPARATOR = Buffer.from([0]);
const BLOCK_NUMBER_BYTES = 8;
const POSITION_BYTES = BLOCK_NUMBER_BYTES + 4;
const HASH_BYTES = 32;

/** Where a transaction lies, and the code it got. */
export interface TransactionPlace {
  readonly blockNumber: bigint;
  readonly txIndex: number;
  readonly code: TxCode;
}

/** How far the index has come. `fileLength` counts the bytes of the block file that it covers. */
export interface Savepoint {
  readonly lastHeader: BlockHeader;
  readonly lastConfig: bigint;
  readonly commitHash: Uint8Array;
  readonly fileLength: number;
}

export const SAVEPOINT_KEY = Buffer.from('p');

export function blockKey(number: bigint): Buffer {
  return Buffer.concat([Buffer.from('b'), uint64(number)]);
}

/** @param hash of a block's header; its value is the block's number, see `encodeBlockNumber`. */
export function blockHashKey(hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('x'), hash]);
}

export function encodeBlockNumber(number: bigint): Buffer {
  return uint64(number);
}

export function readBlockNumber(bytes: Buffer): bigint {
  return bytes.readBigUInt64BE(0);
}

export function transactionKey(txId: string): Buffer {
  return Buffer.from(`t${txId}`);
}

export function stateKey(namespace: string, key: string): Buffer {
  return Buffer.concat([Buffer.from(`s${namespace}`), SEPARATOR, Buffer.from(key)]);
}

/** Bounds of a range of state keys, upper one exclusive; an empty `endKey` means the namespace's end. */
export function stateRange(namespace: string, startKey: string, endKey: string): { gte: Buffer; lt: Buffer } {
  const lt =
    endKey === '' ? Buffer.concat([Buffer.from(`s${namespace}`), Buffer.from([1])]) : stateKey(namespace, endKey);
  return { gte: stateKey(namespace, startKey), lt };
}

/** The state key's own part: what follows the namespace. */
export function keyOfState(bytes: Buffer, namespace: string): string {
  return bytes.toString('utf8', 2 + Buffer.byteLength(namespace));
}

export function hashedKey(namespace: string, collection: string, keyHash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`c${namespace}`), SEPARATOR, Buffer.from(collection), SEPARATOR, keyHash]);
}

export function privateKey(namespace: string, collection: string, key: string): Buffer {
  return Buffer.concat([privatePrefix(namespace, collection), SEPARATOR, Buffer.from(key)]);
}

/** Bounds of a range of private keys, as `stateRange`. */
export function privateRange(
  namespace: string,
  collection: string,
  startKey: string,
  endKey: string,
): { gte: Buffer; lt: Buffer } {
  const end = Buffer.concat([privatePrefix(namespace, collection), Buffer.from([1])]);
  return {
    gte: privateKey(namespace, collection, startKey),
    lt: endKey === '' ? end : privateKey(namespace, collection, endKey),
  };
}

/** The private key's own part. */
export function keyOfPrivate(bytes: Buffer, namespace: string, collection: string): string {
  return bytes.toString('utf8', privatePrefix(namespace, collection).length + 1);
}

/** A private key that block `expiryBlock` ends, unless it was written again after block `writtenBlock`. */
export interface ExpiringKey {
  readonly expiryBlock: bigint;
  readonly writtenBlock: bigint;
  readonly namespace: string;
  readonly collection: string;
  readonly keyHash: Uint8Array;
}

export function expiryKey({ expiryBlock, writtenBlock, namespace, collection, keyHash }: ExpiringKey): Buffer {
  const names = [Buffer.from(namespace), SEPARATOR, Buffer.from(collection), SEPARATOR];
  return Buffer.concat([Buffer.from('e'), uint64(expiryBlock), uint64(writtenBlock), ...names, keyHash]);
}

/** Bounds of everything that block `last` ends, or one before it. */
export function expiryRange(last: bigint): { gte: Buffer; lt: Buffer } {
  return { gte: Buffer.from('e'), lt: Buffer.concat([Buffer.from('e'), uint64(last + 1n)]) };
}

export function readExpiryKey(bytes: Buffer): ExpiringKey {
  const namesStart = 1 + 2 * BLOCK_NUMBER_BYTES;
  const hashStart = bytes.length - HASH_BYTES;
  const [namespace = '', collection = ''] = bytes.toString('utf8', namesStart, hashStart).split('\0');
  return {
    expiryBlock: bytes.readBigUInt64BE(1),
    writtenBlock: bytes.readBigUInt64BE(1 + BLOCK_NUMBER_BYTES),
    namespace,
    collection,
    keyHash: bytes.subarray(hashStart),
  };
}

export function historyKey(namespace: string, key: string, { blockNumber, txIndex }: Version): Buffer {
  return Buffer.concat([historyPrefix(namespace, key), uint64(blockNumber), uint32(txIndex)]);
}

/** Bounds of all history entries of a key. */
export function historyRange(namespace: string, key: string): { gte: Buffer; lte: Buffer } {
  const prefix = historyPrefix(namespace, key);
  return { gte: prefix, lte: Buffer.concat([prefix, Buffer.alloc(POSITION_BYTES, 0xff)]) };
}

export function versionOfHistory(bytes: Buffer): Version {
  return readVersion(bytes.subarray(-POSITION_BYTES));
}

export function encodeEntry({ value, version, metadata }: StateEntry): Buffer {
  const entries = encodeMetadata([...metadata].map(([name, bytes]) => ({ name, value: bytes })));
  return Buffer.concat([encodeVersion(version), uint32(entries.length), entries, value]);
}

export function readEntry(bytes: Buffer): StateEntry {
  const valueStart = POSITION_BYTES + 4 + bytes.readUInt32BE(POSITION_BYTES);
  const { entries } = readMetadataWrite(bytes.subarray(POSITION_BYTES + 4, valueStart));
  return {
    value: bytes.subarray(valueStart),
    version: readVersion(bytes),
    metadata: new Map(entries.map(({ name, value }) => [name, value])),
  };
}

export function encodeRecordPlace({ offset, length }: RecordPlace): Buffer {
  return Buffer.concat([uint64(BigInt(offset)), uint32(length)]);
}

export function readRecordPlace(bytes: Buffer): RecordPlace {
  return { offset: Number(bytes.readBigUInt64BE(0)), length: bytes.readUInt32BE(8) };
}

export function encodeTransactionPlace({ blockNumber, txIndex, code }: TransactionPlace): Buffer {
  return Buffer.concat([encodeVersion({ blockNumber, txIndex }), Buffer.from([code])]);
}

export function readTransactionPlace(bytes: Buffer): TransactionPlace {
  return { ...readVersion(bytes), code: bytes.readUInt8(POSITION_BYTES) as TxCode };
}

export function encodeSavepoint({ lastHeader, lastConfig, commitHash, fileLength }: Savepoint): Buffer {
  const numbers = [lastHeader.number, lastConfig, BigInt(fileLength)].map(uint64);
  const { previousHash, dataHash } = lastHeader;
  // The genesis block's own previous hash and the commit hash before block 1 are empty, hence the lengths.
  const hashes = [previousHash, dataHash, commitHash].flatMap((hash) => [Buffer.from([hash.length]), hash]);
  return Buffer.concat([...numbers, ...hashes]);
}

export function readSavepoint(bytes: Buffer): Savepoint {
  let offset = 3 * BLOCK_NUMBER_BYTES;
  const hash = (): Buffer => {
    const length = Math.min(bytes.readUInt8(offset), HASH_BYTES);
    offset += 1 + length;
    return bytes.subarray(offset - length, offset);
  };
  return {
    lastHeader: { number: bytes.readBigUInt64BE(0), previousHash: hash(), dataHash: hash() },
    lastConfig: bytes.readBigUInt64BE(BLOCK_NUMBER_BYTES),
    fileLength: Number(bytes.readBigUInt64BE(2 * BLOCK_NUMBER_BYTES)),
    commitHash: hash(),
  };
}

function privatePrefix(namespace: string, collection: string): Buffer {
  return Buffer.from(`v${namespace}\0${collection}`);
}

/** The key's length stands before it, because keys may hold zero bytes. */
function historyPrefix(namespace: string, key: string): Buffer {
  const bytes = Buffer.from(key);
  return Buffer.concat([Buffer.from(`h${namespace}`), SEPARATOR, uint32(bytes.length), bytes]);
}

function encodeVersion({ blockNumber, txIndex }: Version): Buffer {
  return Buffer.concat([uint64(blockNumber), uint32(txIndex)]);
}

function readVersion(bytes: Buffer): Version {
  return { blockNumber: bytes.readBigUInt64BE(0), txIndex: bytes.readUInt32BE(BLOCK_NUMBER_BYTES) };
}

/** Eight bytes, big-endian. */
export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** Four bytes, big-endian. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
