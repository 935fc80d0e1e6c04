import 'reflect-metadata'; // @peculiar/x509 registers its parts through it, so it must be loaded first.
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509';
import { encodePem, parseCertificate } from '../embedded/msp/certificate.js';
import { attributeOid, encodeAttributes } from './attributes.js';

/** A certificate and its private key (PKCS #8), both PEM text. */
export interface KeyMaterial {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** What a certificate says besides its key. */
export interface CertificateRequest {
  readonly commonName: string;
  /** The NodeOU, written as organizational unit; none in TLS certificates. */
  readonly unit?: string;
  /** Written into Fabric's attribute extension when there are any. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Present in TLS certificates only: the host names and addresses its holder answers to, if any. */
  readonly tls?: { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] };
}

/** A certificate over somebody's own key. */
export interface CertifyRequest extends Pick<CertificateRequest, 'attributes' | 'tls'> {
  /** The holder's name in certificate order; several values in one element stand in one RDN. */
  readonly subject: JsonName;
  /** P-256, DER of SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** Unix milliseconds: ends no later than then, if given. */
  readonly notAfterMs?: number;
}

/** One entry of a revocation list. */
export interface Revocation {
  readonly serial: bigint;
  /** Unix milliseconds. */
  readonly revokedMs: number;
}

const ecdsaP256 = { name: 'ECDSA', namedCurve: 'P-256' };
const signing = { name: 'ECDSA', hash: 'SHA-256' };
const { digitalSignature, keyEncipherment, keyCertSign, cRLSign } = KeyUsageFlags;
const usages = {
  identity: digitalSignature,
  tls: (digitalSignature | keyEncipherment) as KeyUsageFlags,
  authority: (digitalSignature | keyEncipherment | keyCertSign | cRLSign) as KeyUsageFlags,
};
const validityYears = 10;
const backdatedMs = 5 * 60_000;
const serialBytes = 16;

/**
 * An ECDSA P-256 certification authority of one organisation, either for identities or for TLS. It issues what
 * cryptogen issues, plus attributes: ten years, a serial of 128 random bits, signatures in low-S form, because Fabric
 * would rewrite any other on load and so change the identity.
 */
export class CertificateAuthority {
  readonly material: KeyMaterial;
  readonly #name: string;
  /** Subject key identifier, hex: the AKI of what it issues. */
  readonly keyId: string;
  readonly #key: webcrypto.CryptoKey;

  private constructor(name: string, material: KeyMaterial, key: webcrypto.CryptoKey) {
    this.#name = name;
    this.material = material;
    this.keyId = parseCertificate(material.certificatePem).subjectKeyId?.toString('hex') ?? '';
    this.#key = key;
  }

  /**
   * Makes an authority with a new key and a certificate signed by itself.
   * @param commonName such as `ca.chongqing.example`. @param organisation its domain, written as organization.
   * @param nowMs Unix milliseconds; the certificate is valid from five minutes before.
   */
  static async create(commonName: string, organisation: string, nowMs: number): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const name = distinguishedName({ O: organisation, CN: commonName });
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        name,
        keys,
        ...validity(nowMs),
        serialNumber: newSerial(),
        signingAlgorithm: signing,
        extensions: [
          new KeyUsagesExtension(usages.authority, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
          new BasicConstraintsExtension(true, undefined, true),
          new SubjectKeyIdentifierExtension(await keyIdentifier(keys.publicKey)),
        ],
      },
      webcrypto,
    );
    const material = { certificatePem: lowSPem(certificate.rawData), privateKeyPem: await privatePem(keys.privateKey) };
    return new CertificateAuthority(name, material, keys.privateKey);
  }

  /** Takes up an authority again from what `material` held. @throws MspError CERT_MALFORMED; `DOMException` for the key */
  static async load(commonName: string, organisation: string, material: KeyMaterial): Promise<CertificateAuthority> {
    const der = Buffer.from(material.privateKeyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const key = await webcrypto.subtle.importKey('pkcs8', der, ecdsaP256, false, ['sign']);
    return new CertificateAuthority(distinguishedName({ O: organisation, CN: commonName }), material, key);
  }

  /** Issues a certificate over a new key. @param nowMs Unix milliseconds; valid from five minutes before. */
  async issue(request: CertificateRequest, nowMs: number): Promise<KeyMaterial> {
    const keys = await newKeys();
    const { unit, commonName } = request;
    const subject = distinguishedName({ OU: unit, CN: commonName });
    const certificatePem = await this.#sign({ ...request, subject, publicKey: keys.publicKey }, nowMs);
    return { certificatePem, privateKeyPem: await privatePem(keys.privateKey) };
  }

  /**
   * Issues a certificate over a key that stays with its holder. @returns PEM text
   * @throws `DOMException` or an error of the library for a key that is not on P-256
   */
  async certify(request: CertifyRequest, nowMs: number): Promise<string> {
    const publicKey = await webcrypto.subtle.importKey('spki', request.publicKey, ecdsaP256, true, ['verify']);
    return this.#sign({ ...request, publicKey }, nowMs);
  }

  async #sign(
    request: Omit<CertifyRequest, 'subject' | 'publicKey'> & {
      readonly subject: JsonName | string;
      readonly publicKey: webcrypto.CryptoKey;
    },
    nowMs: number,
  ): Promise<string> {
    const { notBefore, notAfter } = validity(nowMs);
    const { subject, publicKey, notAfterMs = Infinity } = request;
    const certificate = await X509CertificateGenerator.create(
      {
        subject,
        issuer: this.#name,
        publicKey,
        signingKey: this.#key,
        notBefore,
        notAfter: new Date(Math.min(notAfter.getTime(), notAfterMs)),
        serialNumber: newSerial(),
        signingAlgorithm: signing,
        extensions: leafExtensions(request, this.keyId),
      },
      webcrypto,
    );
    return lowSPem(certificate.rawData);
  }

  /**
   * A list of certificates that this authority takes back (RFC 5280, section 5), for the channel's configuration.
   * @param revocations all of them, earlier ones too: a list replaces the one before. @returns PEM text
   */
  async revoke(revocations: readonly Revocation[], nowMs: number): Promise<string> {
    const list = await X509CrlGenerator.create(
      {
        issuer: this.#name,
        thisUpdate: validity(nowMs).notBefore,
        entries: revocations.map(({ serial, revokedMs }) => ({
          serialNumber: evenHex(serial.toString(16)),
          revocationDate: new Date(revokedMs),
        })),
        signingAlgorithm: signing,
        signingKey: this.#key,
        extensions: [new AuthorityKeyIdentifierExtension(this.keyId)],
      },
      webcrypto,
    );
    const lines =
      Buffer.from(list.rawData)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
  }
}

/** Whole bytes: hexadecimal digits in pairs. */
function evenHex(digits: string): string {
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

function leafExtensions(
  { attributes = {}, tls }: Pick<CertificateRequest, 'attributes' | 'tls'>,
  issuerKeyId: string,
): Extension[] {
  const extensions: Extension[] = [
    new KeyUsagesExtension(tls ? usages.tls : usages.identity, true),
    new BasicConstraintsExtension(false, undefined, true),
    new AuthorityKeyIdentifierExtension(issuerKeyId),
  ];
  if (tls) extensions.push(new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]));
  const names = [
    ...(tls?.dnsNames ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(tls?.ipAddresses ?? []).map((value) => ({ type: 'ip' as const, value })),
  ];
  if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension(names));
  if (Object.keys(attributes).length > 0) {
    extensions.push(new Extension(attributeOid, false, Uint8Array.from(encodeAttributes(attributes))));
  }
  return extensions;
}

/**
 * The order C, O, OU, CN is part of the format: `ClientIdentity.getID()` prints names in certificate order.
 * Values come from a validated topology or plan, so they hold no character that RFC 4514 would have escaped.
 */
function distinguishedName({ O, OU, CN }: { O?: string; OU?: string | undefined; CN: string }): string {
  return ['C=CN', O && `O=${O}`, OU && `OU=${OU}`, `CN=${CN}`].filter(Boolean).join(', ');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
}

/** Top bit off: a serial must be positive (RFC 5280, section 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(serialBytes + 1);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString('hex');
}

function validity(nowMs: number): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Math.floor((nowMs - backdatedMs) / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validityYears);
  return { notBefore, notAfter };
}

/** SHA-256 of the public point (RFC 7093, section 2, method 4), as cryptogen has it. @returns hex */
async function keyIdentifier(key: webcrypto.CryptoKey): Promise<string> {
  const point = await webcrypto.subtle.exportKey('raw', key);
  return createHash('sha256').update(Buffer.from(point)).digest('hex');
}

/** Reading it through the membership rules' own reader puts the signature in low-S form, and checks the rest. */
function lowSPem(der: ArrayBuffer): string {
  return encodePem(parseCertificate(encodePem(new Uint8Array(der))).der);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
