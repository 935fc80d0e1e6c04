import { type Actor } from '../../domain/actor.js';
import { type Attestation } from '../../domain/attestation-record.js';
import { type AttestationItem } from '../../domain/attestation-item.js';
import { type AttestationRequest } from '../../domain/attestation-request.js';
import { type SubjectPayload } from '../../domain/attestation-payload.js';
import { type CheckRefusal } from '../../domain/attestation-words.js';
import { type DigestHex, parseSaltedDigest } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type AttestationId } from '../../domain/ids.js';
import { type TxFacts } from '../ledger-context.js';
import { digestOfValue } from '../license/private-values.js';
import { DAY_MS } from './limits.js';

/** Pure. @returns the item. @throws ATTESTATION_ITEM_UNKNOWN; REQUEST_MALFORMED for an own item, or a licence too many or too few */
export function requireItem(
  item: AttestationItem | undefined,
  wanted: AttestationRequest,
  actor: Actor,
): AttestationItem {
  if (item === undefined) throw new DomainError('ATTESTATION_ITEM_UNKNOWN');
  if (item.mspId === actor.mspId) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'item.mspId', wanted: 'another organisation' });
  }
  if (item.licence !== (wanted.licence !== undefined)) {
    const asked = item.licence ? 'the licence that is asked about' : 'no licence for this item';
    throw new DomainError('REQUEST_MALFORMED', { where: 'licence', wanted: asked });
  }
  return item;
}

/**
 * Pure. What the catalogue alone says against a request. The refusal is recorded as the answer: nobody is left without
 * one, and auditors see who asked for too much. @returns the first reason, `undefined` where an officer has to answer.
 */
export function checkRequest(
  item: AttestationItem,
  wanted: AttestationRequest,
  actor: Actor,
): CheckRefusal | undefined {
  const failing: readonly (readonly [CheckRefusal, boolean])[] = [
    ['ITEM_NOT_SHARED', item.shareability === 'none'],
    ['REQUESTER_NOT_ENTITLED', item.requesters !== undefined && !item.requesters.includes(actor.mspId)],
    ['MATTER_NOT_ALLOWED', !item.matters.includes(wanted.matter)],
    ['FIELDS_NOT_ALLOWED', !wanted.fields.every((field) => item.fields.includes(field))],
    ['BASIS_NOT_ALLOWED', item.shareability === 'conditional' && !item.bases.includes(wanted.basis)],
  ];
  return failing.find(([, fails]) => fails)?.[0];
}

/**
 * Pure. What the chain shall know of the number of a licence that it does not hold, where the item is about 办理转出.
 * @throws REQUEST_MALFORMED where the payload does not claim `licenceNumber`
 */
export function numberDigestOf(item: AttestationItem, { salt, claims }: SubjectPayload): DigestHex | undefined {
  if (item.transferOut !== true || item.licence) return undefined;
  const value = claims?.licenceNumber;
  if (value !== undefined) return parseSaltedDigest(digestOfValue({ value, salt }));
  throw new DomainError('REQUEST_MALFORMED', { where: 'payload.claims', wanted: 'the licenceNumber that is let go' });
}

/**
 * Pure. The record that a request makes: waiting for an answer, or refused by the contract's own check.
 * @param numberDigest of {@link numberDigestOf}
 */
export function makeAttestation(
  item: AttestationItem,
  wanted: AttestationRequest,
  id: AttestationId,
  { actor, txId, txTime }: TxFacts,
  numberDigest?: DigestHex,
): Attestation {
  const code = checkRequest(item, wanted, actor);
  const { itemId, mspId, unit, version, answerDays, escalateDays, transferOut } = item;
  const { requestId } = wanted;
  return {
    schema: 'cross-attestation/1',
    id,
    requester: actor,
    txId,
    txTime,
    ...wanted,
    item: { mspId, itemId, version, unit, ...optional('transferOut', transferOut) },
    ...optional('numberDigest', numberDigest),
    dueAt: daysAfter(txTime, answerDays),
    escalateAt: daysAfter(txTime, answerDays + escalateDays),
    state: code === undefined ? 'REQUESTED' : 'REFUSED',
    ...optional('refusal', code === undefined ? undefined : { code, by: actor, requestId, txId, txTime }),
    objections: 0,
  };
}

/** Pure. The request as it was made, read back from its record, to compare a retry with. */
export function requestOf(record: Attestation): AttestationRequest {
  const { requestId, item, matter, purpose, legalBasis, basis, holderKey, fields, licence, payloadDigest } = record;
  return {
    requestId,
    item: { mspId: item.mspId, itemId: item.itemId },
    matter,
    purpose,
    legalBasis,
    basis,
    ...optional('holderKey', holderKey),
    fields,
    ...optional('licence', licence),
    payloadDigest,
    commitment: true,
  };
}

/** Pure. @param time RFC 3339 in UTC with milliseconds. */
export function daysAfter(time: string, days: number): string {
  return new Date(Date.parse(time) + days * DAY_MS).toISOString();
}
