import { type Branded } from './brand.js';
import { DomainError } from './errors.js';
import { readShape } from './fields.js';
import { isResidentNumber } from './personal-number.js';

/** 统一社会信用代码 of a unit, 18 characters with a check character that holds. */
export type UnitCode = Branded<'UnitCode'>;

/** The code's characters in the order of their values (GB 32100-2015, table 2). */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const SHAPE = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
const WANTED = 'a unified social credit code, 18 characters';

/**
 * A unit as a request names it. The check character is looked at because it keeps people's numbers out, which have as
 * many characters of the same kind: one of those in 31 would pass, so what checks as such a number is refused as well.
 * Held by test/unit/domain/unit-code.test.ts.
 * @throws REQUEST_MALFORMED. Source: GB 32100-2015 section 5.5.
 */
export function parseUnitCode(value: unknown, where: string): UnitCode {
  const code = readShape(value, SHAPE, where, WANTED);
  if (!isUnitCode(code)) throw new DomainError('REQUEST_MALFORMED', { where, wanted: WANTED });
  return code;
}

/** Whether a text is what {@link parseUnitCode} accepts. */
export function isUnitCode(code: string): code is UnitCode {
  return SHAPE.test(code) && hasUnitCheck(code) && !isResidentNumber(code);
}

/** The last character completes the weighted sum of the others to a multiple of 31; the weights are powers of 3. */
function hasUnitCheck(code: string): boolean {
  const values = Array.from(code, (letter) => ALPHABET.indexOf(letter));
  const sum = values.slice(0, 17).reduce((total, value, index) => total + value * power(3, index, 31), 0);
  return (sum + (values[17] ?? 0)) % 31 === 0;
}

/** base^exponent modulo a small number. */
function power(base: number, exponent: number, modulus: number): number {
  let result = 1;
  for (let n = 0; n < exponent; n += 1) result = (result * base) % modulus;
  return result;
}
