import { type Attestation } from '../../domain/attestation-record.js';
import { type AnswerRequest } from '../../domain/attestation-steps.js';
import { DomainError } from '../../domain/errors.js';
import { readLicenseParts } from '../../domain/license-id.js';
import { readHistory, standingOf } from '../license/history.js';
import { LicenseStore } from '../license/store.js';
import { type StateStub } from '../state.js';

/** 有效 (GB/T 36903 annex; domain/license-status.ts). */
const GOOD = '01';

/**
 * 有效 may not be answered about a licence that this chain holds and that was not in force at the time the answer is
 * about. Licences that are registered elsewhere are the answering unit's word alone.
 * @throws ATTESTATION_LICENCE with the status that the chain holds
 */
export async function checkLicence(stub: StateStub, { licence }: Attestation, wanted: AnswerRequest): Promise<void> {
  if (licence === undefined || wanted.answer !== 'VALID') return;
  const parts = readLicenseParts(licence);
  const history = await readHistory(new LicenseStore(stub), parts);
  if (history === undefined) return;
  const standing = standingOf(history, Date.parse(wanted.asOf));
  if (standing?.status === GOOD && standing.version === parts.version) return;
  throw new DomainError('ATTESTATION_LICENCE', { status: standing === undefined ? 'none' : standing.status });
}
