import { type Actor } from '../../domain/actor.js';
import { type Attestation } from '../../domain/attestation-record.js';
import { DomainError } from '../../domain/errors.js';

/** The two sides of an attestation. */
export type Party = 'requester' | 'answerer';

/** Pure. Which side's unit an actor acts for; `undefined` for everybody else. */
export function partyOf({ requester, item }: Attestation, { mspId, unit }: Actor): Party | undefined {
  if (mspId === requester.mspId && unit === requester.unit) return 'requester';
  return mspId === item.mspId && unit === item.unit ? 'answerer' : undefined;
}

/** Pure. @throws ATTESTATION_NOT_PARTY where the actor's unit is not the side whose act it is */
export function checkParty(record: Attestation, actor: Actor, ...wanted: readonly Party[]): void {
  const party = partyOf(record, actor);
  if (party === undefined || !wanted.includes(party)) {
    throw new DomainError('ATTESTATION_NOT_PARTY', { wanted: wanted.join(' or ') });
  }
}

/** Pure. @returns the record. @throws ATTESTATION_NOT_FOUND */
export function requireAttestation(record: Attestation | undefined): Attestation {
  if (record === undefined) throw new DomainError('ATTESTATION_NOT_FOUND');
  return record;
}

/** Pure. History and payload verdicts are for the two organisations and for auditors of any. @throws ATTESTATION_NOT_PARTY */
export function checkHistoryReader({ requester, item }: Attestation, { role, mspId }: Actor): void {
  if (role === 'auditor' || mspId === requester.mspId || mspId === item.mspId) return;
  throw new DomainError('ATTESTATION_NOT_PARTY', { wanted: 'one of the two organisations, or an auditor' });
}
