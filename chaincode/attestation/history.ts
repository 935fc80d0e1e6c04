import { type AttestationAct } from '../../domain/attestation-event.js';
import { type AttestationHistoryEntry, type AttestationView, type StepFacts } from '../../domain/attestation-record.js';

/** Acts by the member of the record that each one wrote. */
const ACTS = {
  refusal: 'attestation.refused',
  answer: 'attestation.answered',
  preview: 'attestation.previewed',
  acceptance: 'attestation.accepted',
  use: 'attestation.used',
  closing: 'attestation.closed',
  withdrawal: 'attestation.withdrawn',
  purge: 'attestation.purged',
} as const satisfies Record<string, AttestationAct>;

/** Pure. Every act on an attestation, oldest first by claimed time. */
export function historyOf({ record, objections }: AttestationView): readonly AttestationHistoryEntry[] {
  const { requester, requestId, txId, txTime } = record;
  const entries: AttestationHistoryEntry[] = [
    entry('attestation.requested', { by: requester, requestId, txId, txTime }),
  ];
  for (const [member, kind] of Object.entries(ACTS) as [keyof typeof ACTS, AttestationAct][]) {
    const step = record[member];
    // A refusal by the contract's own check came with the request; an upheld objection withdraws by itself.
    if (step !== undefined && !entries.some((each) => each.txId === step.txId)) entries.push(entry(kind, step));
  }
  for (const objection of objections) {
    entries.push(entry('attestation.objected', objection, objection.id));
    const { resolution } = objection;
    if (resolution !== undefined) entries.push(entry('attestation.resolved', resolution, objection.id));
  }
  return entries.sort(byTime);
}

function entry(kind: AttestationAct, { by, txId, txTime }: StepFacts, subject?: string): AttestationHistoryEntry {
  return { kind, by, txId, txTime, ...(subject !== undefined && { subject }) };
}

type Timed = { readonly txTime: string; readonly txId: string };

/** By claimed time; equal times by transaction id, only so that every peer gives the same order. */
function byTime(a: Timed, b: Timed): number {
  if (a.txTime !== b.txTime) return a.txTime < b.txTime ? -1 : 1;
  return a.txId < b.txId ? -1 : a.txId === b.txId ? 0 : 1;
}
