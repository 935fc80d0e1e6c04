import { isUtf8 } from 'node:buffer';

import { Unreadable } from './unreadable.js';

/**
 * Text and keys as this checker holds them: one character for each byte of UTF-8, so that the order of strings is the
 * order of bytes. `display` makes text of it.
 */
export type ByteString = string;

/** What people read of a byte string. */
export function display(text: ByteString): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** Text of ours as a byte string. */
export function byteString(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

interface Field {
  readonly number: number;
  /** A varint, or the bytes of a length-delimited field as a view of the message. */
  readonly value: bigint | Uint8Array;
}

const nothing = new Uint8Array(0);
const groupsMax = 10_000;

/**
 * One protobuf message, taken apart by its own rules (protobuf.dev, encoding): unknown fields are skipped, the last
 * scalar counts, several occurrences of an embedded message are one. Written for this checker alone, so that a mistake
 * of whoever wrote the blocks cannot repeat itself here. Byte values are views, never copies.
 */
export class Message {
  readonly #fields: readonly Field[];

  /** @throws Unreadable */
  constructor(bytes: Uint8Array) {
    this.#fields = readFields(bytes);
  }

  /** Every occurrence of a byte, text or message field. */
  all(number: number): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (const field of this.#fields) {
      if (field.number === number && typeof field.value !== 'bigint') found.push(field.value);
    }
    return found;
  }

  /** The last occurrence of a byte field, empty where there is none. */
  bytes(number: number): Uint8Array {
    return this.all(number).at(-1) ?? nothing;
  }

  /** An embedded message's bytes; `undefined` where it is absent. */
  part(number: number): Uint8Array | undefined {
    const parts = this.all(number);
    return parts.length > 1 ? Buffer.concat(parts) : parts[0];
  }

  /** An embedded message, an empty one where it is absent. @throws Unreadable */
  message(number: number): Message {
    return new Message(this.part(number) ?? nothing);
  }

  /** @throws Unreadable where any occurrence is not UTF-8 */
  text(number: number): ByteString {
    return this.texts(number).at(-1) ?? '';
  }

  /** @throws Unreadable */
  texts(number: number): ByteString[] {
    return this.all(number).map((bytes) => {
      if (!isUtf8(bytes)) throw new Unreadable('text that is not UTF-8');
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    });
  }

  /** Unsigned, 64 bits. */
  uint(number: number): bigint {
    const found = this.#fields.findLast((field) => field.number === number && typeof field.value === 'bigint');
    return typeof found?.value === 'bigint' ? found.value : 0n;
  }

  /** Signed, 32 bits; wider values are cut. */
  int(number: number): number {
    return Number(BigInt.asIntN(32, this.uint(number)));
  }

  flag(number: number): boolean {
    return this.uint(number) !== 0n;
  }

  /** Which member of a oneof of messages came last. */
  which(...numbers: readonly number[]): number | undefined {
    return this.#fields.findLast(({ number, value }) => numbers.includes(number) && typeof value !== 'bigint')?.number;
  }

  /** Entries of a `map<string, message>`: the last of one name counts. @throws Unreadable */
  map(number: number): Map<ByteString, Uint8Array> {
    return new Map(
      this.all(number).map((bytes) => {
        const entry = new Message(bytes);
        return [entry.text(1), entry.part(2) ?? nothing] as const;
      }),
    );
  }
}

function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  const groups: number[] = [];
  let at = 0;
  const varint = (): bigint => {
    let small = 0;
    for (let count = 0; count < 10; count += 1) {
      const byte = bytes[at];
      if (byte === undefined) break;
      at += 1;
      if (count < 4) {
        small |= (byte & 0x7f) << (7 * count);
        if (byte < 0x80) return BigInt(small);
        continue;
      }
      return wideVarint(bytes, at - 1 - count, (next) => (at = next));
    }
    throw new Unreadable(`a varint that does not end, at byte ${at}`);
  };
  const take = (count: bigint): Uint8Array => {
    const end = at + Number(count);
    if (end > bytes.length) throw new Unreadable(`a field that is cut short, at byte ${at}`);
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number < 1 || number >= 2 ** 29) throw new Unreadable(`field number ${number}`);
    const value = readValue(Number(tag & 7n), number, groups, varint, take);
    if (value !== undefined && groups.length === 0) fields.push({ number, value });
  }
  if (groups.length > 0) throw new Unreadable('a group that does not end');
  return fields;
}

/** A varint of more than four bytes, read again from its beginning. */
function wideVarint(bytes: Uint8Array, from: number, move: (next: number) => void): bigint {
  let value = 0n;
  for (let count = 0; count < 10; count += 1) {
    const byte = bytes[from + count];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << BigInt(7 * count);
    if (byte >= 0x80) continue;
    if (value >= 1n << 64n) break;
    move(from + count + 1);
    return value;
  }
  throw new Unreadable(`a varint that does not end, at byte ${from}`);
}

function readValue(
  type: number,
  number: number,
  groups: number[],
  varint: () => bigint,
  take: (count: bigint) => Uint8Array,
): bigint | Uint8Array | undefined {
  switch (type) {
    case 0:
      return varint();
    case 2:
      return take(varint());
    case 1:
    case 5:
      take(type === 1 ? 8n : 4n);
      return undefined;
    case 3:
      if (groups.push(number) > groupsMax) throw new Unreadable('groups that nest too deep');
      return undefined;
    case 4:
      if (groups.pop() !== number) throw new Unreadable('a group that another number ends');
      return undefined;
    default:
      throw new Unreadable(`wire type ${type}`);
  }
}
