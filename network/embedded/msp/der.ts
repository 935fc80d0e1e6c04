/** DER tags that certificates, revocation lists and ECDSA signatures use (ITU-T X.690; universal class unless said). */
export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Context class, constructed, number 0: a certificate's version and a revocation list's extensions. */
  context0: 0xa0,
  /** Context class, constructed, number 3: a certificate's extensions. */
  context3: 0xa3,
  /** Context class, primitive, number 0: the key identifier inside an authority key identifier. */
  contextPrimitive0: 0x80,
} as const;

/** Bytes that are not the DER wanted at that place. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One tag-length-value: `whole` includes tag and length, `content` is the value alone. Both are views, not copies. */
export interface DerElement {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

const lengthBytesMax = 4;

/** Reads the elements that stand side by side in one piece of DER, strictly: shortest lengths, nothing past the end. */
export class DerReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True when every byte has been read. */
  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** @returns whether another element follows and carries this tag. */
  nextIs(tag: number): boolean {
    return this.#bytes[this.#offset] === tag;
  }

  /** Reads the next element. @param tag the tag it must carry, any when absent. @throws {DerError} */
  next(tag?: number): DerElement {
    const start = this.#offset;
    const found = this.#byte();
    if (tag !== undefined && found !== tag) throw new DerError(`tag ${found} where ${tag} was wanted`);
    if ((found & 0x1f) === 0x1f) throw new DerError('tag longer than one byte');
    const length = this.#length();
    const contentStart = this.#offset;
    if (contentStart + length > this.#bytes.length) throw new DerError('element cut short');
    this.#offset = contentStart + length;
    return {
      tag: found,
      whole: this.#bytes.subarray(start, this.#offset),
      content: this.#bytes.subarray(contentStart, this.#offset),
    };
  }

  /** Reads the next element and opens it. @throws {DerError} */
  open(tag: number): DerReader {
    return new DerReader(this.next(tag).content);
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new DerError('element cut short');
    this.#offset += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > lengthBytesMax) throw new DerError('length of no or too many bytes');
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length not in its shortest form');
    return length;
  }
}

/** @returns the unsigned value of an INTEGER's content. @throws {DerError} when negative or not in its shortest form */
export function derUnsigned(content: Uint8Array): bigint {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) throw new DerError('INTEGER empty or negative');
  if (first === 0 && second !== undefined && second < 0x80) throw new DerError('INTEGER not in its shortest form');
  return BigInt(`0x${Buffer.from(content).toString('hex')}`);
}

/** @returns one DER element: tag, shortest length, the parts in order. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, content]);
}

/** @returns a DER INTEGER holding a value that is not negative. */
export function encodeDerUnsigned(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return encodeDer(DerTag.integer, padded);
}

/** @returns the dotted form of an OBJECT IDENTIFIER's content, such as `2.5.29.15`. @throws {DerError} when cut short */
export function derObjectId(content: Uint8Array): string {
  const numbers: bigint[] = [];
  let value = 0n;
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0n;
  }
  const [first, ...rest] = numbers;
  if (first === undefined || (content.at(-1) ?? 0x80) >= 0x80) throw new DerError('OBJECT IDENTIFIER cut short');
  const arc = first < 80n ? first / 40n : 2n;
  return [arc, first - arc * 40n, ...rest].join('.');
}
