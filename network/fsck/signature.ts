import { type KeyObject, verify } from 'node:crypto';

import { Der, derPair } from './der.js';

/** Order of the group of P-256 (SEC 2, section 2.4.2). */
const groupOrder = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * Whether a signature is ECDSA with SHA-256 over the message, with the lower of its two possible halves: Fabric takes
 * no other, so that nobody can make a second form of a signature. Bytes that are no signature are simply not one.
 */
export function isSigned(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const pair = new Der(signature).enter(0x30);
    const [r, s] = [pair.integer(), pair.integer()];
    if (r < 1n || r >= groupOrder || s < 1n || s * 2n > groupOrder) return false;
    return verify('sha256', message, key, derPair(r, s)); // A bare key: options beside it cost more than the rest.
  } catch {
    return false;
  }
}
