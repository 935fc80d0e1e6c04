import { type Attestation } from '../../domain/attestation-record.js';
import { type AnswerRequest } from '../../domain/attestation-steps.js';
import { DomainError } from '../../domain/errors.js';
import { readLicenseParts } from '../../domain/license-id.js';
import { type LicenseStatus } from '../../domain/license-status.js';
import { readHistory, standingOf } from '../license/history.js';
import { LicenseStore } from '../license/store.js';
import { type StateStub } from '../state.js';

/** The status that an answer claims, by its word: 有效, and where the item is about 办理转出, 一致. */
function claimedStatus({ item }: Attestation, { answer }: AnswerRequest): LicenseStatus | undefined {
  if (answer === 'VALID') return '01';
  return item.transferOut === true && answer === 'CONSISTENT' ? '06' : undefined;
}

/**
 * A status may not be attested about a licence that this chain holds and that had another one at the time the answer
 * is about. Licences that are registered elsewhere are the answering unit's word alone.
 * @throws ATTESTATION_LICENCE with the status that the chain holds
 */
export async function checkLicence(stub: StateStub, record: Attestation, wanted: AnswerRequest): Promise<void> {
  const { licence } = record;
  const claimed = claimedStatus(record, wanted);
  if (licence === undefined || claimed === undefined) return;
  const parts = readLicenseParts(licence);
  const history = await readHistory(new LicenseStore(stub), parts);
  if (history === undefined) return;
  const standing = standingOf(history, Date.parse(wanted.asOf));
  if (standing?.status === claimed && standing.version === parts.version) return;
  throw new DomainError('ATTESTATION_LICENCE', { status: standing === undefined ? 'none' : standing.status });
}
