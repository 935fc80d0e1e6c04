import { type Attestation } from '../../domain/attestation-record.js';
import { type AttestationAct, type AttestationEvent } from '../../domain/attestation-event.js';
import { optional } from '../../domain/fields.js';
import { type EntryId } from '../../domain/ids.js';
import { type LedgerContext } from '../ledger-context.js';

/** Emits the event of one act, as the record stands after it. */
export function tellAct(ctx: LedgerContext, kind: AttestationAct, record: Attestation, entryId?: EntryId): void {
  const { actor, txTime } = ctx.facts;
  const { id, requester, item, matter, state, dueAt, escalateAt, answer, withdrawal } = record;
  const event: AttestationEvent = {
    kind,
    attestationId: id,
    actor,
    txTime,
    requester: { mspId: requester.mspId, unit: requester.unit },
    answerer: { mspId: item.mspId, unit: item.unit },
    itemId: item.itemId,
    matter,
    state,
    dueAt,
    escalateAt,
    ...optional('validUntil', answer?.validUntil),
    ...optional('code', codeOf(record)),
    ...optional('entryId', entryId),
    ...optional('flagged', withdrawal?.flagged),
  };
  ctx.emit(event);
}

/** The one word that says most about a record: why it does not stand, else what was answered. */
function codeOf({ refusal, withdrawal, answer }: Attestation): string | undefined {
  return withdrawal?.reason ?? refusal?.code ?? answer?.answer;
}
