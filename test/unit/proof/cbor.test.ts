import * as cborg from 'cborg';
import fc from 'fast-check';
import { type Cbor, decodeCbor, encodeCbor } from '../../../proof/format/cbor.js';
import { ProofError } from '../../../proof/proof-error.js';
import { fromHex, toHex } from '../../../proof/bytes.js';

const value: fc.Arbitrary<Cbor> = fc.letrec<{ cbor: Cbor }>((tie) => ({
  cbor: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.maxSafeNat(),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
    fc.array(tie('cbor'), { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(), tie('cbor')), { maxLength: 5 }).map((entries) => new Map(entries)),
  ),
})).cbor;

describe('deterministic CBOR', () => {
  test('writes what another implementation writes, and reads it back', () => {
    fc.assert(
      fc.property(value, (sample) => {
        const bytes = encodeCbor(sample);
        expect(toHex(bytes)).toBe(toHex(cborg.encode(sample)));
        expect(decodeCbor(bytes)).toEqual(sample);
      }),
    );
  });

  test('whatever bytes it reads, it would write them again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(toHex(encodeCbor(decodeCbor(bytes)))).toBe(toHex(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['1817', 'a head longer than needed'],
    ['190017', 'a head longer than needed'],
    ['1a0000ffff', 'a head longer than needed'],
    ['1b00000000ffffffff', 'a head longer than needed'],
    ['1b0020000000000000', 'above 2^53-1'],
    ['5f4100ff', 'indefinite'],
    ['20', 'a type that receipts do not use'],
    ['f6', 'a type that receipts do not use'],
    ['c000', 'a type that receipts do not use'],
    ['a201000000', 'repeated or out of order'],
    ['a200000000', 'repeated or out of order'],
    ['a1616100', 'no unsigned integer'],
    ['61ff', 'not UTF-8'],
    ['0000', 'behind the end'],
    ['42', 'cut short'],
    ['9affffffff', 'cut short'],
    ['', 'cut short'],
    ['81'.repeat(12) + '00', 'nested too deeply'],
  ])('refuses %s: %s', (hex, reason) => {
    expect(() => decodeCbor(fromHex(hex) ?? new Uint8Array())).toThrow(reason);
  });
});
