import { fromUtf8 } from '../bytes.js';
import { ProofError } from '../proof-error.js';

/** What a field holds: a number, a text, bytes, or bytes any number of times. */
export type FieldKind = 'uint' | 'text' | 'bytes' | 'list';

/** The fields of a message that a reader knows, by number. */
export type Layout = Readonly<Record<number, FieldKind>>;

type Value<Kind> = Kind extends 'uint'
  ? bigint
  : Kind extends 'text'
    ? string
    : Kind extends 'bytes'
      ? Uint8Array
      : readonly Uint8Array[];

/** A message's fields by number; an absent one is 0, empty or no item, as proto3 has it. */
export type Message<L extends Layout> = { readonly [Number in keyof L]: Value<L[Number]> };

const VARINT = 0;
const DELIMITED = 2;

/**
 * Reads a message in the one form that Go and JavaScript marshal: fields ascending, each at most once unless it is a
 * list, shortest varints, no default values written out, nothing unknown, nothing behind the end. Stricter than
 * protobuf on purpose: bytes that were signed must have one meaning, and no room for passengers.
 * Source: protobuf.dev/programming-guides/encoding. @throws {ProofError} PROTOBUF_MALFORMED
 */
export function readMessage<const L extends Layout>(bytes: Uint8Array, layout: L, where: string): Message<L> {
  const reader = { bytes, offset: 0, where };
  const found = emptyMessage(layout);
  let last = 0;
  while (reader.offset < bytes.length) {
    const key = readVarint(reader);
    const number = Number(key >> 3n);
    const kind = layout[number];
    if (kind === undefined) throw malformed(reader, `a field ${number} that is not known`);
    if (number < last || (number === last && kind !== 'list')) throw malformed(reader, `field ${number} out of order`);
    last = number;
    readField(reader, kind, Number(key & 7n), found, number);
  }
  return found as Message<L>;
}

/**
 * Reads the fields of a message whose other fields and whose order do not matter: configurations, in which maps have
 * no order. The last of a repeated single field counts. @throws {ProofError} PROTOBUF_MALFORMED
 */
export function readLoosely<const L extends Layout>(bytes: Uint8Array, layout: L, where: string): Message<L> {
  const reader = { bytes, offset: 0, where };
  const found = emptyMessage(layout);
  while (reader.offset < bytes.length) {
    const key = readVarint(reader);
    const number = Number(key >> 3n);
    const kind = layout[number];
    if (kind === undefined) skip(reader, Number(key & 7n));
    else readField(reader, kind, Number(key & 7n), found, number, true);
  }
  return found as Message<L>;
}

interface Reader {
  readonly bytes: Uint8Array;
  readonly where: string;
  offset: number;
}

function emptyMessage(layout: Layout): Record<number, unknown> {
  const empty = { uint: () => 0n, text: () => '', bytes: () => new Uint8Array(0), list: () => [] };
  return Object.fromEntries(Object.entries(layout).map(([number, kind]) => [number, empty[kind]()]));
}

function readField(
  reader: Reader,
  kind: FieldKind,
  wire: number,
  found: Record<number, unknown>,
  number: number,
  loose = false,
): void {
  if (wire !== (kind === 'uint' ? VARINT : DELIMITED)) throw malformed(reader, `field ${number} of another type`);
  if (kind === 'uint') {
    const value = readVarint(reader);
    if (value === 0n && !loose) throw malformed(reader, `field ${number} written out as zero`);
    found[number] = value;
    return;
  }
  const content = readDelimited(reader);
  if (kind === 'list') (found[number] as Uint8Array[]).push(content);
  else found[number] = kind === 'text' ? readText(reader, content) : content;
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let length = 0; length < 10; length += 1) {
    const byte = reader.bytes[reader.offset];
    if (byte === undefined) throw malformed(reader, 'a varint cut short');
    reader.offset += 1;
    value |= BigInt(byte & 0x7f) << BigInt(7 * length);
    if (byte < 0x80) {
      if (byte === 0 && length > 0) throw malformed(reader, 'a varint longer than needed');
      if (value >= 1n << 64n) break;
      return value;
    }
  }
  throw malformed(reader, 'a varint above 64 bits');
}

function readDelimited(reader: Reader): Uint8Array {
  const length = readVarint(reader);
  const end = reader.offset + Number(length);
  if (length > BigInt(reader.bytes.length) || end > reader.bytes.length) throw malformed(reader, 'a field cut short');
  const content = reader.bytes.subarray(reader.offset, end);
  reader.offset = end;
  return content;
}

function readText(reader: Reader, content: Uint8Array): string {
  const text = fromUtf8(content);
  if (text === undefined) throw malformed(reader, 'a text that is not UTF-8');
  return text;
}

function skip(reader: Reader, wire: number): void {
  if (wire === VARINT) readVarint(reader);
  else if (wire === DELIMITED) readDelimited(reader);
  else if (wire === 1 || wire === 5) {
    reader.offset += wire === 1 ? 8 : 4;
    if (reader.offset > reader.bytes.length) throw malformed(reader, 'a field cut short');
  } else throw malformed(reader, 'a wire type that is not used');
}

function malformed({ where, offset }: Reader, what: string): ProofError {
  return new ProofError('PROTOBUF_MALFORMED', `${where}: ${what}, at byte ${offset}`);
}
