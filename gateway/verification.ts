import { type Actor } from '../domain/actor.js';
import {
  type DigestHex,
  HASH_ALGORITHMS,
  type HashAlgorithm,
  parseDigestHex,
  parseHashAlgorithm,
} from '../domain/digests.js';
import { type EvidenceView } from '../domain/evidence-view.js';
import { DomainError } from '../domain/errors.js';
import { optional, readFields } from '../domain/fields.js';
import { type EvidenceId, parseEvidenceId } from '../domain/ids.js';
import { type Objection } from '../domain/objection.js';
import { timeDifferencesMs, timeTrustOf } from '../domain/record-times.js';
import { findCaveats, judgeRecord, judgeRecords } from '../domain/verdict.js';
import {
  caveatWording,
  mismatchWording,
  recordWording,
  statusWording,
  UNKNOWN_ID_WORDING,
  type Wording,
} from '../domain/wording.js';
import {
  type Mismatch,
  type PublicObjection,
  type PublicParty,
  type Verification,
  type VerifiedRecord,
} from './openapi/types.js';
import { type LedgerPlace } from './audit/event-filter.js';

/** Digests of one file, by algorithm; at least one. */
export type AskedDigests = { readonly [name in HashAlgorithm]?: DigestHex };

/** What somebody wants verified: a file's digests, against the whole ledger or one record. */
export interface Question {
  readonly digests: AskedDigests;
  readonly id?: EvidenceId;
}

/** What a gateway knows beside the ledger's records; `undefined` where it does not (yet). */
export interface Beside {
  readonly placeOf: (txId: string) => LedgerPlace | undefined;
  /** RFC 3339 of the time-stamp in the receipt that this gateway issued. */
  readonly trustedTimeOf: (id: EvidenceId) => string | undefined;
}

/** @param value `{digests: {algorithm: hex}, id?}`. @throws REQUEST_MALFORMED, ALGORITHM_REFUSED, DIGEST_MALFORMED, ID_MALFORMED */
export function parseQuestion(value: unknown): Question {
  const fields = readFields(value, ['digests', 'id']);
  const given = fields.digests;
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'digests', wanted: 'an object with at least one digest' });
  }
  const digests = Object.entries(given).map(([name, digest]) => {
    const algorithm = parseHashAlgorithm(name);
    return [algorithm, parseDigestHex(algorithm, digest)] as const;
  });
  return {
    digests: Object.fromEntries(digests),
    ...optional('id', fields.id === undefined ? undefined : parseEvidenceId(fields.id)),
  };
}

/**
 * Compares a file with one record, algorithm by algorithm: a SHA-256 value never meets an SM3 one (requirement R05).
 * @returns the first difference; `'none'` where they share no algorithm, so that nothing can be said.
 */
export function compareDigests(view: EvidenceView, asked: AskedDigests): 'equal' | 'none' | Mismatch {
  const shared = HASH_ALGORITHMS.flatMap((algorithm) => {
    const registered = view.record.digests[algorithm];
    const submitted = asked[algorithm];
    return registered === undefined || submitted === undefined ? [] : [{ algorithm, registered, submitted }];
  });
  if (shared.length === 0) return 'none';
  return shared.find(({ registered, submitted }) => registered !== submitted) ?? 'equal';
}

/**
 * Assembles the answer from what the ledger holds, records earliest first in the ledger's order. Pure.
 * @param views the record asked for, or all that were found. @param beside what else is known of each.
 * @param complete whether `views` are all there are.
 */
export function answer(
  question: Question,
  views: readonly EvidenceView[],
  { placeOf, trustedTimeOf }: Beside,
  complete = true,
): Verification {
  const records = views
    .map((view) => ({ view, found: compareDigests(view, question.digests), place: placeOf(view.record.txId) }))
    .filter(({ found }) => found !== 'none')
    .sort((a, b) => byPlace(a.place, b.place))
    .map(({ view, found, place }) => {
      const { id } = view.record;
      const trustedTime = trustedTimeOf(id);
      const judged = judge(view, found, question.digests, trustedTime);
      return { id, found, shown: { ...showRecord(view, place, trustedTime), ...judged } };
    });
  const equal = records.filter(({ found }) => found === 'equal').map(({ shown }) => shown);
  const different = records.flatMap(({ found }) => (typeof found === 'string' ? [] : [found]))[0];
  const shown = records.map((record) => record.shown);
  if (equal.length === 0 && different !== undefined) {
    const { algorithm, registered, submitted } = different;
    const wording = mismatchWording(algorithm, registered, submitted);
    return { verdict: 'MISMATCH', wording, records: shown, caveats: [], mismatch: different, complete };
  }
  const verdict = judgeRecords(equal.map((record) => record.verdict));
  const caveats = findCaveats(
    verdict,
    records.map(({ id, shown: { verdict: each } }) => ({ id, verdict: each })),
  );
  const first = equal.find((record) => record.verdict === verdict)?.wording ?? missWording(question, views);
  return { verdict, wording: joined(first, caveatWording(caveats)), records: shown, caveats, complete };
}

function joined(first: Wording, then: Wording | undefined): Wording {
  return then === undefined ? first : { zh: first.zh + then.zh, en: `${first.en} ${then.en}` };
}

/** A number that names nothing says nothing of the file: its digest was compared with no record. */
function missWording({ id }: Question, views: readonly EvidenceView[]): Wording {
  return id !== undefined && views.length === 0 ? UNKNOWN_ID_WORDING : statusWording('NOT_FOUND');
}

function showRecord(
  view: EvidenceView,
  place: LedgerPlace | undefined,
  trustedTime: string | undefined,
): Omit<VerifiedRecord, 'verdict' | 'wording'> {
  const { record } = view;
  const times = {
    claimedAt: record.claimedAt,
    txTime: record.txTime,
    ...optional('trustedTime', trustedTime),
  };
  return {
    id: record.id,
    registeredBy: partyOf(record.submitter),
    txId: record.txId,
    blockNumber: place?.blockNumber ?? null,
    txIndex: place?.txIndex ?? null,
    ...times,
    timeTrust: timeTrustOf(times),
    timeDifferencesMs: timeDifferencesMs(times),
    kind: record.kind,
    digests: record.digests,
    interest: record.interest,
    statements: record.statements,
    ...optional('supersedes', record.supersedes),
    ...optional('supersededBy', view.supersededBy),
    objections: view.objections.map(showObjection),
  };
}

function judge(
  view: EvidenceView,
  found: 'equal' | 'none' | Mismatch,
  asked: AskedDigests,
  trustedTime: string | undefined,
): Pick<VerifiedRecord, 'verdict' | 'wording'> {
  if (typeof found !== 'string') {
    return { verdict: 'MISMATCH', wording: mismatchWording(found.algorithm, found.registered, found.submitted) };
  }
  const { id, txTime, digests } = view.record;
  const algorithm = HASH_ALGORITHMS.find((name) => asked[name] !== undefined && digests[name] !== undefined);
  const verdict = judgeRecord(view);
  const facts = { algorithm: algorithm ?? 'sha-256', id, txTime, ...optional('trustedTime', trustedTime) };
  return { verdict, wording: recordWording(verdict, facts) };
}

function showObjection(objection: Objection): PublicObjection {
  const { id, ground, txId, txTime, contrary, decision } = objection;
  return {
    id,
    ground,
    objector: partyOf(objection.objector),
    txId,
    txTime,
    ...optional('contrary', contrary),
    ...optional(
      'decision',
      decision && {
        decision: decision.decision,
        court: partyOf(decision.court),
        txId: decision.txId,
        txTime: decision.txTime,
        documentDigest: decision.documentDigest,
      },
    ),
  };
}

function partyOf({ mspId, unit, region, role }: Actor): PublicParty {
  return { mspId, unit, region, role };
}

/** Ledger order; what is not indexed yet comes last, because it is the newest. */
function byPlace(a: LedgerPlace | undefined, b: LedgerPlace | undefined): number {
  const block = (a?.blockNumber ?? Number.MAX_SAFE_INTEGER) - (b?.blockNumber ?? Number.MAX_SAFE_INTEGER);
  return block === 0 ? (a?.txIndex ?? 0) - (b?.txIndex ?? 0) : block;
}
