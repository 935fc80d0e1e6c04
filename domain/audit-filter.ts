import { ATTESTATION_EVENT_KINDS } from './attestation-event.js';
import { BATCH_EVENT_KIND } from './batch.js';
import { CONSORTIUM_EVENT_KIND } from './consortium.js';
import { DomainError } from './errors.js';
import { EVIDENCE_EVENT_KINDS } from './evidence-view.js';
import { LICENSE_EVENT_KINDS } from './license-event.js';
import { optional, readInstant } from './fields.js';

/** Every kind of act that an audit lists; `config` is a configuration of the channel. */
export const AUDIT_KINDS = [
  ...EVIDENCE_EVENT_KINDS,
  BATCH_EVENT_KIND,
  ...ATTESTATION_EVENT_KINDS,
  ...LICENSE_EVENT_KINDS,
  CONSORTIUM_EVENT_KIND,
  'config',
] as const;

/** A stretch of time, both ends inclusive, RFC 3339 in UTC with milliseconds. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads the two ends of a period. A bare day, `2026-03-01`, stands for all of it in UTC, in which times are shown too:
 * as `from` its first millisecond, as `to` its last.
 * @throws REQUEST_MALFORMED for what is no day or time, and for an end before its beginning
 */
export function parsePeriod(from: unknown, to: unknown): Period {
  const first = from === undefined ? undefined : readBound(from, 'from', 'T00:00:00.000Z');
  const last = to === undefined ? undefined : readBound(to, 'to', 'T23:59:59.999Z');
  if (first !== undefined && last !== undefined && last < first) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'to', wanted: 'a time not before from' });
  }
  return { ...optional('from', first), ...optional('to', last) };
}

function readBound(value: unknown, where: string, timeOfDay: string): string {
  if (typeof value === 'string' && DAY.test(value)) return readInstant(`${value}${timeOfDay}`, where);
  return readInstant(value, where, 'a day, 2026-03-01, or a time as in RFC 3339, 2026-03-01T08:30:00Z');
}
