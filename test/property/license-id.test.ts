import fc from 'fast-check';

import {
  formatLicenseId,
  LICENSE_ID_ROOT,
  type LicenseId,
  parseIssuerCode,
  parseLicenseId,
  parseLicenseSerial,
  parseLicenseTypeCode,
  readLicenseParts,
} from '../../domain/license-id.js';
import { holdsPersonalNumber } from '../../domain/personal-number.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const UNIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const ofAlphabet = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });

/** A unit code with its check character, computed by the standard's words: weights are powers of 3, modulo 31. */
const unitCode = ofAlphabet(UNIT_ALPHABET, 17, 17).map((body) => {
  let weight = 1;
  let sum = 0;
  for (const character of body) {
    sum += UNIT_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return body + UNIT_ALPHABET.charAt((31 - (sum % 31)) % 31);
});

const parts = fc
  .record({
    definer: unitCode,
    number: fc.integer({ min: 0, max: 999 }),
    issuer: unitCode,
    serial: ofAlphabet(ALPHABET, 7, 32).filter((serial) => !holdsPersonalNumber(serial)),
    version: fc.integer({ min: 1, max: 999 }),
  })
  .map(({ definer, number, issuer, serial, version }) => ({
    typeCode: parseLicenseTypeCode(definer + String(number).padStart(3, '0')),
    issuerCode: parseIssuerCode(issuer),
    serial: parseLicenseSerial(serial),
    version,
  }));

function accepts(text: string): boolean {
  try {
    return parseLicenseId(text) !== '';
  } catch {
    return false;
  }
}

describe('licence identifiers', () => {
  test('what was formatted is read back as it was, with and without the root', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const id = formatLicenseId(given);
        expect(readLicenseParts(id)).toEqual(given);
        expect(parseLicenseId(id.slice(LICENSE_ID_ROOT.length + 1))).toBe(id);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every single character that is replaced is caught, at every place', () => {
    const missed: string[] = [];
    const tryAll = (id: LicenseId) => {
      for (let at = 0; at < id.length; at += 1) {
        for (const character of `${ALPHABET}.`) {
          const changed = id.slice(0, at) + character + id.slice(at + 1);
          if (changed !== id && accepts(changed)) missed.push(changed);
        }
      }
    };
    fc.assert(
      fc.property(parts, (given) => {
        tryAll(formatLicenseId(given));
      }),
      { numRuns: 60 },
    );
    expect(missed).toEqual([]);
  });

  test('whatever the text, nothing but ID_MALFORMED comes out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (value) => {
        expect(() => parseLicenseId(value)).toThrow(/ID_MALFORMED/);
      }),
    );
  });
});
