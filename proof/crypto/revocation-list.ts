import { fromUtf8, toHex } from '../bytes.js';
import { serialHex } from './certificate.js';
import { childrenOf, contentOf, derLength } from './der.js';

const TAG = { integer: 0x02, utcTime: 0x17, generalizedTime: 0x18 } as const;
/** Tags of TBSCertList: version?, algorithm, issuer, thisUpdate, nextUpdate?, revokedCertificates?, extensions?. */
const MEMBERS = /^(02 )?30 30 1[78]( 1[78])?( 30)?( a0)?$/;

/** One certificate that its authority took back. */
export interface RevokedCertificate {
  /** Hex without leading zeros. */
  readonly serial: string;
  /** Unix milliseconds. */
  readonly revokedAtMs: number;
}

/**
 * Reads a revocation list (RFC 5280 section 5.1). It is read here and not by a library's description of it, because
 * one that takes the list for absent where `nextUpdate` is would let revoked certificates pass.
 * @returns hex of the issuer's name in DER, and every certificate that is listed. Signatures are not looked at: the
 * channel's configuration vouches for the list. @throws {Error} for anything else than a list
 */
export function readRevocationList(der: Uint8Array): { issuer: string; revoked: readonly RevokedCertificate[] } {
  const [body = der, , , ...more] = childrenOf(der);
  const members = childrenOf(body);
  const shape = MEMBERS.exec(members.map(([tag = 0]) => tag.toString(16).padStart(2, '0')).join(' '));
  if (derLength(der) !== der.length || more.length > 0 || shape === null) throw new Error('one list is wanted');
  const [, version, , entries, extensions] = shape;
  const issuer = members[version === undefined ? 1 : 2] ?? body;
  const listed = entries === undefined ? undefined : members.at(extensions === undefined ? -1 : -2);
  return { issuer: toHex(issuer), revoked: listed === undefined ? [] : childrenOf(listed).map(readEntry) };
}

function readEntry(der: Uint8Array): RevokedCertificate {
  const [serial = der, time = der] = childrenOf(der);
  return { serial: serialHex(contentOf(serial, TAG.integer)), revokedAtMs: readTime(time) };
}

/** UTCTime or GeneralizedTime in the one form of each that RFC 5280 section 4.1.2.5 allows. */
function readTime(der: Uint8Array): number {
  const short = der[0] === TAG.utcTime;
  const text = fromUtf8(contentOf(der, short ? TAG.utcTime : TAG.generalizedTime)) ?? '';
  const full = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  if (parts === null) throw new Error('a time is wanted');
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
