import { type BinaryDecoder, BinaryReader } from 'google-protobuf';

/**
 * Keeps the generated readers within their bytes. As published, they take a length that points behind the end for
 * granted and count up to it, byte by byte: a message of six bytes could hold the process for minutes. Whoever imports
 * this file, first thing, has every text and every message checked, however the library calls its own methods inside.
 * Source: google-protobuf 3.21, BinaryDecoder.readString and setEnd; Go's readers refuse such a message at once.
 */
replace(
  'readString',
  (original) =>
    function (this: BinaryDecoder, length: number) {
      checkWithin(this, this.getCursor() + length);
      return original.call(this, length);
    },
);
replace(
  'setEnd',
  (original) =>
    function (this: BinaryDecoder, end: number) {
      checkWithin(this, end);
      original.call(this, end);
    },
);

/** @throws Error, as the library itself throws where bytes are cut short */
function checkWithin(decoder: BinaryDecoder, end: number): void {
  if (end > decoder.getBuffer().length) throw new Error('a length points behind the end of the message');
}

/** Puts a method in the place of another one under all of the names that it has: the library is minified. */
function replace<Name extends 'readString' | 'setEnd'>(
  name: Name,
  wrap: (original: BinaryDecoder[Name]) => BinaryDecoder[Name],
): void {
  const prototype = decoderPrototype();
  const original = prototype[name] as BinaryDecoder[Name];
  const wrapped = wrap(original);
  for (const each of Object.getOwnPropertyNames(prototype)) if (prototype[each] === original) prototype[each] = wrapped;
}

/** The library keeps its decoder to itself; every reader holds one. */
function decoderPrototype(): Record<string, unknown> {
  const parts: unknown[] = Object.values(new BinaryReader(new Uint8Array(1)));
  const decoder = parts.find(
    (part) => typeof part === 'object' && part !== null && 'readString' in part && 'setEnd' in part,
  );
  if (decoder === undefined) throw new Error('google-protobuf holds its decoder elsewhere than it did');
  return Object.getPrototypeOf(decoder) as Record<string, unknown>;
}
