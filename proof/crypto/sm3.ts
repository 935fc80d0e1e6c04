const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e] as const;
const BLOCK_BYTES = 64;
const EARLY_ROUNDS = 16;
const ROUNDS = 64;
/** The constants T of section 4.3, each already rotated by its round. */
const CONSTANTS = Int32Array.from({ length: ROUNDS }, (_, j) => rotate(j < EARLY_ROUNDS ? 0x79cc4519 : 0x7a879d8a, j));

/**
 * SM3 (GB/T 32905-2016) over bytes that come in parts: for a browser, which has no SM3 of its own and reads large files
 * piece by piece. `test/unit/proof/sm3.test.ts` compares it with the standard's vectors and with OpenSSL.
 */
export class Sm3 {
  readonly #state = Int32Array.from(START);
  readonly #words = new Int32Array(ROUNDS + 4);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #blockView = new DataView(this.#block.buffer);
  /** Bytes that wait in the block. */
  #waiting = 0;
  #bytes = 0;

  /** Takes the next part, of any length. */
  update(part: Uint8Array): this {
    this.#bytes += part.length;
    let offset = this.#fillBlock(part);
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    for (; offset + BLOCK_BYTES <= part.length; offset += BLOCK_BYTES) this.#take(view, offset);
    this.#block.set(part.subarray(offset), this.#waiting);
    this.#waiting += part.length - offset;
    return this;
  }

  /** @returns 32 bytes; nothing may be added afterwards. */
  digest(): Uint8Array {
    // A one bit, zeros, and the length in bits as 64 bits (section 5.2).
    const zeros = (2 * BLOCK_BYTES - 9 - (this.#bytes % BLOCK_BYTES)) % BLOCK_BYTES;
    const tail = new Uint8Array(1 + zeros + 8);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(1 + zeros, BigInt(this.#bytes) * 8n);
    this.update(tail);
    const digest = new Uint8Array(32);
    const out = new DataView(digest.buffer);
    this.#state.forEach((word, index) => {
      out.setInt32(4 * index, word);
    });
    return digest;
  }

  /** Completes a block that was begun. @returns how many bytes of the part that took */
  #fillBlock(part: Uint8Array): number {
    if (this.#waiting === 0) return 0;
    const taken = Math.min(BLOCK_BYTES - this.#waiting, part.length);
    this.#block.set(part.subarray(0, taken), this.#waiting);
    this.#waiting += taken;
    if (this.#waiting < BLOCK_BYTES) return part.length;
    this.#waiting = 0;
    this.#take(this.#blockView, 0);
    return taken;
  }

  #take(view: DataView, offset: number): void {
    const words = this.#words;
    for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(offset + 4 * index);
    expand(words);
    compress(this.#state, words);
  }
}

/** SM3 of the whole input at once, 32 bytes. */
export function sm3(input: Uint8Array): Uint8Array {
  return new Sm3().update(input).digest();
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Section 5.3.2; P1 of section 4.4 is what `x` goes through. */
function expand(words: Int32Array): void {
  for (let j = 16; j < ROUNDS + 4; j += 1) {
    const x = word(words, j - 16) ^ word(words, j - 9) ^ rotate(word(words, j - 3), 15);
    words[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(word(words, j - 13), 7) ^ word(words, j - 6);
  }
}

/** The compression function CF of section 5.3.3. Plain variables: arrays here cost two thirds of the speed. */
function compress(state: Int32Array, words: Int32Array): void {
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  let f = word(state, 5);
  let g = word(state, 6);
  let h = word(state, 7);
  for (let j = 0; j < ROUNDS; j += 1) {
    const early = j < EARLY_ROUNDS;
    const a12 = rotate(a, 12);
    const ss1 = rotate((a12 + e + word(CONSTANTS, j)) | 0, 7);
    // FF and GG of section 4.4, which change after the sixteenth round.
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + (ss1 ^ a12) + (word(words, j) ^ word(words, j + 4))) | 0;
    const tt2 = (gg + h + ss1 + word(words, j)) | 0;
    d = c;
    c = rotate(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = rotate(f, 19);
    f = e;
    e = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17);
  }
  state[0] = word(state, 0) ^ a;
  state[1] = word(state, 1) ^ b;
  state[2] = word(state, 2) ^ c;
  state[3] = word(state, 3) ^ d;
  state[4] = word(state, 4) ^ e;
  state[5] = word(state, 5) ^ f;
  state[6] = word(state, 6) ^ g;
  state[7] = word(state, 7) ^ h;
}

function word(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}
