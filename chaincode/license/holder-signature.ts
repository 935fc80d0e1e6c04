import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { type HolderKey, type HolderKeys } from '../../domain/holder-key.js';
import { type ConsentBy, type HolderStatement, type Signed, SIGNED_PREFIX } from '../../domain/license-use.js';

/**
 * Whether an enrolled key signed the statement. ECDSA with SHA-256 on P-256 (FIPS 186-5), checked the same way by
 * every peer. @returns whose key it was. @throws GUARDIAN_REQUIRED, HOLDER_SIGNATURE
 */
export function checkHolder(keys: HolderKeys, signed: Signed<HolderStatement>): ConsentBy {
  const { guardianKey, key } = keys;
  if (guardianKey === undefined) {
    if (isSignedBy(key, signed)) return 'holder';
    throw new DomainError('HOLDER_SIGNATURE');
  }
  if (isSignedBy(guardianKey, signed)) return 'guardian';
  throw new DomainError(isSignedBy(key, signed) ? 'GUARDIAN_REQUIRED' : 'HOLDER_SIGNATURE');
}

/** Whether one key, that no licence enrolled, signed the statement: a key for one matter. @throws HOLDER_SIGNATURE */
export function checkOwnKey(key: HolderKey, signed: Signed<HolderStatement>): void {
  if (!isSignedBy(key, signed)) throw new DomainError('HOLDER_SIGNATURE');
}

/** SHA-256 of a statement in its one form, hex: what a grant's id is made of, whatever signature it came with. */
export function digestOfStatement(statement: HolderStatement): string {
  return createHash('sha256').update(canonicalJson(statement)).digest('hex');
}

function isSignedBy(key: HolderKey, { statement, signature }: Signed<HolderStatement>): boolean {
  const publicKey = readKey(key);
  if (publicKey === undefined) return false;
  const text = Buffer.from(`${SIGNED_PREFIX}${canonicalJson(statement)}`);
  const form = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', text, form, Buffer.from(signature, 'base64url'));
}

/** @returns `undefined` where the bytes are no point of the curve, so nobody can sign. */
function readKey(key: HolderKey): KeyObject | undefined {
  const point = Buffer.from(key, 'base64url');
  const coordinate = (from: number) => point.subarray(from, from + 32).toString('base64url');
  try {
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) };
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
