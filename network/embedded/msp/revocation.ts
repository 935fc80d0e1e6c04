import { verify, type KeyObject } from 'node:crypto';
import { type Certificate } from './certificate.js';
import { DerError, DerReader, DerTag, derObjectId, derUnsigned } from './der.js';
import { MspError } from './errors.js';

/** A certificate revocation list (RFC 5280, section 5) of one issuer. Its signature is checked when it is used. */
export interface RevocationList {
  /** Key identifier of the issuer, which its certificate carries as subject key identifier. */
  readonly issuerKeyId: Buffer;
  readonly serials: ReadonlySet<bigint>;
  readonly isSignedBy: (key: KeyObject) => boolean;
}

const authorityKeyId = '2.5.29.35';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** @param bytes PEM or DER, as the channel's configuration holds it. @throws MspError MSP_CONFIG */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  const body = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  try {
    return readList(body === undefined ? Buffer.from(bytes) : Buffer.from(body, 'base64'));
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw new MspError('MSP_CONFIG', `revocation list: ${cause.message}`, { cause });
  }
}

/**
 * Whether one of the lists, signed by the certificate's own issuer, names the certificate. The time of revocation is
 * not read: a listed certificate is revoked from the moment the configuration is in force.
 * Source: Fabric msp/mspimplvalidate.go, validateCertAgainstChain.
 */
export function isRevoked(certificate: Certificate, issuer: Certificate, lists: readonly RevocationList[]): boolean {
  return lists.some(
    (list) =>
      issuer.subjectKeyId?.equals(list.issuerKeyId) === true &&
      list.serials.has(certificate.serial) &&
      list.isSignedBy(issuer.publicKey),
  );
}

function readList(der: Buffer): RevocationList {
  const outer = new DerReader(der).open(DerTag.sequence);
  const tbs = outer.next(DerTag.sequence);
  const algorithm = derObjectId(outer.open(DerTag.sequence).next(DerTag.objectId).content);
  if (algorithm !== ecdsaWithSha256) throw new DerError('not signed ecdsa-with-SHA256');
  const signature = outer.next(DerTag.bitString).content.subarray(1);
  return {
    ...readBody(new DerReader(tbs.content)),
    isSignedBy: (key) => verify('sha256', tbs.whole, key, signature),
  };
}

function readBody(tbs: DerReader): Pick<RevocationList, 'issuerKeyId' | 'serials'> {
  if (tbs.nextIs(DerTag.integer)) tbs.next(); // Version 2.
  tbs.next(DerTag.sequence); // Signature algorithm.
  tbs.next(DerTag.sequence); // Issuer.
  let serials: ReadonlySet<bigint> = new Set();
  let issuerKeyId: Buffer | undefined;
  while (!tbs.done) {
    const field = tbs.next(); // Two times, then the optional entries and extensions.
    if (field.tag === DerTag.sequence) serials = readSerials(new DerReader(field.content));
    if (field.tag === DerTag.context0)
      issuerKeyId = readIssuerKeyId(new DerReader(field.content).open(DerTag.sequence));
  }
  if (issuerKeyId === undefined) throw new DerError('no authority key identifier');
  return { serials, issuerKeyId };
}

function readSerials(entries: DerReader): ReadonlySet<bigint> {
  const serials = new Set<bigint>();
  while (!entries.done) serials.add(derUnsigned(entries.open(DerTag.sequence).next(DerTag.integer).content));
  return serials;
}

function readIssuerKeyId(extensions: DerReader): Buffer | undefined {
  while (!extensions.done) {
    const extension = extensions.open(DerTag.sequence);
    if (derObjectId(extension.next(DerTag.objectId).content) !== authorityKeyId) continue;
    if (extension.nextIs(DerTag.boolean)) extension.next();
    const keyId = new DerReader(extension.next(DerTag.octetString).content).open(DerTag.sequence);
    return keyId.next(DerTag.contextPrimitive0).content;
  }
  return undefined;
}
