import { createHash, verify as verifyOnce, type KeyObject } from 'node:crypto';
import { remembered } from '../wire/remember.js';
import { BoundedMap } from './bounded-map.js';
import { DerReader, DerTag, derUnsigned, encodeDer, encodeDerUnsigned } from './der.js';

/** Order of the P-256 group (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const halfOrder = order / 2n;
const scalarHexDigits = 64;

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

function scalarHex(value: bigint): string {
  return value.toString(16).padStart(scalarHexDigits, '0');
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

/** @returns DER, with low `s`, of the 64 bytes `r || s` that node:crypto and WebCrypto produce (IEEE P1363). */
export function lowSFromP1363(signature: Uint8Array): Buffer {
  const hex = Buffer.from(signature).toString('hex');
  return encodeLow({
    r: BigInt(`0x${hex.slice(0, scalarHexDigits)}`),
    s: BigInt(`0x${hex.slice(scalarHexDigits)}`),
  });
}

/**
 * Checks ECDSA P-256 with SHA-256 and a low `s`. Never throws: whatever is not a valid signature is `false`.
 * @param signature DER. Source: fabric-lib-go bccsp/sw/ecdsa.go, verifyECDSA.
 */
export function verifySignature(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const { r, s } = readNumbers(signature);
    if (r === 0n || s === 0n || r >= order || s > halfOrder) return false;
    const raw = Buffer.from(scalarHex(r) + scalarHex(s), 'hex');
    return verifyOnce('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, raw);
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
  const digest = digestOf(message).toString('base64');
  const question = `${keyId} ${digest} ${Buffer.from(signature).toString('base64')}`;
  const known = verdicts.get(question);
  if (known !== undefined) return known;
  const verdict = verifySignature(key, message, signature);
  verdicts.set(question, verdict);
  return verdict;
}
