import { type EvidenceView, type HistoryEntry } from '../../domain/evidence-view.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { type EntryId } from '../../domain/ids.js';
import { type Decision, type Objection } from '../../domain/objection.js';
import { type EvidenceStore } from './store.js';
import { type Supersession } from './supersession.js';

/** All that the chain holds about a record: three point reads and one range read beside the record itself. */
export async function readView(store: EvidenceStore, record: Evidence): Promise<EvidenceView> {
  const mark = await store.supersession(record.id);
  const custody = await store.custody(record.id);
  const entries = await store.entries(record.id);
  return {
    record,
    ...optional('supersededBy', mark.successor),
    objections: joinObjections(entries),
    custody,
    transfers: [...entries.transfer].sort((a, b) => a.sequence - b.sequence),
    accesses: [...entries.access].sort(byTime),
  };
}

/** Pure. Objections, each with its decision if there is one, oldest first. */
export function joinObjections({
  objection,
  decision,
}: Pick<Awaited<ReturnType<EvidenceStore['entries']>>, 'objection' | 'decision'>): Objection[] {
  const decisions = new Map<EntryId, Decision>(decision.map((each) => [each.objectionId, each]));
  return objection.map((each) => ({ ...each, ...optional('decision', decisions.get(each.id)) })).sort(byTime);
}

/** Pure. Every act on a record, oldest first. @param mark the record's correction, if any. */
export function historyOf(view: EvidenceView, mark: Supersession): HistoryEntry[] {
  const { record, objections, transfers, accesses } = view;
  const entries: HistoryEntry[] = [
    { kind: 'evidence.registered', txId: record.txId, txTime: record.txTime, value: record },
    ...historyOfMark(mark),
    ...objections.flatMap(historyOfObjection),
    ...transfers.flatMap(historyOfTransfer),
    ...accesses.map((value) => ({ kind: 'evidence.accessed' as const, txId: value.txId, txTime: value.txTime, value })),
  ];
  return entries.sort(byTime);
}

function historyOfMark({ successor, txId, txTime }: Supersession): HistoryEntry[] {
  if (successor === undefined || txId === undefined || txTime === undefined) return [];
  return [{ kind: 'evidence.superseded', txId, txTime, value: { supersededBy: successor } }];
}

function historyOfObjection(value: EvidenceView['objections'][number]): HistoryEntry[] {
  const filed = { kind: 'evidence.objected' as const, txId: value.txId, txTime: value.txTime, value };
  const { decision } = value;
  if (decision === undefined) return [filed];
  return [filed, { kind: 'evidence.decided', txId: decision.txId, txTime: decision.txTime, value: decision }];
}

function historyOfTransfer(value: EvidenceView['transfers'][number]): HistoryEntry[] {
  const offered = { kind: 'evidence.handed-over' as const, txId: value.txId, txTime: value.txTime, value };
  if (value.state === 'pending') return [offered];
  const { answerTxId: txId, answerTxTime: txTime } = value;
  return [offered, { kind: 'evidence.transfer-answered', txId, txTime, value }];
}

type Timed = { readonly txTime: string; readonly txId: string };

/** By claimed time; equal times by transaction id, only so that every peer gives the same order. */
function byTime(a: Timed, b: Timed): number {
  if (a.txTime !== b.txTime) return a.txTime < b.txTime ? -1 : 1;
  return a.txId < b.txId ? -1 : a.txId === b.txId ? 0 : 1;
}
