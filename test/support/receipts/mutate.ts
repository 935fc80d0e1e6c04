import { randomBytes, randomInt } from 'node:crypto';
import { receiptToJson } from '../../../proof/format/codec.js';
import { readReceipt } from '../../../proof/format/compact.js';
import { type ReceiptCase } from './case.js';

/** Something that was a receipt: bits flipped, parts cut, doubled, or taken from another receipt. Never the same bytes. */
export function mutate(receipt: Uint8Array, corpus: readonly ReceiptCase[]): Uint8Array {
  let bytes = Buffer.from(receipt);
  for (let count = randomInt(1, 4); count > 0; count -= 1) bytes = step(bytes, corpus);
  return Buffer.compare(bytes, receipt) === 0 ? Buffer.concat([bytes, randomBytes(1)]) : new Uint8Array(bytes);
}

function step(bytes: Buffer<ArrayBuffer>, corpus: readonly ReceiptCase[]): Buffer<ArrayBuffer> {
  const at = randomInt(bytes.length + 1);
  const until = Math.min(bytes.length, at + randomInt(64));
  const other = corpus[randomInt(corpus.length)]?.receipt ?? bytes;
  switch (randomInt(6)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(randomInt(9)), bytes.subarray(until)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), other.slice(at)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), other.slice(at, until), bytes.subarray(until)]);
    default:
      return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ (1 << randomInt(8)) : byte)));
  }
}

/** The same bytes but for these bits of one. */
export function flip(bytes: Uint8Array, at: number, bits: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ bits;
  return changed;
}

/**
 * All of a receipt in which a changed byte must be seen: everything but the members from 128 on, which the JSON view
 * leaves out, and a time-stamp's wrapping (docs/formats/receipt.md sections 1 and 8).
 */
export async function authenticatedPart(bytes: Uint8Array): Promise<string> {
  const { timestamp: _, ...rest } = await readReceipt(bytes);
  return JSON.stringify(receiptToJson(rest));
}
