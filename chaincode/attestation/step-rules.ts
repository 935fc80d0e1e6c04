import { type Attestation, attestedContent, type StepFacts, timingOf } from '../../domain/attestation-record.js';
import {
  type AcceptRequest,
  type AnswerRequest,
  type CloseRequest,
  type PreviewRequest,
  type PurgeRequest,
  type RefuseRequest,
  type StepRequest,
  type UseRequest,
  VALIDITY_DAYS_MAX,
  type WithdrawRequest,
} from '../../domain/attestation-steps.js';
import { type AttestationState } from '../../domain/attestation-words.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type TxFacts } from '../ledger-context.js';
import { isHoldersSignature } from './holder-signature.js';
import { checkParty } from './party-rules.js';
import { sha256 } from './private-store.js';
import { daysAfter } from './request-rules.js';

/** Pure. What a request says beside the names that every step has. */
export function contentOf<Request extends StepRequest>(wanted: Request): Omit<Request, keyof StepRequest> {
  const { requestId: _, attestationId: __, ...content } = wanted;
  return content;
}

/** Pure. Who, when and under which request id. */
export function stepFacts({ requestId }: StepRequest, { actor, txId, txTime }: TxFacts): StepFacts {
  return { by: actor, requestId, txId, txTime };
}

/** Pure. The asked unit answers, once. @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE, REQUEST_MALFORMED */
export function answer(record: Attestation, wanted: AnswerRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'answerer');
  checkState(record, 'REQUESTED');
  const { txTime } = facts;
  if (wanted.asOf > txTime) throw new DomainError('REQUEST_MALFORMED', { where: 'asOf', wanted: 'a time in the past' });
  if (wanted.validUntil <= txTime || wanted.validUntil > daysAfter(txTime, VALIDITY_DAYS_MAX)) {
    const days = `a time within ${VALIDITY_DAYS_MAX} days from now`;
    throw new DomainError('REQUEST_MALFORMED', { where: 'validUntil', wanted: days });
  }
  const content = contentOf(wanted);
  const digest = sha256(canonicalJson(attestedContent(record, content))) as DigestHex;
  return { ...record, state: 'ATTESTED', answer: { ...content, ...stepFacts(wanted, facts), digest } };
}

/** Pure. The asked unit refuses and says why. @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE */
export function refuse(record: Attestation, wanted: RefuseRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'answerer');
  checkState(record, 'REQUESTED');
  return { ...record, state: 'REFUSED', refusal: { ...contentOf(wanted), ...stepFacts(wanted, facts) } };
}

/**
 * Pure. The holder's decision on what is to be sent, by the key that the request named. An officer of the asked unit
 * only carries it.
 * @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE, ATTESTATION_PREVIEW, ATTESTATION_DIGEST, ATTESTATION_EXPIRED,
 * ATTESTATION_SIGNATURE
 */
export function preview(record: Attestation, wanted: PreviewRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'answerer');
  checkState(record, 'ATTESTED');
  const { holderKey } = record;
  if (holderKey === undefined)
    throw new DomainError('ATTESTATION_PREVIEW', { wanted: 'no preview: a duty, no consent' });
  if (record.preview !== undefined) throw new DomainError('ATTESTATION_PREVIEW', { wanted: 'one decision only' });
  checkDigest(record, wanted.digest);
  checkInTime(record, facts);
  if (!isHoldersSignature(holderKey, wanted)) throw new DomainError('ATTESTATION_SIGNATURE');
  return {
    ...record,
    state: wanted.decision === 'released' ? 'ATTESTED' : 'REJECTED_BY_HOLDER',
    preview: { ...contentOf(wanted), ...stepFacts(wanted, facts) },
  };
}

/**
 * Pure. The asking unit countersigns the answer's digest; only now is the attestation complete.
 * @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE, ATTESTATION_PREVIEW, ATTESTATION_DIGEST, ATTESTATION_EXPIRED
 */
export function accept(record: Attestation, wanted: AcceptRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'requester');
  checkState(record, 'ATTESTED');
  if (record.basis === 'consent' && record.preview === undefined) {
    throw new DomainError('ATTESTATION_PREVIEW', { wanted: "the holder's release first" });
  }
  checkDigest(record, wanted.digest);
  checkInTime(record, facts);
  return { ...record, state: 'ACCEPTED', acceptance: { ...contentOf(wanted), ...stepFacts(wanted, facts) } };
}

/**
 * Pure. The one use, for the one matter that was asked for. Another matter is refused before anything else is looked
 * at: it is the graver reason.
 * @throws ATTESTATION_NOT_PARTY, ATTESTATION_MATTER, ATTESTATION_USED, ATTESTATION_STATE, ATTESTATION_EXPIRED;
 * REQUEST_MALFORMED where the licence that takes over is missing or out of place
 */
export function use(record: Attestation, wanted: UseRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'requester');
  if (wanted.matter !== record.matter) throw new DomainError('ATTESTATION_MATTER', { wanted: 'a new request' });
  if (record.use !== undefined) throw new DomainError('ATTESTATION_USED', { state: record.state });
  checkState(record, 'ACCEPTED');
  checkInTime(record, facts);
  if ((record.item.transferOut === true) !== (wanted.newLicence !== undefined)) {
    const licence = record.item.transferOut ? 'the licence that takes over' : 'no licence for this item';
    throw new DomainError('REQUEST_MALFORMED', { where: 'newLicence', wanted: licence });
  }
  return { ...record, state: 'USED', use: { ...contentOf(wanted), ...stepFacts(wanted, facts) } };
}

/** Pure. 办结 of the matter. @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE */
export function close(record: Attestation, wanted: CloseRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'requester');
  checkState(record, 'USED');
  return { ...record, state: 'CLOSED', closing: { ...contentOf(wanted), ...stepFacts(wanted, facts) } };
}

/** States of an attestation that somebody may rely on. */
export const STANDING: readonly AttestationState[] = ['ATTESTED', 'ACCEPTED', 'USED', 'CLOSED'];

/** Pure. The asked unit takes a wrong answer back; what relied on it is flagged. @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE */
export function withdraw(record: Attestation, wanted: WithdrawRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'answerer');
  checkState(record, ...STANDING);
  return withdrawn(record, { reason: wanted.reason, ...stepFacts(wanted, facts) });
}

/** Pure. The record once it no longer stands, whoever found that out. */
export function withdrawn(
  record: Attestation,
  step: Omit<NonNullable<Attestation['withdrawal']>, 'flagged'>,
): Attestation {
  const flagged = record.use === undefined ? [] : [record.use.decisionReference];
  return { ...record, state: 'WITHDRAWN', withdrawal: { ...step, flagged } };
}

/** States after which nobody needs the private payloads for the attestation itself. */
const DONE: readonly AttestationState[] = ['REFUSED', 'REJECTED_BY_HOLDER', 'USED', 'CLOSED', 'WITHDRAWN'];

/** Pure. Either side has the private payloads forgotten. @throws ATTESTATION_NOT_PARTY, ATTESTATION_STATE */
export function purge(record: Attestation, wanted: PurgeRequest, facts: TxFacts): Attestation {
  checkParty(record, facts.actor, 'requester', 'answerer');
  if (record.purge !== undefined) throw new DomainError('ATTESTATION_STATE', { state: 'purged' });
  if (!timingOf(record, facts.txTime).expired) checkState(record, ...DONE);
  return { ...record, purge: { ...contentOf(wanted), ...stepFacts(wanted, facts) } };
}

/** Pure. @throws ATTESTATION_DISPUTED while an objection waits, ATTESTATION_STATE with the present state */
export function checkState({ state, dispute }: Attestation, ...wanted: readonly AttestationState[]): void {
  if (wanted.includes(state)) return;
  if (dispute !== undefined) throw new DomainError('ATTESTATION_DISPUTED', { objectionId: dispute.objectionId });
  throw new DomainError('ATTESTATION_STATE', { state, wanted: wanted.join(' or ') });
}

/** Both sides sign one and the same digest. */
function checkDigest(record: Attestation, digest: DigestHex): void {
  if (record.answer?.digest !== digest) {
    throw new DomainError('ATTESTATION_DIGEST', { wanted: 'the digest of the answer as it stands' });
  }
}

function checkInTime(record: Attestation, { txTime }: TxFacts): void {
  if (timingOf(record, txTime).expired) {
    throw new DomainError('ATTESTATION_EXPIRED', { validUntil: record.answer?.validUntil ?? '' });
  }
}
