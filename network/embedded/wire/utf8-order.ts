const SURROGATE_FIRST = 0xd800;
const SURROGATE_END = 0xe000;

/**
 * Orders two strings as their UTF-8 bytes compare, which is Go's order of strings and Fabric's order of state keys.
 * JavaScript's own order compares UTF-16 units and puts U+E000..U+FFFF after every surrogate pair.
 * @returns negative, zero or positive, for `Array.prototype.sort`.
 */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** A UTF-16 unit placed where its code point stands in UTF-8: surrogates, which begin U+10000 and up, come last. */
function rank(unit: number): number {
  if (unit < SURROGATE_FIRST) return unit;
  return unit < SURROGATE_END ? unit + 0x10000 : unit;
}

/** Whether two byte arrays hold the same bytes. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
