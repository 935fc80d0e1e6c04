import { createHash, verify as verifyOnce, type KeyObject } from 'node:crypto';
import { remembered } from '../wire/remember.js';
import { BoundedMap } from './bounded-map.js';
import { DerReader, DerTag, derUnsigned, encodeDer, encodeDerUnsigned } from './der.js';

/** Order of the P-256 group (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const halfOrder = order / 2n;

/** The two numbers of an ECDSA signature. */
interface EcdsaNumbers {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Reads `SEQUENCE { r INTEGER, s INTEGER }`. Bytes after them are ignored, because Fabric ignores them too and a
 * verdict must not differ. @throws {DerError}
 * Source: fabric-lib-go bccsp/utils/ecdsa.go, UnmarshalECDSASignature.
 */
function readNumbers(signature: Uint8Array): EcdsaNumbers {
  const body = new DerReader(signature).open(DerTag.sequence);
  return { r: derUnsigned(body.next(DerTag.integer).content), s: derUnsigned(body.next(DerTag.integer).content) };
}

/**
 * Rewrites a P-256 ECDSA signature so that `s` is at most half the group order, which Fabric demands everywhere.
 * @param signature DER. @returns DER of an equally valid signature. @throws {DerError}
 */
export function toLowS(signature: Uint8Array): Buffer {
  return encodeLow(readNumbers(signature));
}

function encodeLow({ r, s }: EcdsaNumbers): Buffer {
  return encodeDer(DerTag.sequence, encodeDerUnsigned(r), encodeDerUnsigned(s > halfOrder ? order - s : s));
}

/**
 * Checks ECDSA P-256 with SHA-256 and a low `s`. Never throws: whatever is not a valid signature is `false`.
 * @param signature DER. Source: fabric-lib-go bccsp/sw/ecdsa.go, verifyECDSA.
 */
export function verifySignature(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const { r, s } = readNumbers(signature);
    if (r === 0n || s === 0n || r >= order || s > halfOrder) return false;
    // Encoded anew, because OpenSSL refuses the trailing bytes that Fabric ignores. The key is passed bare: wrapped in
    // options, node:crypto finds out what it is by exceptions, which cost as much as the verification.
    return verifyOnce('sha256', message, key, encodeLow({ r, s }));
  } catch {
    return false; // Hostile bytes, or a key that is not elliptic: no signature either way.
  }
}

const verdictsMax = 16_384;
/** Messages are immutable and asked about by several peers, so each is hashed once. */
const digestOf = remembered((message: Uint8Array) => createHash('sha256').update(message).digest());
/** Owned by `verifyRemembered`: shared by every peer of the process, since a verdict depends on these bytes alone. */
const verdicts = new BoundedMap<string, boolean>(verdictsMax);

/**
 * `verifySignature`, done once for one key, message and signature however many peers ask.
 * @param keyId names the public key and nothing else: the SHA-256 of its certificate, hex.
 */
export function verifyRemembered(keyId: string, key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  const question = questionOf(keyId, message, signature);
  const known = verdicts.get(question);
  if (known !== undefined) return known;
  const verdict = verifySignature(key, message, signature);
  verdicts.set(question, verdict);
  return verdict;
}

/**
 * Tells `verifyRemembered` of a signature that this process has just made with the key itself, so that none of its
 * peers has to find out. @param keyId as there.
 */
export function rememberOwn(keyId: string, message: Uint8Array, signature: Uint8Array): void {
  verdicts.set(questionOf(keyId, message, signature), true);
}

function questionOf(keyId: string, message: Uint8Array, signature: Uint8Array): string {
  return `${keyId} ${digestOf(message).toString('base64')} ${Buffer.from(signature).toString('base64')}`;
}
