/** One DER value: its tag, where its contents lie, and where the next value begins. Offsets count bytes. */
export interface DerValue {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** DER tags that an X.509 certificate uses around its extensions (ITU-T X.690, RFC 5280). */
export const DER_TAG = { octetString: 0x04, objectId: 0x06, sequence: 0x30, extensions: 0xa3 } as const;

const LENGTH_BYTES_MAX = 4;

/**
 * Reads the DER value at `offset`. Definite lengths only, as DER demands; nothing is read past `bytes`.
 * @throws {RangeError} where the value is cut short or its length is not DER.
 */
export function readDer(bytes: Uint8Array, offset: number): DerValue {
  const tag = byteAt(bytes, offset);
  const first = byteAt(bytes, offset + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > LENGTH_BYTES_MAX) throw new RangeError('a length that is not DER');
  const start = offset + 2 + lengthBytes;
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + byteAt(bytes, offset + 2 + index);
  if (start + length > bytes.length) throw new RangeError('a DER value cut short');
  return { tag, start, end: start + length };
}

/** The values inside a constructed one, in order. @throws {RangeError} as {@link readDer} */
export function* childrenOf(bytes: Uint8Array, parent: DerValue): Generator<DerValue> {
  for (let offset = parent.start; offset < parent.end;) {
    const child = readDer(bytes, offset);
    if (child.end > parent.end) throw new RangeError('a DER value longer than what holds it');
    yield child;
    offset = child.end;
  }
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new RangeError('a DER value cut short');
  return byte;
}
