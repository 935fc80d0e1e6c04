/** A field value as proto3 writes it; zero values are left out, as Go leaves them out. */
type Scalar = number | bigint | boolean | string | Uint8Array;

/** Numbers up to this are written without a detour over bigint: tags, lengths and most values. */
const smallMax = 2 ** 31 - 1;

function varint(value: number | bigint): Buffer {
  return typeof value === 'number' && value >= 0 && value <= smallMax ? smallVarint(value) : bigVarint(BigInt(value));
}

function smallVarint(value: number): Buffer {
  if (value < 0x80) return Buffer.of(value);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

function bigVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** Base-128 varint of a 64-bit number (protobuf encoding guide). */
export function encodeVarint(value: number | bigint): Uint8Array {
  return varint(value);
}

/**
 * Writes one protobuf message, in the order of the calls; callers use ascending field numbers, which makes the bytes
 * equal to those of Go's deterministic marshalling. Chainable: `new Writer().field(1, 'a').message(2, inner).bytes()`.
 */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  /** A proto3 scalar, text or byte field; written only when it is not the zero value. */
  field(number: number, value: Scalar): this {
    if (typeof value === 'string') return value === '' ? this : this.message(number, Buffer.from(value));
    if (value instanceof Uint8Array) return value.length === 0 ? this : this.message(number, value);
    const scalar = typeof value === 'boolean' ? Number(value) : value;
    if (scalar !== 0 && scalar !== 0n) this.#parts.push(varint(number * 8), varint(scalar));
    return this;
  }

  /** An embedded message, written even when empty; left out when undefined. */
  message(number: number, value: Uint8Array | undefined): this {
    if (value !== undefined) this.#parts.push(varint(number * 8 + 2), varint(value.length), value);
    return this;
  }

  /** A repeated message, byte or text field: every element is written, also an empty one. */
  messages(number: number, values: readonly (Uint8Array | string)[]): this {
    for (const value of values) this.message(number, typeof value === 'string' ? Buffer.from(value) : value);
    return this;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
