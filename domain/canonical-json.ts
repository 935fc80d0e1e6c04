/** What canonical JSON may hold. Numbers are integers in the safe range: money, blocks and times never need more. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON (RFC 8785): no white space, members sorted by UTF-16 code units, `undefined` members left out.
 * @param value a JSON value whose numbers are safe integers. @returns text with exactly one form for each value.
 * @throws {TypeError} for a fraction, NaN, a lone surrogate or anything that is not JSON: a bug in the caller.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort((a, b) => (a < b ? -1 : 1)) // RFC 8785 section 3.2.3: UTF-16 code units, which is what `<` compares.
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${canonicalString(key)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('canonical JSON here holds safe integers only');
  return String(value === 0 ? 0 : value); // RFC 8785: minus zero is written 0.
}
