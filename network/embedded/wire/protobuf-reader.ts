import { WireError } from './wire-error.js';

/** Groups nest at most this deep, as in Go (protowire.DefaultRecursionLimit). */
const GROUP_DEPTH_MAX = 10_000;
const FIELD_NUMBER_MAX = 2 ** 29 - 1;
const EMPTY = new Uint8Array(0);
// `ignoreBOM` keeps a leading U+FEFF, which is a legal part of a state key.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Value = number | bigint | Uint8Array;

class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** Base-128 varint, at most ten bytes and 64 bits; a `number` when seven bytes were enough. */
  varint(): number | bigint {
    let low = 0;
    for (let length = 0; length < 7; length += 1) {
      const byte = this.#byte();
      low += (byte & 0x7f) * 2 ** (7 * length);
      if (byte < 0x80) return low;
    }
    let value = BigInt(low);
    for (let length = 7; length < 10; length += 1) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * length);
      if (byte < 0x80 && value < 2n ** 64n) return value;
    }
    throw new WireError('BAD_BYTES', 'varint longer than ten bytes or 64 bits');
  }

  bytes(): Uint8Array {
    return this.take(Number(this.varint()));
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new WireError('BAD_BYTES', `field cut short at byte ${this.#offset}`);
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new WireError('BAD_BYTES', `varint cut short at byte ${this.#offset}`);
    this.#offset += 1;
    return byte;
  }
}

function readTag(cursor: Cursor): { number: number; type: number } {
  const tag = Number(cursor.varint());
  const number = Math.floor(tag / 8);
  if (number < 1 || number > FIELD_NUMBER_MAX) throw new WireError('BAD_BYTES', 'field number out of range');
  return { number, type: tag % 8 };
}

function skipGroup(cursor: Cursor, opened: number): void {
  const open = [opened];
  while (open.length > 0) {
    const { number, type } = readTag(cursor);
    if (type === 3) open.push(number);
    else if (type !== 4) readValue(cursor, number, type);
    else if (open.pop() !== number) throw new WireError('BAD_BYTES', 'group closed by another number');
    if (open.length > GROUP_DEPTH_MAX) throw new WireError('BAD_BYTES', 'groups nest too deep');
  }
}

function readValue(cursor: Cursor, number: number, type: number): Value | undefined {
  switch (type) {
    case 0:
      return cursor.varint();
    case 1:
      cursor.take(8);
      return undefined;
    case 2:
      return cursor.bytes();
    case 3:
      skipGroup(cursor, number);
      return undefined;
    case 5:
      cursor.take(4);
      return undefined;
    default:
      throw new WireError('BAD_BYTES', `wire type ${type}`);
  }
}

/**
 * The fields of one protobuf message, read once and asked by number. Semantics are Go's (google.golang.org/protobuf):
 * unknown numbers and mismatched wire types are ignored, the last scalar wins, an absent scalar is its zero value, and
 * text must be UTF-8. Byte values are views of the input, not copies.
 */
export class Fields {
  readonly #numbers: number[] = [];
  readonly #values: Value[] = [];

  /** @throws {WireError} BAD_BYTES when `bytes` is not a well-formed message. */
  constructor(bytes: Uint8Array) {
    const cursor = new Cursor(bytes);
    while (!cursor.done) {
      const { number, type } = readTag(cursor);
      const value = readValue(cursor, number, type);
      if (value === undefined) continue;
      this.#numbers.push(number);
      this.#values.push(value);
    }
  }

  /** Byte field, empty when absent. */
  bytes(number: number): Uint8Array {
    return this.allBytes(number).at(-1) ?? EMPTY;
  }

  /** Every occurrence of a repeated byte or message field, in order. */
  allBytes(number: number): Uint8Array[] {
    return this.#values.filter((value, i): value is Uint8Array => this.#is(i, number) && value instanceof Uint8Array);
  }

  /** Bytes of an embedded message; several occurrences are joined, which is how protobuf defines their merge. */
  message(number: number): Uint8Array | undefined {
    const parts = this.allBytes(number);
    return parts.length > 1 ? Buffer.concat(parts) : parts[0];
  }

  /** @throws {WireError} BAD_BYTES when the text is not UTF-8. */
  text(number: number): string {
    // Every occurrence is decoded, because Go refuses a message for any bad one, not only for the last.
    return this.texts(number).at(-1) ?? '';
  }

  /** Every occurrence of a repeated text field, in order. @throws {WireError} BAD_BYTES */
  texts(number: number): string[] {
    return this.allBytes(number).map(readText);
  }

  /** Unsigned 64-bit field. */
  uint64(number: number): bigint {
    return BigInt(this.#scalar(number));
  }

  /** Signed 32-bit field or enum; wider values are cut as protobuf asks. */
  int32(number: number): number {
    const value = this.#scalar(number);
    return typeof value === 'number' && value < 2 ** 31 ? value : Number(BigInt.asIntN(32, BigInt(value)));
  }

  /** Unsigned 32-bit field; wider values are cut as protobuf asks. */
  uint32(number: number): number {
    return this.int32(number) >>> 0;
  }

  flag(number: number): boolean {
    return Number(this.#scalar(number)) !== 0;
  }

  /** The last of the numbers in `oneof` that occurs, or undefined. */
  lastOf(...oneof: readonly number[]): number | undefined {
    return this.#numbers.findLast((number, i) => oneof.includes(number) && this.#values[i] instanceof Uint8Array);
  }

  #is(i: number, number: number): boolean {
    return this.#numbers[i] === number;
  }

  #scalar(number: number): number | bigint {
    const found = this.#values.findLast((value, i) => this.#is(i, number) && !(value instanceof Uint8Array));
    return found === undefined || found instanceof Uint8Array ? 0 : found;
  }
}

function readText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new WireError('BAD_BYTES', 'text is not UTF-8', { cause });
  }
}
