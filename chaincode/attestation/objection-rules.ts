import { type Actor } from '../../domain/actor.js';
import { type Attestation, type AttestationObjection } from '../../domain/attestation-record.js';
import { type ObjectAttestationRequest, type ResolveRequest } from '../../domain/attestation-steps.js';
import { DomainError } from '../../domain/errors.js';
import { type EntryId } from '../../domain/ids.js';
import { type TxFacts } from '../ledger-context.js';
import { OBJECTIONS_MAX } from './limits.js';
import { checkParty, partyOf } from './party-rules.js';
import { checkState, contentOf, STANDING, stepFacts, withdrawn } from './step-rules.js';

/** A record and an objection to it: the two values that one transaction writes. */
export interface Contest {
  readonly record: Attestation;
  readonly objection: AttestationObjection;
}

/**
 * Pure. Anybody with a post but the unit that answered may object; until it is resolved nobody may rely on the
 * attestation. @throws OBJECTION_OWN_RECORD, ATTESTATION_DISPUTED, ATTESTATION_STATE, ENTRY_LIMIT
 */
export function object(record: Attestation, wanted: ObjectAttestationRequest, id: EntryId, facts: TxFacts): Contest {
  checkStranger(record, facts.actor);
  checkState(record, ...STANDING);
  if (record.objections >= OBJECTIONS_MAX) throw new DomainError('ENTRY_LIMIT', { entriesMax: OBJECTIONS_MAX });
  return {
    record: {
      ...record,
      state: 'DISPUTED',
      dispute: { objectionId: id, resumes: record.state },
      objections: record.objections + 1,
    },
    objection: {
      schema: 'attestation-objection/1',
      id,
      attestationId: record.id,
      ...contentOf(wanted),
      ...stepFacts(wanted, facts),
    },
  };
}

/**
 * Pure. The unit that answered must answer the objection too: `rejected` lets the attestation stand as before, `upheld`
 * withdraws it. @throws ATTESTATION_NOT_PARTY, OBJECTION_NOT_FOUND, OBJECTION_DECIDED
 */
export function resolve(
  record: Attestation,
  objection: AttestationObjection | undefined,
  wanted: ResolveRequest,
  facts: TxFacts,
): Contest {
  checkParty(record, facts.actor, 'answerer');
  if (objection === undefined) throw new DomainError('OBJECTION_NOT_FOUND');
  const { dispute, ...undisputed } = record;
  if (dispute?.objectionId !== objection.id) {
    throw new DomainError('OBJECTION_DECIDED', { decision: objection.resolution?.resolution ?? '' });
  }
  const { resolution, documentDigest } = wanted;
  const step = stepFacts(wanted, facts);
  return {
    record:
      resolution === 'upheld'
        ? withdrawn(undisputed, { reason: 'objection-upheld', ...step })
        : { ...undisputed, state: dispute.resumes },
    objection: { ...objection, resolution: { resolution, documentDigest, ...step } },
  };
}

function checkStranger(record: Attestation, actor: Actor): void {
  if (partyOf(record, actor) === 'answerer') {
    throw new DomainError('OBJECTION_OWN_RECORD', { wanted: 'a unit other than the one that answered' });
  }
}
