import { DomainError } from '../../../domain/errors.js';
import { parseLicenseId, parseLicenseSerial, readLicenseParts } from '../../../domain/license-id.js';

const ROOT = '1.2.156.3005.2.';

/** Identifiers seen in the wild; the check characters are recomputed here. */
const SEEN = [
  '11100000000013338W011.11430000006122244L.20230000403.001.U',
  '11100000000013338W032.11220000013544541J.2430599.001.F',
];

describe('licence identifiers (GB/T 36904, GB 32100, ISO 7064 MOD 37,36)', () => {
  test.each(SEEN)('%s holds in both layers, with and without its root', (id) => {
    expect(parseLicenseId(id)).toBe(ROOT + id);
    expect(parseLicenseId(ROOT + id)).toBe(ROOT + id);
    expect(readLicenseParts(id)).toMatchObject({ version: 1 });
  });

  test.each([
    ['one digit changed', '11100000000013338W011.11430000006122244L.20230000404.001.U'],
    ['a unit code whose check fails', '11100000000013338W011.11430000006122245L.20230000403.001.U'],
    ['version 000', '11100000000013338W011.11430000006122244L.20230000403.000.U'],
    ['a part too many', `${SEEN[0] ?? ''}.0`],
    ['another root', `1.2.156.3005.3.${SEEN[0] ?? ''}`],
    ['a region as issuer, without the flag', '11100000000013338W011.430000.20230000403.001.0'],
  ])('%s is refused', (_what, id) => {
    expect(() => parseLicenseId(id)).toThrow(DomainError);
  });

  test('the old form is read behind its flag alone, and its check character too', () => {
    const accepted = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (check) => {
      return `11100000000013338W011.430000.20230000403.001.${check}`;
    }).filter((id) => {
      try {
        return parseLicenseId(id, { legacy: true }) !== '';
      } catch {
        return false;
      }
    });
    expect(accepted).toHaveLength(1);
    expect(() => parseLicenseId(accepted[0])).toThrow(/ID_MALFORMED/);
  });

  test.each(['11010519491231002X', '110105491231002', '13800138000', 'AB11010519491231002X'])(
    'a serial that holds the personal number %s is refused: it would stay on the chain',
    (serial) => {
      expect(() => parseLicenseSerial(serial)).toThrow(/ID_MALFORMED/);
    },
  );
});
