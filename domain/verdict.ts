import { type EvidenceView } from './evidence-view.js';

/** The closed set of answers (requirement R11). `UNVERIFIABLE_NOW` means that nobody could look: never "not found". */
export const VERDICTS = [
  'MATCH',
  'MISMATCH',
  'NOT_FOUND',
  'MATCH_CONTESTED',
  'MATCH_SUPERSEDED',
  'MATCH_ANNULLED',
  'UNVERIFIABLE_NOW',
] as const;
export type Verdict = (typeof VERDICTS)[number];
/** What can be said of one record whose digest equals the one asked for. */
export type MatchVerdict = Extract<Verdict, `MATCH${string}`>;

/**
 * The verdict on one record whose digest equals the one asked for. A court's decision outweighs an open objection,
 * and both outweigh a correction, because they say more about whether to rely on the record.
 */
export function judgeRecord(view: Pick<EvidenceView, 'objections' | 'supersededBy'>): MatchVerdict {
  if (view.objections.some((objection) => objection.decision?.decision === 'upheld')) return 'MATCH_ANNULLED';
  if (view.objections.some((objection) => objection.decision === undefined)) return 'MATCH_CONTESTED';
  return view.supersededBy === undefined ? 'MATCH' : 'MATCH_SUPERSEDED';
}

const RELIANCE: readonly Verdict[] = ['MATCH', 'MATCH_SUPERSEDED', 'MATCH_CONTESTED', 'MATCH_ANNULLED'];

/**
 * One verdict over all records of a digest: the best one, because the same file may have been recorded by several
 * organisations and one that stands is enough; each record keeps its own verdict beside it.
 * @param verdicts of the records found; empty means the ledger answered and has none.
 */
export function judgeRecords(verdicts: readonly Verdict[]): Verdict {
  return RELIANCE.find((verdict) => verdicts.includes(verdict)) ?? 'NOT_FOUND';
}
