import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { equal } from '../bytes.js';
import { type Certificate, readCertificate } from '../crypto/certificate.js';
import { verifyNamed } from '../crypto/generic-signature.js';
import { type Subtle } from '../crypto/signature.js';
import { readTimestampToken, type TimestampToken } from '../crypto/timestamp-token.js';
import { readPem } from '../fabric/identity.js';
import { type TimestampAuthority } from '../trust/trust-root.js';
import { CheckFailed, demand } from './finding.js';

const SHA256_OID = '2.16.840.1.101.3.4.2.1';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
/** DER of the object identifier id-ct-TSTInfo, in hex. */
const TST_INFO = '060b2a864886f70d0109100104';
const DIGESTS: ReadonlyMap<string, (data: Uint8Array) => Uint8Array> = new Map<
  string,
  (data: Uint8Array) => Uint8Array
>([
  ['SHA-256', sha256],
  ['SHA-384', sha384],
  ['SHA-512', sha512],
]);
const DEPTH_MAX = 4;

/** A time that an authority vouches for: 可信时间. */
export interface TrustedTime {
  /** Unix milliseconds. */
  readonly genTimeMs: number;
  readonly policy: string;
  readonly serial: string;
  readonly authority: string;
}

/**
 * Step `timestamp` (RFC 3161 section 2.2, RFC 5652 section 5.6). @param stamped the bytes that were time-stamped.
 * @throws CheckFailed, ProofError TOKEN_MALFORMED
 */
export async function checkTimestamp(
  token: Uint8Array | undefined,
  stamped: Uint8Array,
  authorities: readonly TimestampAuthority[],
  subtle: Subtle | undefined,
): Promise<TrustedTime> {
  if (token === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
  const read = readTimestampToken(token);
  demand(read.imprintAlgorithm === SHA256_OID && equal(read.imprint, sha256(stamped)), 'TOKEN_IMPRINT');
  const listed = authorities.map((each) => ({ ...each, read: readCertificate(readPem(each.certificate)) }));
  const signer = findSigner(read, [...read.certificates, ...listed.map((each) => each.read)]);
  await demandSignature(read, signer, subtle);
  const found = await findAuthority(signer, read, listed, subtle);
  const policies = authorities[found]?.policies ?? [];
  demand(policies.length === 0 || policies.includes(read.policy), 'TOKEN_POLICY', { policy: read.policy });
  const { genTimeMs, policy, serial } = read;
  return { genTimeMs, policy, serial, authority: signer.commonName };
}

/** The certificate that the token names by issuer, serial number and hash. */
function findSigner({ signer }: TimestampToken, certificates: readonly Certificate[]): Certificate {
  const { issuer, serial, certificateHash } = signer;
  const hash = certificateHash.length === 20 ? sha1 : sha256;
  const found = certificates.find((each) => each.issuer === issuer && each.serial === serial);
  demand(found !== undefined && equal(hash(found.der), certificateHash), 'TOKEN_CERTIFICATE');
  return found;
}

async function demandSignature(token: TimestampToken, signer: Certificate, subtle: Subtle | undefined): Promise<void> {
  const { signer: by, content, genTimeMs } = token;
  const digest = DIGESTS.get(by.digest ?? '');
  if (digest === undefined) throw new CheckFailed('ERROR', 'TOKEN_ALGORITHM');
  demand(by.contentType === TST_INFO && equal(by.messageDigest, digest(content)), 'TOKEN_SIGNATURE');
  const named = { algorithm: by.algorithm, digest: by.digest, signature: by.signature, data: by.signed };
  const holds = await verifyNamed(signer, named, subtle);
  if (holds === undefined) throw new CheckFailed('ERROR', 'TOKEN_ALGORITHM', { algorithm: by.algorithm });
  demand(holds, 'TOKEN_SIGNATURE');
  const purpose = signer.extendedUsages.length === 1 && signer.extendedUsages[0] === TIME_STAMPING;
  const inWindow = signer.notBeforeMs <= genTimeMs && genTimeMs <= signer.notAfterMs;
  demand(purpose && inWindow, 'TOKEN_CERTIFICATE', { certificate: signer.commonName });
}

/** Index of the listed authority that the signer is, or leads to by way of the token's other certificates. */
async function findAuthority(
  signer: Certificate,
  token: TimestampToken,
  listed: readonly { readonly read: Certificate }[],
  subtle: Subtle | undefined,
): Promise<number> {
  let reached: Certificate[] = [signer];
  for (let depth = 0; depth < DEPTH_MAX && reached.length > 0; depth += 1) {
    const found = listed.findIndex(({ read }) => reached.some((each) => equal(each.der, read.der)));
    if (found >= 0) return found;
    const above = [...listed.map(({ read }) => read), ...token.certificates].filter((each) => each.isAuthority);
    const next: Certificate[] = [];
    for (const issuer of above) {
      for (const subject of reached) {
        if (await issued(issuer, subject, token.genTimeMs, subtle)) next.push(issuer);
      }
    }
    reached = next;
  }
  throw new CheckFailed('INVALID', 'TOKEN_AUTHORITY', { certificate: signer.commonName });
}

async function issued(issuer: Certificate, subject: Certificate, atMs: number, subtle: Subtle | undefined) {
  if (issuer === subject || issuer.subject !== subject.issuer) return false;
  if (atMs < issuer.notBeforeMs || atMs > issuer.notAfterMs) return false;
  const { signatureAlgorithm: algorithm, signature, signed: data } = subject;
  return (await verifyNamed(issuer, { algorithm, signature, data }, subtle)) === true;
}
