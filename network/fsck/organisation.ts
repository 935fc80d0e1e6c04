import { X509Certificate } from 'node:crypto';

import { sha256 } from './block.js';
import { Der, derPair } from './der.js';
import { type ByteString, byteString, Message } from './protobuf.js';
import { isSigned } from './signature.js';
import { Unreadable } from './unreadable.js';

/** Somebody whose certificate an organisation of the channel vouches for. */
export interface Member {
  readonly mspId: ByteString;
  /** SHA-256 of the certificate, hex. */
  readonly certificateId: string;
  readonly role: ByteString | undefined;
  readonly isListedAdmin: boolean;
  readonly units: readonly ByteString[];
  /** SHA-256 over the certificates above it, hex. */
  readonly certifiersId: string;
  /** Whether it signed this message. */
  readonly signed: (message: Uint8Array, signature: Uint8Array) => boolean;
}

interface UnitRule {
  readonly role: ByteString;
  readonly unit: ByteString;
  readonly certifiersId: string | undefined;
}

/** A revocation list's issuer, by key identifier, and the serial numbers on it, hex without leading zeros. */
interface Revocations {
  readonly issuerKeyId: string;
  readonly serials: ReadonlySet<string>;
}

const pathLengthMax = 8;

/** One organisation of a channel. Source: Fabric's msp/msp_config.proto and the rules of msp/mspimpl*.go. */
export class Organisation {
  readonly mspId: ByteString;
  readonly #roots: readonly X509Certificate[];
  readonly #intermediates: readonly X509Certificate[];
  readonly #units: readonly UnitRule[];
  readonly #wanted: readonly { readonly unit: ByteString; readonly certifiersId: string }[];
  readonly #admins: ReadonlySet<string>;
  readonly #revoked: readonly Revocations[];

  /** @param bytes of `msp.FabricMSPConfig`. @throws Unreadable, or node:crypto's error for a broken certificate */
  constructor(bytes: Uint8Array) {
    const config = new Message(bytes);
    this.mspId = config.text(1);
    this.#roots = config.all(2).map(readCertificate);
    this.#intermediates = config.all(3).map(readCertificate);
    this.#admins = new Set(config.all(4).map((pem) => idOf(readCertificate(pem))));
    this.#revoked = config.all(5).map((list) => this.#readRevocations(list));
    this.#wanted = config.all(7).map((rule) => {
      const unit = new Message(rule);
      return { unit: unit.text(2), certifiersId: this.#certifiersOf(unit.bytes(1)) ?? '' };
    });
    this.#units = this.#readUnits(config.message(11));
  }

  /** @param pem the certificate, as identities carry it. @returns `undefined` for whoever is no member */
  admit(pem: Uint8Array): Member | undefined {
    try {
      return this.#admit(readCertificate(pem));
    } catch {
      return undefined; // Foreign bytes: whatever is wrong with them, nobody is admitted by them.
    }
  }

  #admit(certificate: X509Certificate): Member | undefined {
    if (certificate.ca) return undefined;
    const paths = this.#pathsAbove(certificate, startOf(certificate), pathLengthMax);
    const [path] = paths;
    const issuer = path?.[0];
    if (path === undefined || issuer === undefined || paths.length > 1 || this.#standsAboveOthers(issuer)) {
      return undefined;
    }
    if (this.#isRevoked(certificate, issuer)) return undefined;
    const certifiersId = sha256(...path.map(({ raw }) => raw)).toString('hex');
    const units = unitsOf(certificate);
    const role = this.#roleOf(units, certifiersId);
    const { publicKey } = certificate; // Made anew whenever it is asked for.
    return {
      mspId: this.mspId,
      certificateId: idOf(certificate),
      role,
      isListedAdmin: this.#admins.has(idOf(certificate)),
      units,
      certifiersId,
      signed: (message, signature) => isSigned(publicKey, message, signature),
    };
  }

  /** Every way from a certificate to a root, nearest issuer first. Time is that of the certificate, never today. */
  #pathsAbove(child: X509Certificate, atMs: number, left: number): X509Certificate[][] {
    if (left === 0) return [];
    const issued = (parent: X509Certificate) =>
      parent.ca && child.checkIssued(parent) && isValidAt(parent, atMs) && child.verify(parent.publicKey);
    return [
      ...this.#roots.filter(issued).map((root) => [root]),
      ...this.#intermediates
        .filter(issued)
        .flatMap((parent) => this.#pathsAbove(parent, atMs, left - 1).map((above) => [parent, ...above])),
    ];
  }

  #standsAboveOthers(issuer: X509Certificate): boolean {
    return this.#intermediates.some((other) => {
      const above = this.#pathsAbove(other, startOf(other), pathLengthMax).flat();
      return above.some(({ fingerprint256 }) => fingerprint256 === issuer.fingerprint256);
    });
  }

  #certifiersOf(caPem: Uint8Array): string | undefined {
    if (caPem.length === 0) return undefined;
    const ca = readCertificate(caPem);
    if (this.#roots.some(({ fingerprint256 }) => fingerprint256 === ca.fingerprint256)) {
      return sha256(ca.raw).toString('hex');
    }
    const [above = []] = this.#pathsAbove(ca, startOf(ca), pathLengthMax);
    return sha256(ca.raw, ...above.map(({ raw }) => raw)).toString('hex');
  }

  #readUnits(nodeUnits: Message): UnitRule[] {
    if (!nodeUnits.flag(1)) return [];
    return (['client', 'peer', 'admin', 'orderer'] as const).flatMap((role, index) => {
      const bytes = nodeUnits.part(index + 2);
      if (bytes === undefined) return [];
      const rule = new Message(bytes);
      return [{ role: byteString(role), unit: rule.text(2), certifiersId: this.#certifiersOf(rule.bytes(1)) }];
    });
  }

  /** @returns the one role that the units give; undefined where the organisation has no roles. @throws Unreadable */
  #roleOf(units: readonly ByteString[], certifiersId: string): ByteString | undefined {
    const wanted = this.#wanted;
    const carries = wanted.some((rule) => units.includes(rule.unit) && rule.certifiersId === certifiersId);
    if (wanted.length > 0 && !carries) throw new Unreadable('no unit that the organisation recognises');
    if (this.#units.length === 0) return undefined;
    const named = units.flatMap((unit) => this.#units.filter((rule) => rule.unit === unit));
    const [rule] = named;
    const vouched = named.every((each) => each.certifiersId === undefined || each.certifiersId === certifiersId);
    if (named.length !== 1 || !vouched || rule === undefined) throw new Unreadable('not one role');
    return rule.role;
  }

  #isRevoked(certificate: X509Certificate, issuer: X509Certificate): boolean {
    const serial = certificate.serialNumber.toLowerCase().replace(/^0+/, '');
    const keyId = keyIdOf(issuer);
    return this.#revoked.some(({ issuerKeyId, serials }) => issuerKeyId === keyId && serials.has(serial));
  }

  /** A list that its issuer did not sign revokes nobody. Source: RFC 5280, section 5.1. */
  #readRevocations(bytes: Uint8Array): Revocations {
    const text = /-----BEGIN X509 CRL-----([^-]+)-----END/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
    const list = new Der(text === undefined ? bytes : Buffer.from(text, 'base64')).enter(0x30);
    const signed = list.next();
    list.next(); // The signature's algorithm.
    const signature = list.take(0x03).subarray(1);
    const { issuerKeyId, serials } = readRevocationBody(new Der(signed.content));
    const issuer = [...this.#roots, ...this.#intermediates].find((ca) => keyIdOf(ca) === issuerKeyId);
    const genuine = issuer !== undefined && isSignedLoosely(issuer, signed.whole, signature);
    return { issuerKeyId, serials: genuine ? serials : new Set() };
  }
}

function readRevocationBody(body: Der): Revocations {
  const serials = new Set<string>();
  let issuerKeyId = '';
  let sequences = 0;
  while (!body.isAtEnd) {
    const { tag, content } = body.next();
    sequences += tag === 0x30 ? 1 : 0; // Algorithm, issuer, then the entries where there are any.
    if (tag === 0x30 && sequences === 3) {
      for (const entries = new Der(content); !entries.isAtEnd;) serials.add(entries.enter(0x30).integer().toString(16));
    }
    if (tag === 0xa0) issuerKeyId = readIssuerKeyId(new Der(content).enter(0x30));
  }
  return { issuerKeyId, serials };
}

function readIssuerKeyId(extensions: Der): string {
  while (!extensions.isAtEnd) {
    const extension = extensions.enter(0x30);
    const name = Buffer.from(extension.take(0x06)).toString('hex');
    if (extension.tag === 0x01) extension.next();
    // 2.5.29.35, authorityKeyIdentifier.
    if (name === '551d23') return Buffer.from(new Der(extension.take(0x04)).enter(0x30).take(0x80)).toString('hex');
  }
  return '';
}

/** Authorities' own signatures need not have the lower half; OpenSSL reads them as they are. */
function isSignedLoosely(issuer: X509Certificate, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const pair = new Der(signature).enter(0x30);
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const [r, s] = [pair.integer(), pair.integer()];
    const low = s * 2n > order ? order - s : s;
    return isSigned(issuer.publicKey, message, derPair(r, low));
  } catch {
    return false;
  }
}

function readCertificate(pem: Uint8Array): X509Certificate {
  if (pem.length === 0) throw new Unreadable('no certificate');
  return new X509Certificate(pem);
}

function idOf(certificate: X509Certificate): string {
  return sha256(certificate.raw).toString('hex');
}

function startOf(certificate: X509Certificate): number {
  return certificate.validFromDate.getTime() + 1_000;
}

function isValidAt(certificate: X509Certificate, atMs: number): boolean {
  return certificate.validFromDate.getTime() <= atMs && atMs <= certificate.validToDate.getTime();
}

/** Organizational units of the subject. */
function unitsOf({ subject }: X509Certificate): ByteString[] {
  return subject
    .split(/\n|(?<!\\)\+/)
    .flatMap((part) => (part.trim().startsWith('OU=') ? [byteString(part.trim().slice(3))] : []));
}

/** Subject key identifier: the first OCTET STRING behind 2.5.29.14 in the certificate, hex. */
function keyIdOf({ raw }: X509Certificate): string {
  const at = raw.indexOf(Buffer.from('0603551d0e', 'hex'));
  if (at < 0) return '';
  const rest = new Der(raw.subarray(at));
  rest.next();
  if (rest.tag === 0x01) rest.next();
  return Buffer.from(new Der(rest.take(0x04)).take(0x04)).toString('hex');
}
