import { type Attestation, type AttestationView } from '../../domain/attestation-record.js';
import { type AttestationTrailEntry, type Trail } from '../../domain/attestation-trail.js';
import { type LedgerContext } from '../ledger-context.js';
import { historyOf } from './history.js';
import { type AttestationStore, type Concern } from './store.js';
import { viewOf } from './view.js';

/** One page of the acts on attestations that concern a licence or a matter, newest first. */
export async function readAttestationTrail(
  ctx: LedgerContext,
  store: AttestationStore,
  { concern, key, before }: { readonly concern: Concern; readonly key: string; readonly before: string | undefined },
): Promise<{ readonly entries: readonly AttestationTrailEntry[] } & Pick<Trail, 'older'>> {
  const { records, older } = await store.concerning(concern, key, before);
  const entries: AttestationTrailEntry[] = [];
  for (const record of records) entries.push(...trailOfAttestation(await viewOf(ctx, store, record)));
  return { entries, ...(older !== undefined && { older }) };
}

/** Pure. Every act on one attestation, as the person concerned reads it. */
export function trailOfAttestation(view: AttestationView): AttestationTrailEntry[] {
  const { id, requester, item, matter, purpose, legalBasis, basis, fields } = view.record;
  return historyOf(view).map(({ kind, by, txId, txTime, subject }) => ({
    action: kind,
    attestationId: id,
    receiver: { mspId: requester.mspId, unit: requester.unit },
    answerer: { mspId: item.mspId, unit: item.unit },
    matterCode: matter,
    purpose,
    legalBasis,
    basis,
    fields,
    outcome: outcomeOf(view, kind, subject),
    by: by.name,
    txId,
    txTime,
  }));
}

/** What an act came to, in one word. */
const OUTCOMES: Readonly<Record<string, (record: Attestation) => string | undefined>> = {
  'attestation.requested': ({ refusal, txId }) => (refusal?.txId === txId ? refusal.code : 'requested'),
  'attestation.answered': ({ answer }) => answer?.answer,
  'attestation.refused': ({ refusal }) => refusal?.code,
  'attestation.previewed': ({ preview }) => preview?.decision,
  'attestation.closed': ({ closing }) => closing?.outcome,
  'attestation.withdrawn': ({ withdrawal }) => withdrawal?.reason,
  'attestation.purged': ({ purge }) => purge?.ground,
};

function outcomeOf({ record, objections }: AttestationView, kind: string, subject: string | undefined): string {
  const objection = objections.find(({ id }) => id === subject);
  if (kind === 'attestation.objected') return objection?.ground ?? '';
  if (kind === 'attestation.resolved') return objection?.resolution?.resolution ?? '';
  return OUTCOMES[kind]?.(record) ?? kind.slice(kind.indexOf('.') + 1);
}
