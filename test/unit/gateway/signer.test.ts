import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';

import { createSigner, encodeLowS } from '../../../gateway/ledger/signer.js';
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
    const raw = (r: bigint, s: bigint) =>
      Buffer.from([r, s].map((value) => value.toString(16).padStart(64, '0')).join(''), 'hex');
    expect(scalars(encodeLowS(raw(7n, ORDER - 5n)))).toEqual({ r: 7n, s: 5n });
    expect(scalars(encodeLowS(raw(7n, 5n)))).toEqual({ r: 7n, s: 5n });
    expect(scalars(encodeLowS(raw(ORDER - 1n, ORDER / 2n)))).toEqual({ r: ORDER - 1n, s: ORDER / 2n });
  });

  test('refuses a key of another curve', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    expect(() => createSigner(other)).toThrow(TypeError);
    expect(() => createSigner(generateKeyPairSync('ed25519').privateKey)).toThrow(TypeError);
  });
});
