import { isIP } from 'node:net';

import { type JsonName, Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from '@peculiar/x509';

import { parseCertificate } from '../../embedded/msp/certificate.js';
import { readAuthorityKeyId } from './authority-key-id.js';
import { CaError } from './ca-error.js';
import { describeAuthority, type Desk, plainHex } from './desk.js';
import { type Identity } from './registry.js';
import { type Enrollment } from './requests.js';

/** Field lengths of X.520, as Fabric CA holds them. Source: lib/serverenroll.go, csrInputLengthCheck. */
const lengthsMax: Readonly<Record<string, number>> = { C: 2, ST: 128, L: 128, O: 64, OU: 64, CN: 64 };
/** What a holder may say of itself; its units and its common name are the registry's. */
const ownFields = ['C', 'ST', 'L', 'O'] as const;
const enrollmentYears = 1;
const msOfYear = 365 * 86_400_000;
/** Profiles of Fabric CA's default configuration; `ca`, which makes intermediate authorities, is not offered. */
const profiles: readonly string[] = ['', 'tls'];

/**
 * Certifies the key of a signing request for an identity whose secret or token was seen: the role and affiliation of
 * the registry as its units, the attributes that it asks for, or those marked for certificates.
 * @returns what clients read: the certificate and the authority's chain. @throws CaError 400, 403
 */
export async function enroll(desk: Desk, identity: Identity, wanted: Enrollment): Promise<object> {
  const { profile = '' } = wanted;
  if (!profiles.includes(profile)) throw new CaError(400, 'unknown', `Invalid profile: '${profile}'`);
  const request = await readSigningRequest(wanted.certificate_request ?? wanted.request ?? '');
  checkSubject(request, identity.name);
  const isTls = profile === 'tls';
  const authority = isTls ? desk.tlsAuthority : desk.authority;
  const nowMs = desk.nowMs();
  const pem = await authority.certify(
    {
      subject: subjectOf(identity, request),
      publicKey: new Uint8Array(request.publicKey.rawData),
      attributes: attributesOf(identity, wanted.attr_reqs ?? undefined),
      ...(isTls ? { tls: namesOf(wanted, request) } : {}),
      notAfterMs: nowMs + enrollmentYears * msOfYear,
    },
    nowMs,
  );
  record(desk, identity, pem);
  return {
    Cert: Buffer.from(pem).toString('base64'),
    ServerInfo: describeAuthority(desk.name, authority.material),
  };
}

/** Puts a certificate that was issued for an identity into the registry. */
export function record({ registry }: Pick<Desk, 'registry'>, { name }: Pick<Identity, 'name'>, pem: string): void {
  const certificate = parseCertificate(pem);
  registry.record({
    serial: plainHex(certificate.serial.toString(16)),
    aki: plainHex(readAuthorityKeyId(certificate)),
    identity: name,
    notAfterMs: certificate.notAfterMs,
    revokedAtMs: undefined,
    pem,
  });
}

/** A request whose sender has shown that it holds the key. */
async function readSigningRequest(pem: string): Promise<Pkcs10CertificateRequest> {
  let request: Pkcs10CertificateRequest;
  try {
    request = new Pkcs10CertificateRequest(pem);
  } catch {
    throw new CaError(400, 'badSigningRequest', 'CSR Decode failed');
  }
  const { namedCurve } = request.publicKey.algorithm as { namedCurve?: string };
  const isSigned = namedCurve === 'P-256' && (await request.verify().catch(() => false));
  if (!isSigned) throw new CaError(400, 'badSigningRequest', 'wanted a CSR of a P-256 key, signed with it');
  return request;
}

function checkSubject(request: Pkcs10CertificateRequest, name: string): void {
  const { subjectName } = request;
  for (const [field, max] of Object.entries(lengthsMax)) {
    if (subjectName.getField(field).every((value) => value.length <= max)) continue;
    const message = `CSR input validation failed: The ${field} exceeds the maximum character limit of ${max}`;
    throw new CaError(400, 'invalidSigningRequest', message);
  }
  const names = subjectName.getField('CN');
  if (names.length === 1 && names[0] === name) return;
  throw new CaError(403, 'commonNameInvalid', 'The CSR subject common name must equal the enrollment ID');
}

function subjectOf({ name, type, affiliation }: Identity, { subjectName }: Pkcs10CertificateRequest): JsonName {
  const own = ownFields.flatMap((field) => {
    const values = subjectName.getField(field);
    return values.length === 0 ? [] : [{ [field]: values }];
  });
  return [...own, { OU: [type, ...affiliation.split('.').filter(Boolean)] }, { CN: [name] }];
}

/** The names that a TLS end answers to: those of the request, else those of its CSR. */
function namesOf(
  { hosts }: Enrollment,
  request: Pkcs10CertificateRequest,
): { dnsNames: string[]; ipAddresses: string[] } {
  const asked = (typeof hosts === 'string' ? hosts.split(',') : (hosts ?? [])).filter(Boolean);
  const names = asked.length > 0 ? asked : alternativeNames(request);
  return {
    dnsNames: names.filter((name) => isIP(name) === 0),
    ipAddresses: names.filter((name) => isIP(name) !== 0),
  };
}

function alternativeNames({ extensions }: Pkcs10CertificateRequest): string[] {
  const found = extensions.find((each) => each instanceof SubjectAlternativeNameExtension);
  const names = found?.names.toJSON() ?? [];
  return names.flatMap(({ type, value }) => (type === 'dns' || type === 'ip' ? [value] : []));
}

/** @throws CaError 500, as Fabric CA has it, where an attribute is asked for that the identity does not have */
function attributesOf({ attributes }: Identity, wanted: Enrollment['attr_reqs']): Record<string, string> {
  if (wanted === undefined || wanted === null) {
    const marked = attributes.filter(({ ecert }) => ecert === true);
    return Object.fromEntries(marked.map(({ name, value }) => [name, value]));
  }
  const known = new Map(attributes.map(({ name, value }) => [name, value]));
  const missing = wanted.filter(({ name, optional }) => optional !== true && !known.has(name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(' ');
    throw new CaError(
      500,
      'unknown',
      `Failed to find requested attributes: The following required attributes are missing: [${names}]`,
    );
  }
  return Object.fromEntries(
    wanted.flatMap(({ name }) => {
      const value = known.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
