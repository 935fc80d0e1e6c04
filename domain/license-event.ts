import { type Actor, parseStoredActor } from './actor.js';
import { optional, readFields, readInstant, readRequest, readWord } from './fields.js';
import { type EntryId, parseEntryId } from './ids.js';
import { type LicenseId, type LicenseTypeCode, parseLicenseId, parseLicenseTypeCode } from './license-id.js';
import { LICENSE_OPERATIONS, LICENSE_STATUSES, type LicenseOperation, type LicenseStatus } from './license-status.js';

/** Every kind of event of the licence contracts. */
export const LICENSE_EVENT_KINDS = [
  'license.type-defined',
  'license.issued',
  'license.operated',
  'license.holder-enrolled',
  'license.fields-kept',
  'license.fields-purged',
  'license.renewal-requested',
  'license.renewal-refused',
  'license.granted',
  'license.revoked',
  'license.used',
] as const;
export type LicenseEventKind = (typeof LICENSE_EVENT_KINDS)[number];

/**
 * Payload of a chaincode event, canonical JSON; the event's name is its `kind`. A type's definition names the type, all
 * others the licence's version. What a holder signed has no `actor`: whoever passed it on is none.
 */
export interface LicenseEvent {
  readonly kind: LicenseEventKind;
  readonly typeCode?: LicenseTypeCode;
  readonly licenseId?: LicenseId;
  /** The act, grant or use. */
  readonly entryId?: EntryId;
  /** The version that an act made. */
  readonly successor?: LicenseId;
  readonly operation?: LicenseOperation;
  readonly status?: LicenseStatus;
  readonly actor?: Actor;
  readonly txTime: string;
}

/** The members each kind has beside `kind` and `txTime`; those in `MAY` may be absent. */
const MEMBERS: Readonly<Record<LicenseEventKind, readonly string[]>> = {
  'license.type-defined': ['typeCode', 'actor'],
  'license.issued': ['licenseId', 'entryId', 'operation', 'status', 'actor'],
  'license.operated': ['licenseId', 'entryId', 'successor', 'operation', 'status', 'actor'],
  'license.holder-enrolled': ['licenseId', 'actor'],
  'license.fields-kept': ['licenseId', 'actor'],
  'license.fields-purged': ['licenseId', 'actor'],
  'license.renewal-requested': ['licenseId'],
  'license.renewal-refused': ['licenseId', 'actor'],
  'license.granted': ['licenseId', 'entryId'],
  'license.revoked': ['licenseId', 'entryId'],
  'license.used': ['licenseId', 'entryId', 'actor'],
};
const MAY: readonly string[] = ['successor'];
const PREFIXES = ['LA', 'LG', 'LU'] as const;

/** Whether an event's name is one of the licence contracts'. */
export function isLicenseEventKind(name: string): name is LicenseEventKind {
  return LICENSE_EVENT_KINDS.some((kind) => kind === name);
}

/**
 * Reads an event's payload, strictly, as `parseEvidenceEvent` does.
 * @param value text of JSON or a parsed value. @throws REQUEST_MALFORMED, ID_MALFORMED, ACTOR_MALFORMED
 */
export function parseLicenseEvent(value: unknown): LicenseEvent {
  const all = readRequest(value, ['kind', 'txTime', ...new Set(Object.values(MEMBERS).flat())], 'event');
  const kind = readWord(all.kind, LICENSE_EVENT_KINDS, 'event.kind');
  const members = MEMBERS[kind];
  const fields = readFields(all, ['kind', 'txTime', ...members], 'event');
  const read = <Value>(name: string, parse: (value: unknown) => Value): Value | undefined => {
    const absent = !members.includes(name) || (MAY.includes(name) && fields[name] === undefined);
    return absent ? undefined : parse(fields[name]);
  };
  return {
    kind,
    txTime: readInstant(fields.txTime, 'event.txTime'),
    ...optional('typeCode', read('typeCode', parseLicenseTypeCode)),
    ...optional('licenseId', read('licenseId', readId)),
    ...optional('entryId', read('entryId', readEntryId)),
    ...optional('successor', read('successor', readId)),
    ...optional(
      'operation',
      read('operation', (word) => readWord(word, LICENSE_OPERATIONS, 'operation')),
    ),
    ...optional(
      'status',
      read('status', (word) => readWord(word, LICENSE_STATUSES, 'status')),
    ),
    ...optional('actor', read('actor', parseStoredActor)),
  };
}

function readId(value: unknown): LicenseId {
  return parseLicenseId(value, { legacy: true });
}

function readEntryId(value: unknown): EntryId {
  const prefix = PREFIXES.find((each) => typeof value === 'string' && value.startsWith(each)) ?? 'LA';
  return parseEntryId(prefix, value);
}
