/** What canonical JSON may hold. Numbers are integers in the safe range: money, blocks and times never need more. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON (RFC 8785): no white space, members sorted by UTF-16 code units, `undefined` members left out.
 * @param value a {@link Json} value; typed as any object too, because an interface never counts as `Json` to the compiler.
 * @returns text with exactly one form for each value.
 * @throws {TypeError} for a fraction, NaN, a lone surrogate or anything that is not JSON: a bug in the caller.
 */
export function canonicalJson(value: Json | object): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${Array.from(value, (item: Json) => canonicalJson(item)).join(',')}]`;
  // The tag and not the prototype: a plain object may come from another realm, or from a database without a prototype.
  if (Object.prototype.toString.call(value) !== '[object Object]') throw new TypeError('not a JSON value');
  return canonicalObject(value as { readonly [key: string]: Json | undefined });
}

function canonicalObject(value: { readonly [key: string]: Json | undefined }): string {
  const members = Object.keys(value)
    .sort((a, b) => (a < b ? -1 : 1)) // RFC 8785 section 3.2.3: UTF-16 code units, which is what `<` compares.
    .flatMap((key) => {
      const member = value[key];
      return member === undefined ? [] : [`${canonicalString(key)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError('canonical JSON here holds safe integers only');
  return String(value === 0 ? 0 : value); // RFC 8785: minus zero is written 0.
}
