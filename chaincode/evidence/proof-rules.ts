import { createHash } from 'node:crypto';
import { type AttestedRecord, type Heartbeat, HEARTBEAT_MS_MIN, STANDING_OF } from '../../domain/attestation.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex, parseDigestHex } from '../../domain/digests.js';
import { type EvidenceView } from '../../domain/evidence-view.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { judgeRecord } from '../../domain/verdict.js';
import { type TxFacts } from '../ledger-context.js';

/** SHA-256 of a stored value's canonical JSON. */
export function digestOfStored(value: object): DigestHex {
  return parseDigestHex('sha-256', createHash('sha256').update(canonicalJson(value)).digest('hex'));
}

/** Pure. What organisations sign about a record: its digests, the digest of all of it, and what became of it. */
export function attestRecord(
  record: Evidence,
  events: Pick<EvidenceView, 'objections' | 'supersededBy'>,
): AttestedRecord {
  return {
    found: true,
    digests: record.digests,
    record: digestOfStored(record),
    standing: STANDING_OF[judgeRecord(events)],
    ...optional('supersededBy', events.supersededBy),
  };
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
