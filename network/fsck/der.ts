import { Unreadable } from './unreadable.js';

/** Reads ASN.1 values in DER one after the other (ITU-T X.690), as far as signatures and revocation lists need it. */
export class Der {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next value's tag, `undefined` at the end. */
  get tag(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next value: its content, and all of it with tag and length. @throws Unreadable */
  next(): { readonly tag: number; readonly content: Uint8Array; readonly whole: Uint8Array } {
    const from = this.#at;
    const tag = this.#byte();
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Unreadable('a DER value that is cut short');
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, whole: this.#bytes.subarray(from, end) };
  }

  /** The inside of the next value, which must have this tag. @throws Unreadable */
  enter(tag: number): Der {
    return new Der(this.take(tag));
  }

  /** Content of the next value, which must have this tag. @throws Unreadable */
  take(tag: number): Uint8Array {
    const found = this.next();
    if (found.tag !== tag) throw new Unreadable(`DER tag ${found.tag} where ${tag} was wanted`);
    return found.content;
  }

  /** A positive INTEGER; a negative one reads as -1. @throws Unreadable */
  integer(): bigint {
    const content = this.take(0x02);
    if (content.length === 0) throw new Unreadable('an INTEGER without digits');
    if ((content[0] ?? 0) > 0x7f) return -1n;
    return BigInt(`0x${Buffer.from(content).toString('hex')}`);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Unreadable('a DER value that is cut short');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    let length = 0;
    for (let count = first & 0x7f; count > 0; count -= 1) length = length * 256 + this.#byte();
    if (first === 0x80 || length < 0x80 || length > 2 ** 31) throw new Unreadable('a DER length of another form');
    return length;
  }
}

/** SEQUENCE of two positive INTEGERs: a signature. */
export function derPair(...numbers: readonly bigint[]): Buffer {
  const members = numbers.map((number) => {
    const digits = number.toString(16);
    const bytes = Buffer.from(`00${digits.length % 2 === 1 ? '0' : ''}${digits}`, 'hex');
    const short = (bytes[1] ?? 0) > 0x7f ? bytes : bytes.subarray(1);
    return Buffer.concat([Buffer.of(0x02, short.length), short]);
  });
  const content = Buffer.concat(members);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
