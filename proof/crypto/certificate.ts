import { AsnConvert } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';
import { copy, toHex } from '../bytes.js';
import { ProofError } from '../proof-error.js';
import { derLength } from './der.js';

/** What a verifier reads of an X.509 certificate (RFC 5280). Names are hex of their DER, so that equal means equal bytes. */
export interface Certificate {
  readonly der: Uint8Array;
  /** The signed part. */
  readonly signed: Uint8Array;
  readonly subject: string;
  readonly issuer: string;
  /** Hex without leading zeros. */
  readonly serial: string;
  /** Unix milliseconds, both inclusive. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly commonName: string;
  readonly units: readonly string[];
  /** `SubjectPublicKeyInfo` in DER. */
  readonly key: Uint8Array;
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly isAuthority: boolean;
  readonly extendedUsages: readonly string[];
}

const UNIT = '2.5.4.11';
const COMMON_NAME = '2.5.4.3';
const CERT_SIGN = 0b100000;

/** @throws {ProofError} CERTIFICATE_MALFORMED, also for bytes behind the end */
export function readCertificate(der: Uint8Array): Certificate {
  try {
    return extract(copy(der));
  } catch (cause) {
    if (cause instanceof ProofError) throw cause;
    throw new ProofError('CERTIFICATE_MALFORMED', 'an X.509 certificate in DER is wanted', { cause });
  }
}

function extract(der: Uint8Array): Certificate {
  const { tbsCertificate: body, tbsCertificateRaw, ...outer } = AsnConvert.parse(der, x509.Certificate);
  if (tbsCertificateRaw === undefined || derLength(der) !== der.length) {
    throw new ProofError('CERTIFICATE_MALFORMED', 'exactly one certificate is wanted');
  }
  const key = body.subjectPublicKeyInfo;
  return {
    der,
    signed: new Uint8Array(tbsCertificateRaw),
    subject: nameHex(body.subject),
    issuer: nameHex(body.issuer),
    serial: serialHex(new Uint8Array(body.serialNumber)),
    notBeforeMs: body.validity.notBefore.getTime().getTime(),
    notAfterMs: body.validity.notAfter.getTime().getTime(),
    commonName: namesOf(body.subject, COMMON_NAME)[0] ?? '',
    units: namesOf(body.subject, UNIT),
    key: new Uint8Array(AsnConvert.serialize(key)),
    keyAlgorithm: [key.algorithm.algorithm, toHex(new Uint8Array(parameterBytes(key.algorithm)))].join(' '),
    signatureAlgorithm: outer.signatureAlgorithm.algorithm,
    signature: new Uint8Array(outer.signatureValue),
    isAuthority: isAuthority(body),
    extendedUsages: Array.from(extension(body, x509.id_ce_extKeyUsage, x509.ExtendedKeyUsage) ?? [], String),
  };
}

/** Hex of a serial number as CRLs and certificates are compared by. */
export function serialHex(bytes: Uint8Array): string {
  return toHex(bytes).replace(/^(00)+(?=..)/, '');
}

/** Hex of a name's DER. */
export function nameHex(name: x509.Name): string {
  return toHex(new Uint8Array(AsnConvert.serialize(name)));
}

function parameterBytes({ parameters }: x509.AlgorithmIdentifier): ArrayBuffer {
  return parameters ?? new ArrayBuffer(0);
}

function namesOf(name: x509.Name, type: string): string[] {
  return name.flatMap((set) => set.filter((part) => part.type === type).map((part) => part.value.toString()));
}

function isAuthority(body: x509.TBSCertificate): boolean {
  const constraints = extension(body, x509.id_ce_basicConstraints, x509.BasicConstraints);
  const usage = extension(body, x509.id_ce_keyUsage, x509.KeyUsage);
  // Key usage is a BIT STRING whose first bit is digitalSignature and whose sixth, 2^5, is keyCertSign.
  return constraints?.cA === true && (usage === undefined || (usage.toNumber() & CERT_SIGN) !== 0);
}

function extension<T>(body: x509.TBSCertificate, id: string, type: new () => T): T | undefined {
  const found = body.extensions?.find(({ extnID }) => extnID === id);
  return found === undefined ? undefined : AsnConvert.parse(found.extnValue, type);
}
