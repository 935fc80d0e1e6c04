import { DomainError } from './errors.js';
import { type Branded } from './brand.js';

/** Lower-case hex of a digest; its length is fixed by the algorithm that it is always kept with. */
export type DigestHex = Branded<'DigestHex'>;

/** Digest length in hex digits by algorithm. FIPS 180-4 (SHA-2) and GB/T 32905 (SM3). */
export const DIGEST_HEX_DIGITS = { 'sha-256': 64, 'sha-512': 128, sm3: 64 } as const;

/** Names as in the IANA registry of named information hash algorithms; SM3 is not in it and keeps its own name. */
export type HashAlgorithm = keyof typeof DIGEST_HEX_DIGITS;

/** Every algorithm a digest may be recorded under, in the order they are shown. */
export const HASH_ALGORITHMS = Object.keys(DIGEST_HEX_DIGITS) as readonly HashAlgorithm[];

/** Digests of the same bytes by algorithm. SHA-256 is always there; SM3 whenever a Chinese court will read it. */
export type DigestMap = { readonly 'sha-256': DigestHex } & { readonly [name in HashAlgorithm]?: DigestHex };

/** @throws ALGORITHM_REFUSED for md5, sha-1 and everything else that is not in {@link HASH_ALGORITHMS}. */
export function parseHashAlgorithm(value: unknown): HashAlgorithm {
  const found = HASH_ALGORITHMS.find((name) => name === value);
  if (found === undefined) throw new DomainError('ALGORITHM_REFUSED', { wanted: HASH_ALGORITHMS.join(', ') });
  return found;
}

/**
 * The algorithm is asked for, never guessed: SHA-256 and SM3 values have the same length.
 * @param value hex of either case. @returns lower case. @throws DIGEST_MALFORMED
 */
export function parseDigestHex(algorithm: HashAlgorithm, value: unknown): DigestHex {
  const digits = DIGEST_HEX_DIGITS[algorithm];
  if (typeof value === 'string' && value.length === digits && /^[0-9a-fA-F]+$/.test(value)) {
    return value.toLowerCase() as DigestHex; // The only cast to this type.
  }
  throw new DomainError('DIGEST_MALFORMED', { algorithm, wanted: `${digits} hex digits` });
}

/** @param value `{ "sha-256": hex, "sm3"?: hex, "sha-512"?: hex }`. @throws ALGORITHM_REFUSED, DIGEST_MALFORMED */
export function parseDigestMap(value: unknown, where = 'digests'): DigestMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'a JSON object' });
  }
  const entries = Object.entries(value).map(([name, digest]) => {
    const algorithm = parseHashAlgorithm(name);
    return [algorithm, parseDigestHex(algorithm, digest)] as const;
  });
  const digests = Object.fromEntries(entries) as Partial<Record<HashAlgorithm, DigestHex>>;
  if (digests['sha-256'] === undefined)
    throw new DomainError('DIGEST_MALFORMED', { where, wanted: 'a sha-256 digest' });
  return { ...digests, 'sha-256': digests['sha-256'] };
}

/** A digest of one's own choice of salt, for what must stay confidential: 64 hex digits. @throws DIGEST_MALFORMED */
export function parseSaltedDigest(value: unknown): DigestHex {
  return parseDigestHex('sha-256', value);
}
