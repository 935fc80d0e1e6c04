import { randomBytes } from 'node:crypto';
import { fromHex } from '../../../proof/bytes.js';
import { sm2Digest, sm2KeyOf, Sm2Point, verifySm2 } from '../../../proof/crypto/sm2.js';
import { TestSealKey } from '../../support/receipts/sealing.js';

const bytes = (text: string) => fromHex(text.toLowerCase()) ?? new Uint8Array();

/** The example of GB/T 32918.5-2017 annex A. */
const EXAMPLE = {
  key: bytes(
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020' +
      'CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13',
  ),
  message: Buffer.from('message digest'),
  digest: 0xf0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640n,
  signature: bytes(
    '3046022100F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3' +
      '022100B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
  ),
};

describe('SM2', () => {
  test("verifies the standard's example, whose digest covers the default id and the key", () => {
    expect(sm2Digest(EXAMPLE.key, EXAMPLE.message)).toBe(EXAMPLE.digest);
    expect(verifySm2(EXAMPLE.key, EXAMPLE.signature, EXAMPLE.message)).toBe(true);
  });

  test('verifies what OpenSSL signed under the default id, and nothing that it signed otherwise', () => {
    using openssl = new TestSealKey();
    const key = sm2KeyOf(openssl.publicKey);
    for (const size of [0, 1, 31, 32, 33, 1000]) {
      const message = randomBytes(size);
      const signature = openssl.sign(message);
      expect(verifySm2(key, signature, message)).toBe(true);
      expect(verifySm2(key, signature, Buffer.concat([message, Buffer.of(0)]))).toBe(false);
      expect(verifySm2(EXAMPLE.key, signature, message)).toBe(false);
      expect(verifySm2(key, openssl.sign(message, 'another'), message)).toBe(false);
    }
  });

  test('refuses a changed byte anywhere in signature or key', () => {
    const flipped = (from: Uint8Array, at: number) => from.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const { key, signature, message } = EXAMPLE;
    for (const at of signature.keys()) expect(verifySm2(key, flipped(signature, at), message)).toBe(false);
    for (const at of key.keys()) expect(verifySm2(flipped(key, at), signature, message)).toBe(false);
  });

  test('refuses numbers outside of the group and points outside of the curve', () => {
    const { key, message } = EXAMPLE;
    const order = Buffer.from(Sm2Point.CURVE().n.toString(16), 'hex');
    const number = Buffer.concat([Buffer.of(0x02, 33, 0), order]);
    const one = Buffer.of(0x02, 1, 1);
    const zero = Buffer.of(0x02, 1, 0);
    const pairs = [number, one, zero].flatMap((r) => [number, one, zero].map((s) => Buffer.concat([r, s])));
    for (const both of pairs) {
      expect(verifySm2(key, Buffer.concat([Buffer.of(0x30, both.length), both]), message)).toBe(false);
    }
    expect(verifySm2(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]), EXAMPLE.signature, message)).toBe(false);
    expect(verifySm2(Buffer.alloc(65), EXAMPLE.signature, message)).toBe(false);
  });
});
