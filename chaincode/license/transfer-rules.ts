import { type Attestation } from '../../domain/attestation-record.js';
import { DomainError } from '../../domain/errors.js';
import { type IssueRequest, type TransferSource } from '../../domain/license.js';
import { type TxFacts } from '../ledger-context.js';
import { presentStanding } from './act-rules.js';
import { type LicenseHistory } from './history.js';

/**
 * Pure. 转入 of a licence of this ledger: it was let go to the caller's authority, and nobody took it over yet.
 * @param source the licence. @throws LICENSE_TRANSFER
 */
export function checkTransferSource(source: LicenseHistory, taken: boolean, { actor, txTime }: TxFacts): void {
  const { status } = presentStanding(source, txTime);
  const { request } = source.acts.at(-1) ?? source.acts[0];
  const to = 'transferTo' in request ? request.transferTo : undefined;
  const mine = to !== undefined && to.mspId === actor.mspId && String(to.unit) === actor.unit;
  if (status !== '06' || !mine || taken) throw new DomainError('LICENSE_TRANSFER');
}

/**
 * Pure. The other region's word that the licence is let go (办理转出). It was asked for by the caller's region, says
 * 一致 about this very licence, was signed by both and used, once, for the licence that is issued now; and it stands.
 * @param attestation `undefined` where the request names none. @param source the old licence, where this ledger has it.
 * @throws TRANSFER_ATTESTATION with `where`, the first part that does not fit
 */
export function checkTransferAttestation(
  attestation: Attestation | undefined,
  { transferredFrom, licenseId }: IssueRequest,
  source: LicenseHistory | undefined,
  { actor }: TxFacts,
): void {
  const { mspId } = actor;
  // An organisation attests nothing to itself: inside one region the ledger's own status is all there is.
  if (attestation === undefined && source?.head.mspId === mspId) return;
  if (attestation === undefined) throw failing('attestationId');
  const { requester, item, answer, state, use } = attestation;
  const checks: readonly (readonly [string, boolean])[] = [
    ['requester', requester.mspId === mspId],
    ['item', item.transferOut === true],
    ['licence', isAbout(attestation, transferredFrom, source)],
    ['answer', answer?.answer === 'CONSISTENT'],
    ['state', state === 'USED' || state === 'CLOSED'],
    ['use', use?.newLicence === licenseId],
  ];
  const first = checks.find(([, holds]) => !holds);
  if (first !== undefined) throw failing(first[0]);
}

function isAbout(
  { licence, numberDigest, item }: Attestation,
  from: TransferSource | undefined,
  source: LicenseHistory | undefined,
): boolean {
  if (source === undefined) return numberDigest !== undefined && numberDigest === from?.previousDigest;
  return licence !== undefined && licence === from?.licenseId && item.mspId === source.head.mspId;
}

function failing(where: string): DomainError {
  return new DomainError('TRANSFER_ATTESTATION', { where });
}
