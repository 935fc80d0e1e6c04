import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509'; // Through here for the tests too: reflect-metadata must come first.

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
const signing = { name: 'ECDSA', hash: 'SHA-256' };
const usage = x509.KeyUsageFlags;
let serial = 1000;

/** A certificate that may break any rule, and its key. */
export interface Holder {
  readonly certificate: x509.X509Certificate;
  readonly pem: string;
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

export interface Wish {
  readonly name: string;
  readonly issuer?: Holder;
  /** Keys to certify; new ones when absent. */
  readonly keys?: webcrypto.CryptoKeyPair;
  readonly isCa?: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: x509.KeyUsageFlags;
  readonly extendedKeyUsage?: string;
  readonly curve?: string;
  readonly withoutKeyId?: boolean;
  readonly extra?: x509.Extension;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

/** Makes exactly what is wished for, sensible or not; without an issuer it signs itself. */
export async function make(wish: Wish): Promise<Holder> {
  const { name, issuer } = wish;
  const algorithm = { ...ecdsa, namedCurve: wish.curve ?? ecdsa.namedCurve };
  const keys = wish.keys ?? (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']));
  const signer = issuer?.keys ?? keys;
  serial += 1;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: signing,
    serialNumber: serial.toString(16).padStart(6, '0'),
    notBefore: new Date(wish.notBefore ?? '2026-01-01T00:00:00Z'),
    notAfter: new Date(wish.notAfter ?? '2036-01-01T00:00:00Z'),
    extensions: [
      ...constraints(wish),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
      ...(wish.withoutKeyId === true ? [] : [await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)]),
    ],
  });
  return { certificate, pem: certificate.toString('pem'), name, keys };
}

function constraints({ issuer, extra, ...wish }: Wish): x509.Extension[] {
  const isCa = wish.isCa ?? issuer === undefined;
  const keyUsage = wish.keyUsage ?? (isCa ? usage.keyCertSign : usage.digitalSignature);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(isCa, wish.pathLength, true),
    new x509.KeyUsagesExtension(keyUsage, true),
  ];
  if (wish.extendedKeyUsage !== undefined) extensions.push(new x509.ExtendedKeyUsageExtension([wish.extendedKeyUsage]));
  return extra === undefined ? extensions : [...extensions, extra];
}

/** A revocation list of an issuer over holders, as PEM bytes; `signer` differs from `issuer` in a forged one. */
export async function revoke(issuer: Holder, holders: readonly Holder[], signer: Holder = issuer): Promise<Uint8Array> {
  const list = await x509.X509CrlGenerator.create({
    issuer: issuer.name,
    thisUpdate: new Date('2026-01-02T00:00:00Z'),
    signingAlgorithm: signing,
    signingKey: signer.keys.privateKey,
    entries: holders.map(({ certificate }) => ({ serialNumber: certificate.serialNumber })),
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey)],
  });
  const body = Buffer.from(list.rawData).toString('base64');
  return Buffer.from(`-----BEGIN X509 CRL-----\n${body}\n-----END X509 CRL-----\n`);
}

export { x509 };
