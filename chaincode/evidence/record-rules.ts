import { type Actor } from '../../domain/actor.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceEvent, type RecordFacts } from '../../domain/evidence-event.js';
import {
  CLAIMED_AHEAD_MS_MAX,
  type Evidence,
  type RegisterRequest,
  type SupersedeRequest,
} from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { type EvidenceId } from '../../domain/ids.js';
import { type Holder, sameHolder } from '../../domain/custody.js';
import { type TxFacts } from '../ledger-context.js';
import { type Supersession } from './supersession.js';

/** The unit an actor acts for. */
export function holderOf({ mspId, unit }: Actor): Holder {
  return { mspId, unit };
}

/** Pure. Compares two times that stand in the transaction, and no clock. @throws REQUEST_MALFORMED for the future */
export function checkClaimedAt(claimedAt: string, txTime: string): void {
  if (Date.parse(claimedAt) <= Date.parse(txTime) + CLAIMED_AHEAD_MS_MAX) return;
  throw new DomainError('REQUEST_MALFORMED', { where: 'claimedAt', wanted: 'a time not after the transaction' });
}

/**
 * Pure. The record that a request makes; a correction names the record it corrects.
 * @throws REQUEST_MALFORMED where the file is said to come from the future
 */
export function makeRecord(
  wanted: RegisterRequest | SupersedeRequest,
  id: EvidenceId,
  { actor, txId, txTime }: TxFacts,
): Evidence {
  checkClaimedAt(wanted.claimedAt, txTime);
  return { schema: 'evidence/1', id, submitter: actor, txId, txTime, ...wanted };
}

/** Pure. @returns the record. @throws EVIDENCE_NOT_FOUND */
export function requireRecord(record: Evidence | undefined): Evidence {
  if (record === undefined) throw new DomainError('EVIDENCE_NOT_FOUND');
  return record;
}

/**
 * Pure. Only the unit that submitted a record corrects it, and only once: who comes second corrects the successor.
 * @returns the old record's mark. @throws NOT_OWNER, EVIDENCE_SUPERSEDED with the successor's id
 */
export function supersede(old: Evidence, mark: Supersession, successor: Evidence): Supersession {
  if (!sameHolder(holderOf(old.submitter), holderOf(successor.submitter))) throw new DomainError('NOT_OWNER');
  if (mark.successor !== undefined) throw new DomainError('EVIDENCE_SUPERSEDED', { successor: mark.successor });
  return { ...mark, successor: successor.id, txId: successor.txId, txTime: successor.txTime };
}

/**
 * Pure. The trail of a record is for its owner's organisation and for auditors of any. @throws NOT_OWNER
 */
export function checkHistoryReader(record: Evidence, actor: Actor): void {
  if (actor.role !== 'auditor' && actor.mspId !== record.submitter.mspId) throw new DomainError('NOT_OWNER');
}

/** Pure. What is told about a new record. */
export function recordEvent(record: Evidence): EvidenceEvent {
  const facts: RecordFacts = {
    digests: record.digests,
    evidenceKind: record.kind,
    ...optional('caseReference', record.caseReference),
  };
  const common = { actor: record.submitter, txTime: record.txTime, ...facts };
  return record.supersedes === undefined
    ? { kind: 'evidence.registered', evidenceId: record.id, ...common }
    : { kind: 'evidence.superseded', evidenceId: record.supersedes, successor: record.id, ...common };
}
