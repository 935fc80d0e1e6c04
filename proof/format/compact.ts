import { concat, copy } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { decodeReceipt, encodeReceipt } from './codec.js';
import { type Receipt, RECEIPT_BYTES_MAX } from './receipt.js';

/** First byte of the compact form; no CBOR map begins with it. */
export const COMPACT_MARK = 0x01;

/**
 * Makes the form for QR codes: without record, optional proofs and identities, which a trust root lists, and deflated
 * (RFC 1951). A batch part stays: without it nothing links the file to the root.
 */
export async function compactReceipt(receipt: Receipt): Promise<Uint8Array> {
  const { version, channel, genesis, configBlock, attestation, batch } = receipt;
  const least: Receipt = { version, channel, genesis, configBlock, attestation, ...(batch && { batch }) };
  const deflated = await pump(encodeReceipt(least), new CompressionStream('deflate-raw'), RECEIPT_BYTES_MAX);
  return concat(Uint8Array.of(COMPACT_MARK), deflated);
}

/** Reads a receipt in either form. @throws {ProofError} as {@link decodeReceipt}; RECEIPT_MALFORMED for a broken deflate */
export async function readReceipt(bytes: Uint8Array): Promise<Receipt> {
  if (bytes[0] !== COMPACT_MARK) return decodeReceipt(bytes);
  return decodeReceipt(await pump(bytes.slice(1), new DecompressionStream('deflate-raw'), RECEIPT_BYTES_MAX));
}

/** Text of bytes for an address's fragment (RFC 4648 section 5, without padding). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws {ProofError} RECEIPT_MALFORMED unless the text is what {@link toBase64Url} writes */
export function fromBase64Url(text: string): Uint8Array {
  if (/^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1) {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    if (toBase64Url(bytes) === text) return bytes;
  }
  throw new ProofError('RECEIPT_MALFORMED', 'base64url is wanted');
}

/** Runs bytes through a stream; an attacker's few bytes may swell, so what comes out is bounded. */
async function pump(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // A reader that gives up or a stream that fails rejects these too; the reading loop below is where it is told.
  writer.write(copy(bytes)).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = (stream.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > bytesMax) break;
      parts.push(part.value);
    }
  } catch (cause) {
    throw new ProofError('RECEIPT_MALFORMED', 'the compact form cannot be inflated', { cause });
  }
  if (size > bytesMax) {
    await reader.cancel().catch(() => undefined);
    throw new ProofError('RECEIPT_TOO_LARGE', `above ${bytesMax} bytes when inflated`);
  }
  return concat(...parts);
}
