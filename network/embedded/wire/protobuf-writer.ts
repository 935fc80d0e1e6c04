/** A field value as proto3 writes it; zero values are left out, as Go leaves them out. */
type Scalar = number | bigint | boolean | string | Uint8Array;

function varint(value: bigint): Buffer {
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
  return varint(BigInt(value));
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
    const scalar = BigInt(value);
    if (scalar !== 0n) this.#parts.push(varint(BigInt(number * 8)), varint(scalar));
    return this;
  }

  /** An embedded message, written even when empty; left out when undefined. */
  message(number: number, value: Uint8Array | undefined): this {
    if (value !== undefined) this.#parts.push(varint(BigInt(number * 8 + 2)), varint(BigInt(value.length)), value);
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
