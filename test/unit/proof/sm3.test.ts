import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { toHex, utf8 } from '../../../proof/bytes.js';
import { Sm3, sm3 } from '../../../proof/crypto/sm3.js';

describe('SM3', () => {
  test.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('gives the value of GB/T 32905 for %s', (text, digest) => {
    expect(toHex(sm3(utf8(text)))).toBe(digest);
  });

  test('in parts of any length gives what it gives at once', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 8 }), (parts) => {
        const inParts = parts.reduce((hash, part) => hash.update(part), new Sm3()).digest();
        expect(toHex(inParts)).toBe(createHash('sm3').update(Buffer.concat(parts)).digest('hex'));
      }),
    );
  });

  test('agrees with OpenSSL on inputs of every length around the blocks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(toHex(sm3(bytes))).toBe(createHash('sm3').update(bytes).digest('hex'));
      }),
    );
  });
});
