import { DomainError } from '../../../domain/errors.js';
import { parseUnitCode } from '../../../domain/unit-code.js';

describe('unified social credit codes', () => {
  test.each(['12330200MB2Y00013W', '11500000MB1Y00011A', '91350100M000100Y43', '123302004195000031'])(
    '%s is one',
    (code) => {
      expect(parseUnitCode(code, 'to.unit')).toBe(code);
    },
  );

  test.each([
    ['a wrong check character', '12330200MB2Y00013X'],
    ['two characters changed places', '12330200MB2Y00031W'],
    ['a letter that codes leave out', '12330200MB2I00013W'],
    ['17 characters', '12330200MB2Y00013'],
    ['lower case', '12330200mb2y00013w'],
    ['no text', 12],
    ["a person's number", '11010519491231002X'],
    ["a person's number that happens to check as a unit's code", personalNumberWithUnitCheck()],
  ])('%s is refused without being repeated', (_, code) => {
    expect(() => parseUnitCode(code, 'to.unit')).toThrow(DomainError);
    expect(() => parseUnitCode(code, 'to.unit')).not.toThrow(String(code));
  });
});

/** The first number of 1949-12-31 in district 110105 whose last character is right by both standards. */
function personalNumberWithUnitCheck(): string {
  const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  for (let serial = 0; serial < 1_000; serial += 1) {
    const digits = `11010519491231${String(serial).padStart(3, '0')}`;
    const personal = Array.from(digits).reduce((sum, digit, index) => sum + Number(digit) * (weights[index] ?? 0), 0);
    const unit = Array.from(digits).reduce((sum, digit, index) => sum + Number(digit) * 3 ** index, 0);
    const last = '10X98765432'[personal % 11] ?? '';
    if (letters[(31 - (unit % 31)) % 31] === last) return digits + last;
  }
  throw new Error('no such number');
}
