/** Base-128 form of a number, as protobuf writes it. */
export function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    bytes.push(rest > 0x7fn ? low | 0x80 : low);
    if (rest <= 0x7fn) return Buffer.from(bytes);
  }
}

/** A protobuf field of bytes, text or a message; present even where it is empty. */
export function lengthDelimited(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A protobuf field of bytes, left out where they are empty. */
export function optionalBytes(number: number, bytes: Uint8Array): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : lengthDelimited(number, bytes);
}

/** A protobuf number or flag, left out where it is zero. */
export function optionalNumber(number: number, value: bigint | number): Buffer {
  return BigInt(value) === 0n ? Buffer.alloc(0) : Buffer.concat([varint(number * 8), varint(value)]);
}
