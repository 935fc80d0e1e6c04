import { type KeyObject, sign } from 'node:crypto';

import { type Signer } from '@hyperledger/fabric-gateway';

import { readDer } from '../identity/der.js';

/** Order of P-256's group and half of it (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = ORDER >> 1n;
const SCALAR_HEX = 64;

/**
 * ECDSA over SHA-256 by OpenSSL, which is some twenty times faster than the client's own signer in JavaScript.
 * Use with `hash.none`: it hashes itself. Fabric takes low-S signatures in DER only (bccsp/utils/ecdsa.go).
 * @param key P-256. @throws {TypeError} for another kind of key.
 */
export function createSigner(key: KeyObject): Signer {
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('the key is not on P-256');
  // The key is passed bare: wrapped in options, node:crypto finds out what it is by exceptions, which cost a signature.
  return (message) => Promise.resolve(toLowS(sign('sha256', message, key)));
}

/**
 * @param signature DER of (r, s) as OpenSSL makes it, r and s below the order.
 * @returns DER of (r, s) with s in the lower half; both of (r, ±s) verify.
 */
export function toLowS(signature: Uint8Array): Uint8Array {
  const r = readDer(signature, readDer(signature, 0).start);
  const last = readDer(signature, r.end);
  const s = BigInt(`0x${Buffer.from(signature.subarray(last.start, last.end)).toString('hex')}`);
  if (s <= HALF_ORDER) return signature;
  const first = signature.subarray(readDer(signature, 0).start, r.end);
  const body = Buffer.concat([first, integer(Buffer.from((ORDER - s).toString(16).padStart(SCALAR_HEX, '0'), 'hex'))]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** DER INTEGER of an unsigned big-endian number: no leading zeros but the one that keeps it positive. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  const padded = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}
