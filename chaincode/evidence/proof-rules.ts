import { createHash } from 'node:crypto';
import { type AttestedAbsence, type AttestedRecord, type AttestedSubject } from '../../domain/attestation.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { type Heartbeat, HEARTBEAT_MS_MIN } from '../../domain/heartbeat.js';
import { type Objection } from '../../domain/objection.js';
import { judgeRecord, type MatchVerdict } from '../../domain/verdict.js';
import { type TxFacts } from '../ledger-context.js';
import { type Supersession } from './supersession.js';

/** SHA-256 of a stored value's canonical JSON, which is what stands in the state; lower-case hex. */
export function digestOfStored(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** Pure. What organisations sign where nothing stands under a key, or under any key that begins so. */
export function attestAbsence(subject: AttestedSubject, heartbeat: Heartbeat | undefined): AttestedAbsence {
  return { schema: 'attestation/1', subject, ...optional('heartbeat', heartbeat?.txTime), found: false };
}

/** Pure. What organisations sign about a record: its digests, the digest of all of it, and what became of it. */
export function attestRecord(
  record: Evidence,
  mark: Supersession,
  objections: readonly Objection[],
  heartbeat: Heartbeat | undefined,
): AttestedRecord {
  const standing = judgeRecord({ objections, ...optional('supersededBy', mark.successor) });
  return {
    schema: 'attestation/1',
    subject: ['evidence', record.id],
    ...optional('heartbeat', heartbeat?.txTime),
    found: true,
    record: digestOfStored(record),
    recordedAt: record.txTime,
    standing,
    ...optional('standingSince', sinceOf(standing, mark, objections)),
    digests: record.digests,
  };
}

/** The transaction time of the act that a standing follows from: of several the first. */
function sinceOf(standing: MatchVerdict, mark: Supersession, objections: readonly Objection[]): string | undefined {
  const times: readonly (string | undefined)[] = {
    MATCH: [],
    MATCH_SUPERSEDED: [mark.txTime],
    MATCH_CONTESTED: objections.filter(({ decision }) => decision === undefined).map(({ txTime }) => txTime),
    MATCH_ANNULLED: objections.map(({ decision }) => (decision?.decision === 'upheld' ? decision.txTime : undefined)),
  }[standing];
  return times.filter((time): time is string => time !== undefined).sort((a, b) => (a < b ? -1 : 1))[0];
}

/**
 * Pure. The heartbeat that a call makes; `undefined` where the one before is so young, or claims a later time, that
 * nothing is written: nobody fills the ledger with heartbeats, and none goes back in time.
 */
export function nextHeartbeat(
  current: Heartbeat | undefined,
  { txId, txTime }: Pick<TxFacts, 'txId' | 'txTime'>,
): Heartbeat | undefined {
  if (current !== undefined && Date.parse(txTime) - Date.parse(current.txTime) < HEARTBEAT_MS_MIN) return undefined;
  return { schema: 'heartbeat/1', txId, txTime };
}
