import { copy } from '../bytes.js';
import { type Certificate } from './certificate.js';
import { createVerifyingKey, P256_KEY, readEcdsaSignature, type Subtle } from './signature.js';

const RSA_KEY = '1.2.840.113549.1.1.1';
const SHA256 = 'SHA-256';
const SHA384 = 'SHA-384';
const SHA512 = 'SHA-512';

/** Digest algorithms by object identifier (RFC 5754). */
export const DIGEST_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', SHA256],
  ['2.16.840.1.101.3.4.2.2', SHA384],
  ['2.16.840.1.101.3.4.2.3', SHA512],
]);

/** Signature algorithms that fix their digest; rsaEncryption leaves it to the one beside it. */
const SIGNATURE_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', SHA256],
  ['1.2.840.113549.1.1.12', SHA384],
  ['1.2.840.113549.1.1.13', SHA512],
  ['1.2.840.10045.4.3.2', SHA256],
  ['1.2.840.10045.4.3.3', SHA384],
  ['1.2.840.10045.4.3.4', SHA512],
]);

/** A signature with the names of its algorithms. */
export interface NamedSignature {
  /** Object identifier of the signature algorithm. */
  readonly algorithm: string;
  /** Web Crypto's name of the digest that stands beside it, where one does. */
  readonly digest?: string | undefined;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * Whether a signature of a time-stamping authority or above it holds: RSA PKCS #1 v1.5 or ECDSA on P-256.
 * @returns undefined where the algorithm cannot be checked here: unknown, or RSA without the platform's cryptography.
 */
export async function verifyNamed(
  signer: Certificate,
  named: NamedSignature,
  subtle: Subtle | undefined,
): Promise<boolean | undefined> {
  const digest = SIGNATURE_DIGESTS.get(named.algorithm) ?? (named.algorithm === RSA_KEY ? named.digest : undefined);
  if (digest === undefined) return undefined;
  if (signer.keyAlgorithm === P256_KEY) return verifyEcdsa(signer, named, digest, subtle);
  if (subtle === undefined || !signer.keyAlgorithm.startsWith(`${RSA_KEY} `)) return undefined;
  const name = 'RSASSA-PKCS1-v1_5';
  try {
    const key = await subtle.importKey('spki', copy(signer.key), { name, hash: digest }, false, ['verify']);
    return await subtle.verify(name, key, copy(named.signature), copy(named.data));
  } catch {
    return false;
  }
}

async function verifyEcdsa(
  signer: Certificate,
  { signature, data }: NamedSignature,
  digest: string,
  subtle: Subtle | undefined,
): Promise<boolean | undefined> {
  const read = readEcdsaSignature(signature);
  if (read === undefined) return false;
  if (digest === SHA256) return createVerifyingKey(signer.key, subtle).verify(read.raw, data);
  if (subtle === undefined) return undefined;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: digest };
  try {
    const key = await subtle.importKey('spki', copy(signer.key), algorithm, false, ['verify']);
    return await subtle.verify(algorithm, key, copy(read.raw), copy(data));
  } catch {
    return false;
  }
}
