import { type ByteString } from './protobuf.js';
import { type Version } from './rwset.js';
import { type Entry, type Space } from './state.js';

/**
 * How what blocks lead to is written down, key by key. The first byte names the kind, as in a peer's index: b block ·
 * x block by hash · t transaction · h write of a value · s public key · c private key's hash; and beside it: S set of
 * private data · P purge · e end of a private key. Numbers have their highest byte first.
 */
export const versionLength = 12;
const hashLength = 32;

export function spaceKey({ namespace, collection }: Space, key: ByteString): ByteString {
  return collection === '' ? `s${namespace}\0${key}` : `c${namespace}\0${collection}\0${key}`;
}

export function writeKey(namespace: ByteString, key: ByteString, version: Version): ByteString {
  return `h${namespace}\0${uint32(key.length).toString('latin1')}${key}${versionText(version)}`;
}

/** A collection of a namespace that a transaction wrote to. */
export function setKey(version: Version, { namespace, collection }: Space): ByteString {
  return `S${versionText(version)}${namespace}\0${collection}`;
}

export function purgeKey({ namespace, collection }: Space, keyHash: ByteString): ByteString {
  return `P${namespace}\0${collection}\0${keyHash}`;
}

/** Begins the keys of everything private that ends with a block. */
export function endPrefix(block: bigint): ByteString {
  return `e${uint64(block).toString('latin1')}`;
}

export function encodeEntry({ version, valueHash, value, metadata }: Entry): Buffer {
  const isInline = value instanceof Uint8Array;
  return Buffer.concat([
    encodeVersion(version),
    Buffer.from(valueHash, 'latin1'),
    ...(isInline ? [Buffer.of(1), sized(value)] : [Buffer.of(0), uint64(BigInt(value.offset)), uint32(value.length)]),
    ...[...metadata].flatMap(([name, bytes]) => [sized(Buffer.from(name, 'latin1')), sized(bytes)]),
  ]);
}

export function readEntry(bytes: Buffer): Entry {
  const formAt = versionLength + hashLength;
  const isInline = bytes[formAt] === 1;
  const place = isInline
    ? undefined
    : { offset: Number(bytes.readBigUInt64BE(formAt + 1)), length: bytes.readUInt32BE(formAt + 9) };
  const parts = new Parts(bytes, place === undefined ? formAt + 1 : formAt + 13);
  const value = place ?? parts.next();
  const metadata = new Map<ByteString, Uint8Array>();
  while (!parts.isAtEnd) metadata.set(parts.next().toString('latin1'), parts.next());
  const valueHash = bytes.toString('latin1', versionLength, versionLength + hashLength);
  return { version: versionAt(bytes, 0), valueHash, value, metadata };
}

/** A set of private data as a block tells it: hashes alone. */
export interface HashedSet {
  /** The first block that no longer has it; 0: never. */
  readonly endBlock: bigint;
  /** SHA-256 of the set's bytes. */
  readonly setHash: Uint8Array;
  /** What it writes, by the hash of the key; the hash of the value, empty for a deletion. */
  readonly writes: ReadonlyMap<ByteString, ByteString>;
  /** Hashes of the keys that it gives metadata. */
  readonly metadata: ReadonlySet<ByteString>;
}

export function encodeSet({ endBlock, setHash, writes, metadata }: HashedSet): Buffer {
  const texts = [...writes].flat().concat([...metadata]);
  return Buffer.concat([
    uint64(endBlock),
    uint32(writes.size),
    sized(setHash),
    ...texts.map((text) => sized(Buffer.from(text, 'latin1'))),
  ]);
}

export function readSet(bytes: Buffer): HashedSet {
  const parts = new Parts(bytes, 12);
  const setHash = parts.next();
  const writes = new Map<ByteString, ByteString>();
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    writes.set(parts.next().toString('latin1'), parts.next().toString('latin1'));
  }
  const metadata = new Set<ByteString>();
  while (!parts.isAtEnd) metadata.add(parts.next().toString('latin1'));
  return { endBlock: bytes.readBigUInt64BE(0), setHash, writes, metadata };
}

export function encodeVersion(version: Version): Buffer {
  const [block = '0', transaction = '0'] = version.split(':');
  return Buffer.concat([uint64(BigInt(block)), uint32(Number(transaction))]);
}

export function versionAt(bytes: Buffer, at: number): Version {
  return `${bytes.readBigUInt64BE(at)}:${bytes.readUInt32BE(at + 8)}`;
}

/** Whether a version is older than another one. */
export function isBefore(left: Version, right: Version): boolean {
  return Buffer.compare(encodeVersion(left), encodeVersion(right)) < 0;
}

/** Text up to the first zero byte, and the bytes behind it. */
export function splitAtZero(bytes: Buffer): [ByteString, Buffer] {
  const at = bytes.indexOf(0);
  return [bytes.toString('latin1', 0, at), bytes.subarray(at + 1)];
}

export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function versionText(version: Version): ByteString {
  return encodeVersion(version).toString('latin1');
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** Parts with their lengths before them, one after the other. */
class Parts {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): Buffer {
    const from = this.#at + 4;
    this.#at = from + this.#bytes.readUInt32BE(this.#at);
    return this.#bytes.subarray(from, this.#at);
  }
}
