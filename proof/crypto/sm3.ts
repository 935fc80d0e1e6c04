import { concat } from '../bytes.js';

const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e] as const;
const BLOCK_BYTES = 64;

/**
 * SM3, 32 bytes (GB/T 32905-2016), over the whole input at once: for a browser, which has no SM3 of its own.
 * `test/unit/proof/sm3.test.ts` compares it with the standard's vectors and with OpenSSL.
 */
export function sm3(input: Uint8Array): Uint8Array {
  const padded = pad(input);
  const view = new DataView(padded.buffer);
  const state = Uint32Array.from(START);
  const words = new Uint32Array(68);
  for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(offset + 4 * index);
    compress(state, words);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  state.forEach((word, index) => {
    out.setUint32(4 * index, word);
  });
  return digest;
}

/** A one bit, zeros, and the length in bits as 64 bits (section 5.2). */
function pad(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const zeros = (2 * BLOCK_BYTES - 9 - (input.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const tail = new Uint8Array(1 + zeros + 8);
  tail[0] = 0x80;
  new DataView(tail.buffer).setBigUint64(1 + zeros, BigInt(input.length) * 8n);
  return new Uint8Array(concat(input, tail));
}

function rotate(word: number, by: number): number {
  const bits = by % 32;
  return bits === 0 ? word : (word << bits) | (word >>> (32 - bits));
}

/** P1 of section 4.4, which expands the message. */
function p1(x: number): number {
  return x ^ rotate(x, 15) ^ rotate(x, 23);
}

/** FF and GG of section 4.4, and the constant T of section 4.3, all of which change after the sixteenth round. */
function early(a: number, b: number, c: number, e: number, f: number, g: number): Round {
  return [a ^ b ^ c, e ^ f ^ g, 0x79cc4519];
}

function late(a: number, b: number, c: number, e: number, f: number, g: number): Round {
  return [(a & b) | (a & c) | (b & c), (e & f) | (~e & g), 0x7a879d8a];
}

type Round = readonly [ff: number, gg: number, constant: number];

function expand(words: Uint32Array): void {
  const at = (index: number) => words[index] ?? 0;
  for (let j = 16; j < 68; j += 1) {
    words[j] = p1(at(j - 16) ^ at(j - 9) ^ rotate(at(j - 3), 15)) ^ rotate(at(j - 13), 7) ^ at(j - 6);
  }
}

/** The compression function CF of section 5.3.3. */
function compress(state: Uint32Array, words: Uint32Array): void {
  expand(words);
  const v = new Uint32Array(state);
  const at = (index: number) => v[index] ?? 0;
  for (let j = 0; j < 64; j += 1) {
    const [ff, gg, constant] = (j < 16 ? early : late)(at(0), at(1), at(2), at(4), at(5), at(6));
    const a12 = rotate(at(0), 12);
    const ss1 = rotate((a12 + at(4) + rotate(constant, j)) | 0, 7);
    const word = words[j] ?? 0;
    const tt1 = ff + at(3) + (ss1 ^ a12) + (word ^ (words[j + 4] ?? 0));
    const tt2 = (gg + at(7) + ss1 + word) | 0;
    v.set([
      tt1,
      at(0),
      rotate(at(1), 9),
      at(2),
      tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17),
      at(4),
      rotate(at(5), 19),
      at(6),
    ]);
  }
  state.forEach((value, index) => {
    state[index] = value ^ at(index);
  });
}
