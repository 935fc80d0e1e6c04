import { VERDICTS } from '../domain/verdict.js';
import {
  type Evidence,
  type Placed,
  type RecordWritten,
  type TransferWritten,
  type Verification as VerificationAnswer,
  type VerifiedRecord,
} from '../gateway/openapi/types.js';
import { CliError } from './cli-error.js';

/** A JSON object of an answer whose members are not looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * An answer as a gateway sent it, not read yet: the OpenAPI document names its members, and nobody vouches for their
 * values until they are read here.
 */
export type Unread<Answer> = Answer extends object ? { readonly [Name in keyof Answer]?: unknown } : never;

/** What a write answers: the id of the record or entry, and where the ledger holds it. */
export interface Recorded {
  readonly id: string;
  readonly txId: string;
  readonly blockNumber: string | number;
}

/** What `verify` answers; members beyond these are passed on with `--json` as they came. */
export type Verification = Pick<VerificationAnswer, 'verdict' | 'wording' | 'caveats'> & {
  readonly records: readonly Unread<VerifiedRecord>[];
};

/** Reads the answer to a new record, `{record, txId, blockNumber}`. @throws REPLY_MALFORMED */
export function readRecorded(body: Unread<RecordWritten>): Recorded {
  return readPlace(readObject<Evidence>(body.record, 'record').id, body);
}

/** Reads the answer to an entry about a record, `{entry, txId, blockNumber}`. @throws REPLY_MALFORMED */
export function readEntry(body: Unread<TransferWritten>): Recorded {
  return readPlace(readObject<TransferWritten['entry']>(body.entry, 'entry').id, body);
}

function readPlace(id: unknown, { txId, blockNumber }: Unread<Placed>): Recorded {
  if (typeof blockNumber !== 'string' && typeof blockNumber !== 'number') throw malformed('blockNumber');
  return { id: readText(id, 'id'), txId: readText(txId, 'txId'), blockNumber };
}

/** Reads the answer of `GET /v1/verify`. @throws REPLY_MALFORMED */
export function readVerification(body: Unread<VerificationAnswer>): Verification {
  const verdict = readVerdict(body.verdict, 'verdict');
  const wording = readObject<VerificationAnswer['wording']>(body.wording, 'wording');
  return {
    verdict,
    wording: { zh: readText(wording.zh, 'wording.zh'), en: readText(wording.en, 'wording.en') },
    records: readList<VerifiedRecord>(body.records ?? [], 'records'),
    caveats: readList<VerificationAnswer['caveats'][number]>(body.caveats ?? [], 'caveats').map(
      ({ verdict: each, ids }) => ({
        verdict: readVerdict(each, 'caveats.verdict'),
        ids: Array.isArray(ids) ? ids.map((id) => readText(id, 'caveats.ids')) : [],
      }),
    ),
  };
}

function readVerdict(value: unknown, where: string): VerificationAnswer['verdict'] {
  const verdict = VERDICTS.find((each) => each === value);
  if (verdict === undefined) throw malformed(where);
  return verdict;
}

/** Reads a list of objects. @throws REPLY_MALFORMED */
export function readList<Each = Json>(value: unknown, where: string): Unread<Each>[] {
  if (!Array.isArray(value)) throw malformed(where);
  return value.map((each) => readObject<Each>(each, where));
}

/** Reads an object. @throws REPLY_MALFORMED */
export function readObject<Members = Json>(value: unknown, where: string): Unread<Members> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(where);
  return value as Unread<Members>;
}

/** Reads a text. @throws REPLY_MALFORMED */
export function readText(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw malformed(where);
}

/** A member for people: its text, or an empty one where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function malformed(where: string): CliError {
  return new CliError('REPLY_MALFORMED', { where, wanted: 'an answer as docs/formats/rest.md describes it' });
}
