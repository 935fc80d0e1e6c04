import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.js';
import { type Certificate, readCertificate } from './certificate.js';
import { createVerifyingKey, P256_KEY, readEcdsaSignature, type Subtle, type VerifyingKey } from './signature.js';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const DEPTH_MAX = 4;

/** A certificate and the ones above it, up to a root: every signature checked. */
export type Chain = readonly [leaf: Certificate, ...issuers: Certificate[]];

/**
 * Finds and checks chains of P-256 certificates. Certificates and the keys made of them are remembered by their
 * bytes, because receipts of one consortium name the same few peers again and again.
 */
export class ChainBuilder {
  readonly #subtle: Subtle | undefined;
  readonly #certificates = new Map<string, Certificate>();
  readonly #keys = new Map<Certificate, VerifyingKey | undefined>();

  constructor(subtle: Subtle | undefined) {
    this.#subtle = subtle;
  }

  /** @throws {ProofError} CERTIFICATE_MALFORMED */
  read(der: Uint8Array): Certificate {
    const name = toHex(sha256(der));
    const known = this.#certificates.get(name);
    if (known !== undefined) return known;
    const certificate = readCertificate(der);
    if (this.#certificates.size < REMEMBERED_MAX) this.#certificates.set(name, certificate);
    return certificate;
  }

  /** A key that verifies, or undefined where the certificate's is none on P-256. */
  key(certificate: Certificate): VerifyingKey | undefined {
    const known = this.#keys.get(certificate);
    if (known !== undefined) return known;
    if (certificate.keyAlgorithm !== P256_KEY) return undefined;
    const key = createVerifyingKey(certificate.key, this.#subtle);
    if (this.#keys.size < REMEMBERED_MAX) this.#keys.set(certificate, key);
    return key;
  }

  /**
   * A chain from the leaf to one of the roots, by way of any of the intermediates (RFC 5280 section 6, as far as
   * Fabric uses it: names, signatures, and who may issue). Expiry and revocation are the caller's to judge.
   */
  async build(
    leaf: Certificate,
    roots: readonly Certificate[],
    intermediates: readonly Certificate[],
  ): Promise<Chain | undefined> {
    return this.#climb([leaf], roots, intermediates);
  }

  async #climb(
    path: Chain,
    roots: readonly Certificate[],
    intermediates: readonly Certificate[],
  ): Promise<Chain | undefined> {
    const last = path.at(-1) ?? path[0];
    for (const root of roots) {
      if (await this.#issued(root, last)) return [...path, root];
    }
    if (path.length >= DEPTH_MAX) return undefined;
    for (const issuer of intermediates) {
      if (path.includes(issuer) || !(await this.#issued(issuer, last))) continue;
      const chain = await this.#climb([...path, issuer], roots, intermediates);
      if (chain !== undefined) return chain;
    }
    return undefined;
  }

  async #issued(issuer: Certificate, subject: Certificate): Promise<boolean> {
    if (!issuer.isAuthority || issuer.subject !== subject.issuer) return false;
    if (subject.signatureAlgorithm !== ECDSA_SHA256) return false;
    const signature = readEcdsaSignature(subject.signature);
    const key = this.key(issuer);
    if (signature === undefined || key === undefined) return false;
    return key.verify(signature.raw, subject.signed);
  }
}

/** More certificates than a consortium has; beyond it nothing is remembered, so that receipts cannot fill the memory. */
const REMEMBERED_MAX = 4096;
