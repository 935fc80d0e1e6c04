import { toHex } from '../../../proof/bytes.js';

/** Bytes of chance, in lower-case hex. Works without a secure context, which `crypto.randomUUID` does not. */
export function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** A new idempotency key, a UUID of version 4 (RFC 9562 section 5.4). */
export function newRequestId(): string {
  const hex = randomHex(16);
  const variant = '89ab'[parseInt(hex.charAt(16), 16) % 4] ?? '8';
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  );
}
