import { concat, copy, fromUtf8, utf8 } from '../bytes.js';
import { ProofError } from '../proof-error.js';

/** The part of CBOR that receipts use: unsigned integers to 2^53-1, byte strings, texts, arrays, maps with integer keys. */
export type Cbor = number | string | Uint8Array | readonly Cbor[] | CborMap;

/** Keys are unsigned integers. */
export type CborMap = ReadonlyMap<number, Cbor>;

const MAJOR = { unsigned: 0, bytes: 2, text: 3, array: 4, map: 5 } as const;
const DEPTH_MAX = 8;

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1): shortest lengths, definite, map keys in ascending order of their
 * bytes, which for unsigned integers is their numeric order. @throws {RangeError} for what {@link Cbor} cannot hold
 */
export function encodeCbor(value: Cbor): Uint8Array {
  if (typeof value === 'number') return head(MAJOR.unsigned, value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new RangeError('a lone surrogate has no UTF-8');
    const bytes = utf8(value);
    return concat(head(MAJOR.text, bytes.length), bytes);
  }
  if (value instanceof Uint8Array) return concat(head(MAJOR.bytes, value.length), value);
  if (isMap(value)) {
    const entries = [...value].sort(([a], [b]) => a - b);
    return concat(head(MAJOR.map, entries.length), ...entries.flat().map(encodeCbor));
  }
  return concat(head(MAJOR.array, value.length), ...value.map(encodeCbor));
}

/**
 * Reads exactly one value. Everything that {@link encodeCbor} would write otherwise is refused: longer heads,
 * indefinite lengths, unsorted or repeated keys, other types, bytes behind the end. @throws {ProofError} CBOR_MALFORMED
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = { bytes, offset: 0 };
  const value = readValue(reader, 0);
  if (reader.offset !== bytes.length) throw malformed('bytes behind the end', reader.offset);
  return value;
}

/** Narrows; an array is never a map. */
export function isMap(value: Cbor | undefined): value is CborMap {
  return value instanceof Map;
}

interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

function head(major: number, argument: number): Uint8Array {
  if (!Number.isSafeInteger(argument) || argument < 0) throw new RangeError('an unsigned integer to 2^53-1 is wanted');
  const top = major << 5;
  if (argument < 24) return Uint8Array.of(top | argument);
  // 24 to 27 announce 1, 2, 4 and 8 bytes.
  const info = argument < 0x100 ? 24 : argument < 0x1_0000 ? 25 : argument < 0x1_0000_0000 ? 26 : 27;
  const width = 2 ** (info - 24);
  const wide = new Uint8Array(8);
  new DataView(wide.buffer).setBigUint64(0, BigInt(argument));
  return concat(Uint8Array.of(top | info), wide.subarray(8 - width));
}

function readValue(reader: Reader, depth: number): Cbor {
  if (depth > DEPTH_MAX) throw malformed('nested too deeply', reader.offset);
  const start = reader.offset;
  const first = reader.bytes[start];
  if (first === undefined) throw malformed('cut short', start);
  const major = first >> 5;
  const argument = readArgument(reader, first & 0x1f);
  switch (major) {
    case MAJOR.unsigned:
      return argument;
    case MAJOR.bytes:
      return copy(take(reader, argument));
    case MAJOR.text:
      return readText(reader, argument);
    case MAJOR.array:
      return readArray(reader, argument, depth);
    case MAJOR.map:
      return readMap(reader, argument, depth);
    default:
      throw malformed('a type that receipts do not use', start);
  }
}

/** Reads the argument behind an initial byte and leaves the reader behind it (RFC 8949 section 3). */
function readArgument(reader: Reader, info: number): number {
  const start = reader.offset;
  reader.offset += 1;
  if (info < 24) return info;
  if (info > 27) throw malformed('an indefinite or reserved length', start);
  const width = 2 ** (info - 24);
  let argument = 0n;
  for (const byte of take(reader, width)) argument = (argument << 8n) | BigInt(byte);
  const least = width === 1 ? 24n : 1n << BigInt(4 * width);
  if (argument < least) throw malformed('a head longer than needed', start);
  if (argument > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('an integer above 2^53-1', start);
  return Number(argument);
}

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.offset + length;
  if (end > reader.bytes.length) throw malformed('cut short', reader.offset);
  const part = reader.bytes.subarray(reader.offset, end);
  reader.offset = end;
  return part;
}

function readText(reader: Reader, length: number): string {
  const start = reader.offset;
  const text = fromUtf8(take(reader, length));
  if (text === undefined) throw malformed('a text that is not UTF-8', start);
  return text;
}

function readArray(reader: Reader, length: number, depth: number): Cbor[] {
  if (length > reader.bytes.length - reader.offset) throw malformed('cut short', reader.offset);
  return Array.from({ length }, () => readValue(reader, depth + 1));
}

function readMap(reader: Reader, length: number, depth: number): CborMap {
  const map = new Map<number, Cbor>();
  let last = -1;
  for (let count = 0; count < length; count += 1) {
    const start = reader.offset;
    const key = readValue(reader, depth + 1);
    if (typeof key !== 'number') throw malformed('a key that is no unsigned integer', start);
    if (key <= last) throw malformed('a key that is repeated or out of order', start);
    map.set(key, readValue(reader, depth + 1));
    last = key;
  }
  return map;
}

function malformed(what: string, offset: number): ProofError {
  return new ProofError('CBOR_MALFORMED', `${what}, at byte ${offset}`);
}
