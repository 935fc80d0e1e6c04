import { type Attestation, type AttestationView, timingOf } from '../../domain/attestation-record.js';
import { type LedgerContext } from '../ledger-context.js';
import { type AttestationStore } from './store.js';

/** All that the chain holds about an attestation, and what follows from the time of this very transaction. */
export async function viewOf(
  ctx: LedgerContext,
  store: AttestationStore,
  record: Attestation,
): Promise<AttestationView> {
  const objections = record.objections === 0 ? [] : await store.objections(record.id);
  const at = new Date(ctx.claimedMs).toISOString();
  return { record, objections, timing: timingOf(record, at) };
}
