import { type DigestHex, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import { readFields, readRequest, readShape } from './fields.js';
import { type EntryId, parseEntryId, parseRequestId, type RequestId } from './ids.js';
import { type HolderKeys, parseHolderKeys } from './holder-key.js';
import { type LicenseContent } from './license-standing.js';
import { type LicenseId, parseLicenseId } from './license-id.js';
import { type FieldName } from './license-type.js';
import { readNamed } from './license.js';

/** Longest value of a face field, UTF-16 code units; a photograph goes by its digest in the file. */
export const FIELD_CHARS_MAX = 500;

/** A private value with the salt that its digest was made with. Never on the chain: transient, private or with the holder. */
export interface SaltedValue {
  /** Without spaces around it, in NFC. */
  readonly value: string;
  /** 64 hex digits: 32 random bytes. */
  readonly salt: string;
}

/** Private values of one version, by field. */
export type SaltedValues = Readonly<Record<FieldName, SaltedValue>>;

/** Which version's values are kept or purged; the values themselves are never in an argument. */
export interface FieldsRequest {
  readonly requestId: RequestId;
  readonly licenseId: LicenseId;
}

/** Asks for what a use showed. */
export interface DeliveryRequest {
  readonly licenseId: LicenseId;
  readonly grantId: EntryId;
  /** Of the use, from 1. */
  readonly sequence: number;
}

/** Digests to compare with the recorded ones. */
export interface CompareRequest {
  readonly licenseId: LicenseId;
  readonly fields: Readonly<Record<FieldName, DigestHex>>;
}

/** What is said of one field. */
export type FieldVerdict = 'MATCH' | 'MISMATCH' | 'NOT_RECORDED';

/** The integrity of a holder's file: it outlives the private values. */
export interface CompareResult {
  readonly licenseId: LicenseId;
  readonly verdict: 'MATCH' | 'MISMATCH';
  readonly content: LicenseContent;
  readonly fields: Readonly<Record<FieldName, FieldVerdict>>;
}

/** Replaces the keys that act for the holder, after a loss or when a guardian's office begins or ends. */
export interface EnrolRequest {
  readonly requestId: RequestId;
  readonly licenseId: LicenseId;
  readonly holder: HolderKeys;
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseFieldsRequest(value: unknown): FieldsRequest {
  const fields = readRequest(value, ['requestId', 'licenseId']);
  return { requestId: parseRequestId(fields.requestId), licenseId: readId(fields.licenseId) };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseEnrolRequest(value: unknown): EnrolRequest {
  const fields = readRequest(value, ['requestId', 'licenseId', 'holder']);
  const holder = parseHolderKeys(fields.holder);
  return { requestId: parseRequestId(fields.requestId), licenseId: readId(fields.licenseId), holder };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseDeliveryRequest(value: unknown): DeliveryRequest {
  const { licenseId, grantId, sequence } = readRequest(value, ['licenseId', 'grantId', 'sequence']);
  if (typeof sequence !== 'number' || !Number.isInteger(sequence) || sequence < 1) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'sequence', wanted: 'the number of a use, from 1' });
  }
  return { licenseId: readId(licenseId), grantId: parseEntryId('LG', grantId), sequence };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseCompareRequest(value: unknown): CompareRequest {
  const fields = readRequest(value, ['licenseId', 'fields']);
  return { licenseId: readId(fields.licenseId), fields: readNamed(fields.fields, 'fields', parseSaltedDigest) };
}

/** The transient field that carries {@link SaltedValues}. */
export const VALUES_TRANSIENT = 'values';

/** @throws REQUEST_MALFORMED; what was sent is never repeated */
export function parseSaltedValues(value: unknown): SaltedValues {
  const all = readRequest(value, Object.keys(readAnyObject(value)), 'values');
  return readNamed(all, 'values', (each) => {
    const { value: text, salt } = readFields(each, ['value', 'salt'], 'values');
    return { value: readValue(text), salt: readShape(salt, /^[0-9a-f]{64}$/, 'values.salt', '64 hex digits') };
  });
}

function readAnyObject(value: unknown): object {
  if (typeof value !== 'string') return value ?? {};
  try {
    return (JSON.parse(value) ?? {}) as object;
  } catch {
    throw new DomainError('REQUEST_MALFORMED', { where: 'values', wanted: 'JSON' });
  }
}

function readValue(value: unknown): string {
  const wanted = `a text in NFC without spaces around it, at most ${FIELD_CHARS_MAX}`;
  const fits = typeof value === 'string' && value.length <= FIELD_CHARS_MAX && value.isWellFormed();
  if (fits && value === value.trim().normalize('NFC')) return value;
  throw new DomainError('REQUEST_MALFORMED', { where: 'values.value', wanted });
}

function readId(value: unknown): LicenseId {
  return parseLicenseId(value, { legacy: true });
}
