import { type KeyObject, verify } from 'node:crypto';

import { Der } from './der.js';

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
    const raw = Buffer.from([r, s].map((each) => each.toString(16).padStart(64, '0')).join(''), 'hex');
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, raw);
  } catch {
    return false;
  }
}
