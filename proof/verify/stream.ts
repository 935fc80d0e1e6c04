import { type AttestedAnswer } from '../../domain/attestation.js';
import { type Gap } from '../../domain/batch.js';
import { type BatchPart, type Receipt } from '../format/receipt.js';
import { readCanonical } from './answer.js';
import { type Checked, CheckFailed, demand } from './finding.js';

/** Where a batch, or one item of it, stands in a stream. */
export interface StreamFacts {
  /** The submitting unit's own name of the stream. */
  readonly id: string;
  /** Of the receipt's item; of the batch's first item where the receipt is about no item. */
  readonly sequence: number;
  /** Numbers before this batch under which nothing was ever recorded. */
  readonly gap?: Gap;
}

/**
 * Step `stream`: the item's number is the one that its place gives it, and what the stream left out before its batch is
 * missing for good, `GAP`. @param receipt whose batch part and record were found to hold. @throws CheckFailed, ProofError
 */
export function checkStream(answer: AttestedAnswer, { record, batch }: Receipt): Checked<StreamFacts> {
  if (!answer.found || answer.batch === undefined) throw new CheckFailed('SKIPPED', 'NOT_IN_STREAM');
  const claimed = batch && claimedSequence(batch);
  if (record === undefined) {
    throw new CheckFailed('SKIPPED', claimed === undefined ? 'NOT_IN_STREAM' : 'STREAM_UNKNOWN');
  }
  const place = readPlace(membersOf(readCanonical(record)));
  if (place === undefined) {
    demand(claimed === undefined, 'ITEM_SEQUENCE');
    throw new CheckFailed('SKIPPED', 'NOT_IN_STREAM');
  }
  const { first, ...rest } = place;
  const sequence = first + (batch?.index ?? 0);
  demand(claimed === undefined || claimed === sequence, 'ITEM_SEQUENCE', { place: sequence });
  return tell({ ...rest, sequence });
}

function tell(proved: StreamFacts): Checked<StreamFacts> {
  const { id: stream, sequence, gap } = proved;
  if (gap === undefined) return { proved, details: { stream, sequence } };
  return { proved, details: { stream, sequence, missing: gapNumbers(gap) }, code: 'GAP' };
}

/** `412`, or `412-415` for several. */
export function gapNumbers({ from, to }: Gap): string {
  return from === to ? String(from) : `${String(from)}-${String(to)}`;
}

function claimedSequence({ item }: BatchPart): unknown {
  return membersOf(readCanonical(item)).sequence;
}

/** Where a batch stands, as its record says; `undefined` for one in no stream. @throws CheckFailed STREAM_MALFORMED */
function readPlace({ stream, gap }: Members): { id: string; first: number; gap?: Gap } | undefined {
  if (stream === undefined) return undefined;
  const { id, first } = membersOf(stream);
  demand(typeof id === 'string' && isSequence(first), 'STREAM_MALFORMED');
  if (gap === undefined) return { id, first };
  const { from, to } = membersOf(gap);
  demand(isSequence(from) && isSequence(to) && from <= to && to === first - 1, 'STREAM_MALFORMED');
  return { id, first, gap: { from, to } };
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
