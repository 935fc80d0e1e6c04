import { type DigestMap, parseDigestMap } from './digests.js';
import { DomainError } from './errors.js';
import { optional, readFields, readInstant, readShape, readWord } from './fields.js';

/**
 * How a record stands, as the contract says it. The first four are the verdicts on evidence (domain/verdict.ts), the
 * others belong to what can be suspended, revoked or replaced: licences, recognitions, credentials.
 */
export const STANDINGS = [
  'MATCH',
  'MATCH_CONTESTED',
  'MATCH_SUPERSEDED',
  'MATCH_ANNULLED',
  'VALID',
  'SUSPENDED',
  'REVOKED',
  'EXPIRED',
  'REPLACED',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Standings on which the record may be relied. */
export const GOOD_STANDINGS: readonly Standing[] = ['MATCH', 'VALID'];

/**
 * Where a record stands in the state: an object type and attributes, of which `createCompositeKey` makes the key
 * U+0000 type U+0000 attribute U+0000 … (fabric-shim, core/chaincode/shim). For an absence the attributes may be the
 * beginning of the keys that are all absent: `["digest","sha-256","9c74…"]`.
 */
export type AttestedSubject = readonly [type: string, ...attributes: string[]];

/** What the contract answers a read-only attestation call with; k organisations endorse these bytes. */
export type AttestedAnswer = AttestedAbsence | AttestedRecord;

interface Attested {
  readonly schema: 'attestation/1';
  readonly subject: AttestedSubject;
  /** Claimed time of the last heartbeat, where the call read one. */
  readonly heartbeat?: string;
}

/** A success on purpose: Fabric endorses no errors, and an absence must be signed. */
export interface AttestedAbsence extends Attested {
  readonly found: false;
}

/** What stands on the chain under the subject's key. */
export interface AttestedRecord extends Attested {
  readonly found: true;
  /** SHA-256 of the value's bytes in the state, in hex: canonical JSON of the record. */
  readonly record: string;
  /** Transaction time of the record: its client's claim. */
  readonly recordedAt: string;
  readonly standing: Standing;
  /** Transaction time of the act that led to the standing; left out where nothing changed since the recording. */
  readonly standingSince?: string;
  /** End of a licence's term. */
  readonly validUntil?: string;
  /** Of the recorded file; left out for a batch, whose items have them. */
  readonly digests?: DigestMap;
  /** RFC 6962 root in hex and number of leaves, for a batch. */
  readonly batch?: { readonly root: string; readonly size: number };
}

const SHARED = ['schema', 'subject', 'found', 'heartbeat'] as const;
const OF_RECORD = ['record', 'recordedAt', 'standing', 'standingSince', 'validUntil', 'digests', 'batch'] as const;
const SUBJECT_PARTS_MAX = 8;
const HASH = /^[0-9a-f]{64}$/;

/** @param value parsed JSON. Unknown members are refused. @throws REQUEST_MALFORMED, DIGEST_MALFORMED, ALGORITHM_REFUSED */
export function parseAttestedAnswer(value: unknown): AttestedAnswer {
  const fields = readFields(value, [...SHARED, ...OF_RECORD], 'answer');
  const shared = {
    schema: readWord(fields.schema, ['attestation/1'] as const, 'answer.schema'),
    subject: parseSubject(fields.subject),
    ...instant('heartbeat', fields.heartbeat),
  };
  if (fields.found === false) {
    readFields(value, SHARED, 'answer');
    return { ...shared, found: false };
  }
  if (fields.found !== true) throw new DomainError('REQUEST_MALFORMED', { where: 'answer.found', wanted: 'a boolean' });
  return {
    ...shared,
    found: true,
    record: readShape(fields.record, HASH, 'answer.record', '64 hex digits'),
    recordedAt: readInstant(fields.recordedAt, 'answer.recordedAt'),
    standing: readWord(fields.standing, STANDINGS, 'answer.standing'),
    ...instant('standingSince', fields.standingSince),
    ...instant('validUntil', fields.validUntil),
    ...optional('digests', fields.digests === undefined ? undefined : parseDigestMap(fields.digests, 'answer.digests')),
    ...optional('batch', fields.batch === undefined ? undefined : parseBatch(fields.batch)),
  };
}

function instant<Name extends string>(name: Name, value: unknown): { [key in Name]?: string } {
  return optional(name, value === undefined ? undefined : readInstant(value, `answer.${name}`));
}

function parseSubject(value: unknown): AttestedSubject {
  const parts: unknown[] = Array.isArray(value) ? value : [];
  const sound = parts.every((part): part is string => typeof part === 'string' && !part.includes('\u0000'));
  const [type, ...attributes] = sound ? parts : [];
  if (type === undefined || type === '' || parts.length > SUBJECT_PARTS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'answer.subject', wanted: 'an object type and attributes' });
  }
  return [type, ...attributes];
}

function parseBatch(value: unknown): { root: string; size: number } {
  const fields = readFields(value, ['root', 'size'], 'answer.batch');
  const { size } = fields;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size >= 2 ** 32) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'answer.batch.size', wanted: 'a number of leaves' });
  }
  return { root: readShape(fields.root, HASH, 'answer.batch.root', '64 hex digits'), size };
}
