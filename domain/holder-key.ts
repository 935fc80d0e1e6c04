import { type Branded } from './brand.js';
import { DomainError } from './errors.js';
import { optional, readFields, readShape } from './fields.js';

/** A P-256 public key: the uncompressed point of 65 bytes (SEC 1 section 2.3.3), base64url, as WebCrypto exports it raw. */
export type HolderKey = Branded<'HolderKey'>;
/** An ECDSA signature with SHA-256 in the form of IEEE P1363, 64 bytes, base64url, as WebCrypto makes it. */
export type HolderSignature = Branded<'HolderSignature'>;

/**
 * Who acts for the holder of one licence. A key is made for one licence alone, so that two licences of a person have
 * nothing in common on the chain. While a guardian's key is enrolled, that key alone acts (PIPL article 31).
 */
export interface HolderKeys {
  readonly key: HolderKey;
  readonly guardianKey?: HolderKey;
}

/** @throws REQUEST_MALFORMED */
export function parseHolderKeys(value: unknown): HolderKeys {
  const { key, guardianKey } = readFields(value, ['key', 'guardianKey'], 'holder');
  const guardian = guardianKey === undefined ? undefined : parseHolderKey(guardianKey, 'holder.guardianKey');
  const own = parseHolderKey(key, 'holder.key');
  if (own === guardian) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'holder.guardianKey', wanted: 'another key' });
  }
  return { key: own, ...optional('guardianKey', guardian) };
}

/** Form only; whether it is a point of the curve is seen where a signature is checked. @throws REQUEST_MALFORMED */
export function parseHolderKey(value: unknown, where: string): HolderKey {
  // The first byte of an uncompressed point is 4: the first base64 digit is B and the second one of A to P.
  const text = readShape(value, /^B[A-P][A-Za-z0-9_-]{85}$/, where, 'a P-256 point, 65 bytes in base64url');
  return text as HolderKey;
}

/** @throws REQUEST_MALFORMED */
export function parseHolderSignature(value: unknown): HolderSignature {
  const wanted = 'an ECDSA signature, 64 bytes in base64url';
  return readShape(value, /^[A-Za-z0-9_-]{86}$/, 'signature', wanted) as HolderSignature;
}
