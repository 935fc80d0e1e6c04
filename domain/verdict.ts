import { type EvidenceView } from './evidence-view.js';
import { type EvidenceId } from './ids.js';

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
 * organisations and one that stands is enough; what the others came to is said beside it ({@link findCaveats}).
 * @param verdicts of the records found; empty means the ledger answered and has none.
 */
export function judgeRecords(verdicts: readonly Verdict[]): Verdict {
  return RELIANCE.find((verdict) => verdicts.includes(verdict)) ?? 'NOT_FOUND';
}

/** Records of the same file of which something else is to be said than the verdict over all. */
export interface Caveat {
  readonly verdict: Verdict;
  /** In the order in which the records were given; at least one. */
  readonly ids: readonly EvidenceId[];
}

/** Worst first: what speaks most against relying on a record. */
const WARNING: readonly Verdict[] = ['MATCH_ANNULLED', 'MISMATCH', 'MATCH_CONTESTED', 'MATCH_SUPERSEDED'];

/**
 * What a verdict over several records leaves unsaid: somebody who records a file anew after a court set its first
 * record aside must not thereby get a clean answer.
 * @param overall the verdict over all of them. @returns empty where every record says the same.
 */
export function findCaveats(
  overall: Verdict,
  records: readonly { readonly id: EvidenceId; readonly verdict: Verdict }[],
): Caveat[] {
  return WARNING.filter((verdict) => verdict !== overall).flatMap((verdict) => {
    const ids = records.filter((record) => record.verdict === verdict).map(({ id }) => id);
    return ids.length === 0 ? [] : [{ verdict, ids }];
  });
}
