import { type Actor } from '../../domain/actor.js';
import { sameHolder } from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { type Evidence } from '../../domain/evidence.js';
import { type EntryId } from '../../domain/ids.js';
import { type Decision, type DecideRequest, type Objection, type ObjectRequest } from '../../domain/objection.js';
import { type TxFacts } from '../ledger-context.js';
import { holderOf } from './record-rules.js';

/** Pure. Anybody but the submitter's own unit may object (requirement R15). @throws OBJECTION_OWN_RECORD */
export function makeObjection(
  record: Evidence,
  wanted: ObjectRequest,
  id: EntryId,
  { actor, txId, txTime }: TxFacts,
): Objection {
  if (isUnitOf(actor, record.submitter)) {
    throw new DomainError('OBJECTION_OWN_RECORD', { wanted: "a unit other than the submitter's" });
  }
  return { schema: 'objection/1', id, objector: actor, txId, txTime, ...wanted };
}

/**
 * Pure. Decides an objection once. Nobody judges in their own cause: the court's clerk belongs neither to the
 * submitter's unit nor to the objector's.
 * @throws OBJECTION_NOT_FOUND, OBJECTION_OWN_RECORD
 */
export function makeDecision(
  record: Evidence,
  objection: Objection | undefined,
  wanted: DecideRequest,
  { actor, txId, txTime }: TxFacts,
): Decision {
  if (objection === undefined) throw new DomainError('OBJECTION_NOT_FOUND');
  if (isUnitOf(actor, record.submitter) || isUnitOf(actor, objection.objector)) {
    throw new DomainError('OBJECTION_OWN_RECORD', { wanted: 'a court that is no party' });
  }
  return { schema: 'decision/1', court: actor, txId, txTime, ...wanted };
}

/** Pure. Whether a decision was made by this very request of this very caller, so that it is a retry. */
export function isSameDecider({ court, requestId }: Decision, actor: Actor, wanted: DecideRequest): boolean {
  return isUnitOf(court, actor) && court.name === actor.name && requestId === wanted.requestId;
}

function isUnitOf(a: Actor, b: Actor): boolean {
  return sameHolder(holderOf(a), holderOf(b));
}
