import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';

import { createSigner, toLowS } from '../../../gateway/ledger/signer.js';
import { readDer } from '../../../gateway/identity/der.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function scalars(der: Uint8Array): { r: bigint; s: bigint } {
  const { start } = readDer(der, 0);
  const r = readDer(der, start);
  const s = readDer(der, r.end);
  expect(s.end).toBe(der.length);
  const number = ({ start: from, end }: typeof r) =>
    BigInt(`0x${Buffer.from(der.subarray(from, end)).toString('hex')}`);
  return { r: number(r), s: number(s) };
}

/** DER as OpenSSL gives it: signed integers of the shortest form. */
function encode(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const hex = value.toString(16);
    const even = hex.length % 2 === 0 ? hex : `0${hex}`;
    const digits = Buffer.from(even >= '8' ? `00${even}` : even, 'hex');
    return Buffer.concat([Buffer.of(0x02, digits.length), digits]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

describe('the signer', () => {
  let privateKey: KeyObject;
  beforeAll(() => {
    ({ privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  });

  test('gives DER that OpenSSL verifies, always with s in the lower half of the order', async () => {
    const sign = createSigner(privateKey);
    const publicKey = createPublicKey(privateKey);
    for (let count = 0; count < 64; count += 1) {
      const message = Buffer.from(`message ${count}`);
      const signature = await sign(message);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      expect(scalars(signature).s <= ORDER / 2n).toBe(true); // By chance all 64 would be low once in 2^64.
    }
  });

  test('turns a high s into its mirror and leaves a low one alone', () => {
    for (const [r, s, low] of [
      [7n, ORDER - 5n, 5n],
      [7n, 5n, 5n],
      [ORDER - 1n, ORDER / 2n, ORDER / 2n],
      [ORDER - 1n, ORDER / 2n + 1n, ORDER / 2n],
    ] as const) {
      expect(scalars(toLowS(encode(r, s)))).toEqual({ r, s: low });
    }
  });

  test('refuses a key of another curve', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    expect(() => createSigner(other)).toThrow(TypeError);
    expect(() => createSigner(generateKeyPairSync('ed25519').privateKey)).toThrow(TypeError);
  });
});
