import { VERDICTS } from '../domain/verdict.js';
import { type Verification as VerificationAnswer } from '../gateway/openapi/types.js';
import { CliError } from './cli-error.js';

/** A JSON object of an answer whose members are not looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** What a write answers: the id of the record or entry, and where the ledger holds it. */
export interface Recorded {
  readonly id: string;
  readonly txId: string;
  readonly blockNumber: string | number;
}

/** What `verify` answers; members beyond these are passed on with `--json` as they came. */
export type Verification = Pick<VerificationAnswer, 'verdict' | 'wording' | 'caveats'> & {
  readonly records: readonly Json[];
};

/** Reads the answer to a new record, `{record, txId, blockNumber}`. @throws REPLY_MALFORMED */
export function readRecorded(body: Json): Recorded {
  return readPlace(readObject(body.record, 'record').id, body);
}

/** Reads the answer to an entry about a record, `{entry, txId, blockNumber}`. @throws REPLY_MALFORMED */
export function readEntry(body: Json): Recorded {
  return readPlace(readObject(body.entry, 'entry').id, body);
}

function readPlace(id: unknown, { txId, blockNumber }: Json): Recorded {
  if (typeof blockNumber !== 'string' && typeof blockNumber !== 'number') throw malformed('blockNumber');
  return { id: readText(id, 'id'), txId: readText(txId, 'txId'), blockNumber };
}

/** Reads the answer of `GET /v1/verify`. @throws REPLY_MALFORMED */
export function readVerification(body: Json): Verification {
  const verdict = readVerdict(body.verdict, 'verdict');
  const wording = readObject(body.wording, 'wording');
  return {
    verdict,
    wording: { zh: readText(wording.zh, 'wording.zh'), en: readText(wording.en, 'wording.en') },
    records: readList(body.records ?? [], 'records'),
    caveats: readList(body.caveats ?? [], 'caveats').map(({ verdict: each, ids }) => ({
      verdict: readVerdict(each, 'caveats.verdict'),
      ids: Array.isArray(ids) ? ids.map((id) => readText(id, 'caveats.ids')) : [],
    })),
  };
}

function readVerdict(value: unknown, where: string): VerificationAnswer['verdict'] {
  const verdict = VERDICTS.find((each) => each === value);
  if (verdict === undefined) throw malformed(where);
  return verdict;
}

/** Reads a list of objects. @throws REPLY_MALFORMED */
export function readList(value: unknown, where: string): Json[] {
  if (!Array.isArray(value)) throw malformed(where);
  return value.map((each) => readObject(each, where));
}

/** Reads an object. @throws REPLY_MALFORMED */
export function readObject(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(where);
  return value as Json;
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
