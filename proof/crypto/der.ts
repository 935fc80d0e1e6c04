/** Length of the first DER element, head included; undefined where it has none that fits here (X.690 8.1.3). */
export function derLength(bytes: Uint8Array): number | undefined {
  const first = bytes[1];
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const width = first & 0x7f;
  if (width < 1 || width > 4) return undefined;
  let length = 0;
  for (const byte of bytes.subarray(2, 2 + width)) length = length * 256 + byte;
  return 2 + width + length;
}

/** The elements inside of a constructed one. @throws {Error} where one is cut short */
export function childrenOf(der: Uint8Array): Uint8Array[] {
  const children: Uint8Array[] = [];
  for (let rest = contentOf(der, der[0] ?? 0); rest.length > 0;) {
    const length = derLength(rest) ?? 0;
    if (length < 2 || length > rest.length) throw new Error('an element is cut short');
    children.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return children;
}

/** What is inside of an element with this tag. @throws {Error} for another one, or one that is cut short */
export function contentOf(der: Uint8Array, tag: number): Uint8Array {
  const length = derLength(der);
  if (der[0] !== tag || length === undefined || length > der.length) throw new Error('another element is wanted');
  const first = der[1] ?? 0;
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f), length);
}
