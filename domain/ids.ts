import { type Branded } from './brand.js';
import { DomainError } from './errors.js';

/** 存证编号: `EV` and 32 hex digits, derived on chain from owner and request, so a retry cannot make a second record. */
export type EvidenceId = Branded<'EvidenceId'>;
/** The caller's own name for one request, a UUID (RFC 9562). The same caller and UUID mean the same request. */
export type RequestId = Branded<'RequestId'>;
/** 核验编号: `AT` and 32 hex digits, derived on chain from requester and request. */
export type AttestationId = Branded<'AttestationId'>;
/** Fabric transaction id, 64 hex digits. */
export type TxId = Branded<'TxId'>;
/** An entry about a record (objection, transfer, access): two letters and 32 hex digits. */
export type EntryId = Branded<'EntryId'>;

const ATTESTATION_ID = /^AT[0-9a-f]{32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function parse(value: unknown, shape: RegExp, wanted: string): string {
  if (typeof value === 'string' && shape.test(value)) return value;
  throw new DomainError('ID_MALFORMED', { wanted });
}

/** @throws ID_MALFORMED */
export function parseEvidenceId(value: unknown): EvidenceId {
  return parse(value, /^EV[0-9a-f]{32}$/, 'EV and 32 hex digits') as EvidenceId;
}

/** Whether a text is an attestation's id, for paths that take ids of several kinds. */
export function isAttestationId(value: unknown): value is AttestationId {
  return typeof value === 'string' && ATTESTATION_ID.test(value);
}

/** @throws ID_MALFORMED */
export function parseAttestationId(value: unknown): AttestationId {
  return parse(value, ATTESTATION_ID, 'AT and 32 hex digits') as AttestationId;
}

/** @throws ID_MALFORMED */
export function parseRequestId(value: unknown): RequestId {
  return parse(typeof value === 'string' ? value.toLowerCase() : value, UUID, 'a UUID') as RequestId;
}

/** @throws ID_MALFORMED */
export function parseTxId(value: unknown): TxId {
  return parse(value, /^[0-9a-f]{64}$/, '64 hex digits') as TxId;
}

/** @param prefix `OB` objection, `CT` custody transfer, `AC` access; of licences `LA` act, `LG` grant, `LU` use; `AO` objection to an attestation. @throws ID_MALFORMED */
export function parseEntryId(prefix: EntryPrefix, value: unknown): EntryId {
  return parse(value, new RegExp(`^${prefix}[0-9a-f]{32}$`), `${prefix} and 32 hex digits`) as EntryId;
}

/** What kind of entry an {@link EntryId} names. */
export type EntryPrefix = 'OB' | 'CT' | 'AC' | 'LA' | 'LG' | 'LU' | 'AO';

/**
 * Writes a digest as the id of a record or entry.
 * @param digest 64 hex digits; the first 32 are used, 128 bits, enough against accidental and planned collisions of one owner.
 */
export function idFromDigest<Prefix extends 'EV' | 'AT' | EntryPrefix>(prefix: Prefix, digest: string): IdOf<Prefix> {
  return `${prefix}${digest.slice(0, 32)}` as IdOf<Prefix>;
}

type IdOf<Prefix> = Prefix extends 'EV' ? EvidenceId : Prefix extends 'AT' ? AttestationId : EntryId;

/** Writes a digest as a request id (UUID version 8, RFC 9562 section 5.8), for callers that name none. */
export function requestIdFromDigest(digest: string): RequestId {
  const d = digest.toLowerCase();
  const text = `${d.slice(0, 8)}-${d.slice(8, 12)}-8${d.slice(13, 16)}-a${d.slice(17, 20)}-${d.slice(20, 32)}`;
  return parseRequestId(text);
}
