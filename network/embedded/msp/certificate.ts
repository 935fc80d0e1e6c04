import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import { DerReader, DerTag, derObjectId, derUnsigned, encodeDer } from './der.js';
import { MspError } from './errors.js';
import { toLowS } from './signature.js';

/** What membership rules read from an X.509 certificate (RFC 5280). Nothing here has been verified but the syntax. */
export interface Certificate {
  /** The certificate's DER with its own signature in low-S form, as Fabric rewrites it on load (msp/cert.go). */
  readonly der: Buffer;
  /** SHA-256 of `der`, hex: the identity's name in comparisons. */
  readonly id: string;
  readonly serial: bigint;
  /** Raw DER of the two names, for byte comparison. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** The subject's organizational units, in certificate order. */
  readonly units: readonly string[];
  /** First and last valid instant, Unix milliseconds. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** P-256 public key. */
  readonly publicKey: KeyObject;
  /** Whether the basic constraints say CA, and how many CAs may stand below it. */
  readonly isCa: boolean;
  readonly pathLengthMax: number | undefined;
  /** False when a key usage extension is present without keyCertSign. */
  readonly maySignCertificates: boolean;
  /** False when an extended key usage extension is present with neither serverAuth nor any. */
  readonly mayServe: boolean;
  readonly subjectKeyId: Buffer | undefined;
  /** A critical extension that no rule here understands, dotted, when there is one. */
  readonly unknownCritical: string | undefined;
  /** @returns the value of an extension by its dotted identifier, for those that membership does not depend on. */
  readonly extensionValue: (id: string) => Buffer | undefined;
  /** @returns whether this certificate's signature verifies under a public key. */
  readonly isSignedBy: (key: KeyObject) => boolean;
}

const oid = {
  unit: '2.5.4.11',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  anyExtendedKeyUsage: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
const understood: ReadonlySet<string> = new Set<string>(Object.values(oid));
const certificateBytesMax = 32_768;
const keyCertSignBit = 0x04;

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/**
 * Reads the first certificate of a PEM text.
 * @param pem the text or its bytes, 32 KiB at most. @throws MspError CERT_MALFORMED
 */
export function parseCertificate(pem: string | Uint8Array): Certificate {
  const text = typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
  if (text.length > certificateBytesMax) throw new MspError('CERT_MALFORMED', 'certificate over 32 KiB');
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(text)?.[1];
  if (body === undefined) throw new MspError('CERT_MALFORMED', 'no PEM certificate');
  try {
    return readCertificate(Buffer.from(body, 'base64'));
  } catch (cause) {
    if (cause instanceof MspError) throw cause;
    throw new MspError('CERT_MALFORMED', cause instanceof Error ? cause.message : 'unreadable', { cause });
  }
}

/** @returns the PEM text of a certificate's DER, 64 characters a line as RFC 7468 asks. */
export function encodePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function readCertificate(received: Buffer): Certificate {
  const der = withLowS(received);
  const x509 = new X509Certificate(der); // OpenSSL reads it too: both parsers must agree that it is a certificate.
  const { publicKey } = x509;
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new MspError('CERT_MALFORMED', 'public key is not on P-256');
  }
  const { extensions, ...fields } = readFields(der);
  return {
    der,
    id: createHash('sha256').update(der).digest('hex'),
    ...fields,
    ...readUsages(extensions),
    notBeforeMs: x509.validFromDate.getTime(),
    notAfterMs: x509.validToDate.getTime(),
    publicKey,
    extensionValue: (id) => extensions.get(id)?.value,
    isSignedBy: (key) => x509.verify(key),
  };
}

/** Fabric identifies a certificate by its low-S form, whichever form arrived. Source: msp/cert.go. */
function withLowS(der: Buffer): Buffer {
  const outer = new DerReader(der);
  const body = outer.open(DerTag.sequence);
  if (!outer.done) throw new MspError('CERT_MALFORMED', 'bytes after the certificate');
  const tbs = body.next(DerTag.sequence).whole;
  const algorithm = body.next(DerTag.sequence);
  const signature = body.next(DerTag.bitString).content;
  const algorithmId = derObjectId(new DerReader(algorithm.content).next(DerTag.objectId).content);
  if (algorithmId !== '1.2.840.10045.4.3.2') throw new MspError('CERT_MALFORMED', 'not signed ecdsa-with-SHA256');
  const low = Buffer.concat([Buffer.of(0), toLowS(signature.subarray(1))]);
  return encodeDer(DerTag.sequence, tbs, algorithm.whole, encodeDer(DerTag.bitString, low));
}

function readFields(der: Buffer) {
  const tbs = new DerReader(der).open(DerTag.sequence).open(DerTag.sequence);
  if (tbs.nextIs(DerTag.context0)) tbs.next();
  const serial = derUnsigned(tbs.next(DerTag.integer).content);
  tbs.next(DerTag.sequence); // The signature algorithm; OpenSSL compares it with the outer one when verifying.
  const issuer = tbs.next(DerTag.sequence).whole;
  tbs.next(DerTag.sequence); // Validity, read through OpenSSL.
  const subject = tbs.next(DerTag.sequence);
  let extensions: ReadonlyMap<string, Extension> = new Map();
  while (!tbs.done) {
    const field = tbs.next();
    if (field.tag === DerTag.context3) extensions = readExtensions(new DerReader(field.content).open(DerTag.sequence));
  }
  return { serial, issuer, subject: subject.whole, units: readUnits(new DerReader(subject.content)), extensions };
}

function readUnits(names: DerReader): string[] {
  const units: string[] = [];
  while (!names.done) {
    const set = names.open(DerTag.set);
    while (!set.done) {
      const attribute = set.open(DerTag.sequence);
      const type = derObjectId(attribute.next(DerTag.objectId).content);
      if (type === oid.unit) units.push(readText(attribute.next()));
    }
  }
  return units;
}

function readText({ tag, content }: { readonly tag: number; readonly content: Buffer }): string {
  const texts: readonly number[] = [DerTag.utf8String, DerTag.printableString, DerTag.ia5String];
  if (!texts.includes(tag)) throw new MspError('CERT_MALFORMED', `name in a string type of tag ${tag}`);
  return new TextDecoder('utf-8', { fatal: true }).decode(content);
}

function readExtensions(list: DerReader): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  while (!list.done) {
    const extension = list.open(DerTag.sequence);
    const id = derObjectId(extension.next(DerTag.objectId).content);
    const critical = extension.nextIs(DerTag.boolean) && extension.next().content[0] !== 0;
    if (extensions.has(id)) throw new MspError('CERT_MALFORMED', `extension ${id} stands twice`);
    extensions.set(id, { critical, value: extension.next(DerTag.octetString).content });
  }
  return extensions;
}

function readUsages(extensions: ReadonlyMap<string, Extension>) {
  const value = (id: string): DerReader | undefined => {
    const extension = extensions.get(id);
    return extension && new DerReader(extension.value);
  };
  const keyUsage = value(oid.keyUsage)?.next(DerTag.bitString).content;
  const purposes = value(oid.extendedKeyUsage)?.open(DerTag.sequence);
  return {
    ...readConstraints(value(oid.basicConstraints)?.open(DerTag.sequence)),
    maySignCertificates: keyUsage === undefined || ((keyUsage[1] ?? 0) & keyCertSignBit) !== 0,
    mayServe: purposes === undefined || readObjectIds(purposes).some(isServing),
    subjectKeyId: value(oid.subjectKeyId)?.next(DerTag.octetString).content,
    unknownCritical: [...extensions].find(([id, { critical }]) => critical && !understood.has(id))?.[0],
  };
}

function readConstraints(constraints: DerReader | undefined): Pick<Certificate, 'isCa' | 'pathLengthMax'> {
  if (constraints === undefined) return { isCa: false, pathLengthMax: undefined };
  const isCa = constraints.nextIs(DerTag.boolean) && constraints.next().content[0] !== 0;
  const hasLength = constraints.nextIs(DerTag.integer);
  return { isCa, pathLengthMax: hasLength ? Number(derUnsigned(constraints.next().content)) : undefined };
}

function readObjectIds(list: DerReader): string[] {
  const ids: string[] = [];
  while (!list.done) ids.push(derObjectId(list.next(DerTag.objectId).content));
  return ids;
}

function isServing(id: string): boolean {
  return id === oid.serverAuth || id === oid.anyExtendedKeyUsage;
}
