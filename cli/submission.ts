import { randomUUID } from 'node:crypto';

import { type DigestMap } from '../domain/digests.js';
import { DomainError } from '../domain/errors.js';
import { type EvidenceKind, type Interest } from '../domain/evidence.js';
import { optional } from '../domain/fields.js';
import { type RequestId } from '../domain/ids.js';
import { type Statements } from '../domain/statements.js';
import { type Verdict } from '../domain/verdict.js';
import {
  type Bodies,
  type PublicParty,
  type RecordWritten,
  type Verification as VerificationAnswer,
  type VerifiedRecord,
} from '../gateway/openapi/types.js';
import { type Caller } from './caller.js';
import { type HashedFile } from './hash-file.js';
import { describeError, type Outcome } from './output.js';
import { printable } from './printable.js';
import { keepReceipt } from './receipt-files.js';
import { type RestRequest } from './rest-client.js';
import { type Unread, readRecorded, readText, readVerification } from './rest-answers.js';
import { type Salted, saltText } from './salt.js';
import { fields } from './text.js';
import { EXIT } from './exit-codes.js';

/** What is declared about every file of one command. */
export interface Declaration {
  readonly kind: EvidenceKind;
  readonly interest: Interest;
  readonly statements: Statements;
  readonly claimedAt: string | undefined;
  readonly requestId: RequestId | undefined;
  readonly caseText: string | undefined;
  /** Record also what the caller's unit recorded before. */
  readonly again: boolean;
}

/** A file that was read whole and may be recorded. */
export interface CheckedFile extends HashedFile {
  readonly file: string;
}

/** One line of the answer. The first five members are public API. */
export interface Submitted {
  readonly file: string;
  readonly id: string;
  readonly digests: object;
  readonly txId: string;
  readonly blockNumber: string | number;
  readonly as: string;
  /** The idempotency key that it was recorded under. */
  readonly requestId?: string;
  /** To be kept with the case: without the salt nobody can show which case the record belongs to. */
  readonly case?: Salted;
  /** Where its receipt is kept. */
  readonly receipt?: string;
  /** Nothing was written: the same unit had recorded the same file, and this is that record. */
  readonly alreadyRecorded?: true;
  /** What is to be said of a record of before. */
  readonly verdict?: Verdict;
}

/** The request that records a file. */
export function registrationOf(
  { digests, modifiedAt }: Pick<HashedFile, 'digests' | 'modifiedAt'>,
  declared: Declaration,
  { requestId, salted }: Attempt,
): RestRequest {
  return {
    method: 'POST',
    path: '/v1/evidence',
    idempotencyKey: requestId,
    body: {
      digests,
      kind: declared.kind,
      interest: declared.interest,
      statements: declared.statements,
      claimedAt: declared.claimedAt ?? modifiedAt,
      ...optional('caseReference', salted?.digest),
    } satisfies Bodies['registerEvidence'],
  };
}

/** A request as it is sent, and what of it is told where it fails. */
export interface Attempt {
  readonly requestId: string;
  readonly salted: Salted | undefined;
}

/**
 * Records files one after the other and ends at the first that is refused. What was recorded before is for good, so it is
 * told in any case: in one JSON value, `[…]` where all went well, `{error, recorded, notTried}` otherwise.
 * @param keep where receipts are kept: beside each file, or in a folder; left out, they are not.
 * @returns exit code 0; 1 where a file had been recorded by the same unit before; the refusal's own.
 */
export async function submitFiles(
  caller: Caller,
  files: readonly CheckedFile[],
  declared: Declaration,
  keep?: { readonly folder: string | undefined },
): Promise<Outcome> {
  const done: Submitted[] = [];
  for (const [index, file] of files.entries()) {
    const attempt = newAttempt(declared);
    try {
      done.push(
        (await findOwnRecord(caller, file, declared)) ?? (await register(caller, file, declared, attempt, keep)),
      );
    } catch (error) {
      const told = { json: { recorded: done }, text: done.map(readable).join('\n') };
      return failed(error, told, attempt, files.slice(index));
    }
  }
  const skipped = done.some(({ alreadyRecorded }) => alreadyRecorded === true);
  return { exit: skipped ? EXIT.no : EXIT.match, json: done, text: done.map(readable).join('\n') };
}

/** One attempt for each file: its request id makes repeating it safe. */
export function newAttempt({ requestId, caseText }: Declaration): Attempt {
  return {
    requestId: requestId ?? randomUUID(),
    salted: caseText === undefined ? undefined : saltText(caseText),
  };
}

/**
 * What is told where files are sent one after the other and one is refused: the salt too, because it may have been
 * recorded all the same. @param told what was done before, in both forms. @param files the refused one, and those after it
 */
export function failed(
  error: unknown,
  told: Pick<Outcome, 'json' | 'text'>,
  { requestId, salted }: Attempt,
  [file, ...later]: readonly CheckedFile[],
): Outcome {
  const notTried = later.map((each) => each.file);
  const { json, text, exit } = describeError(error, { file: file?.file ?? '', requestId });
  const rows: [string, string][] = notTried.map((each) => ['未处理 not tried', printable(each)]);
  if (salted !== undefined) rows.unshift(['盐值 salt', salted.salt]);
  return {
    exit,
    json: { error: { ...json, ...optional('case', salted) }, ...told.json, notTried },
    text: told.text,
    problem: rows.length === 0 ? text : `${text}\n${fields(rows)}`,
  };
}

/**
 * The record that the caller's unit made of this very file, one that stands before others. Under a request id of the
 * caller's own nothing is looked for: the contract answers a repeated request with what it stored.
 */
async function findOwnRecord(
  caller: Caller,
  { file, digests }: CheckedFile,
  { again, requestId }: Declaration,
): Promise<Submitted | undefined> {
  if (again || requestId !== undefined) return undefined;
  const query = new URLSearchParams({ alg: 'sha-256', digest: digests['sha-256'] });
  const { body } = await caller.call<VerificationAnswer>({ method: 'GET', path: `/v1/verify?${query.toString()}` });
  if (body.verdict === 'UNVERIFIABLE_NOW') throw new DomainError('UNVERIFIABLE_NOW');
  const own = readVerification(body).records.filter((record) => isOf(caller, record));
  const found = own.find(({ verdict }) => verdict === 'MATCH') ?? own[0];
  if (found === undefined) return undefined;
  return {
    file,
    id: readText(found.id, 'id'),
    digests,
    txId: readText(found.txId, 'txId'),
    blockNumber: typeof found.blockNumber === 'number' ? found.blockNumber : '',
    as: caller.user.name,
    alreadyRecorded: true,
    verdict: readText(found.verdict, 'verdict') as Verdict,
  };
}

function isOf({ user }: Caller, { registeredBy }: Unread<VerifiedRecord>): boolean {
  const { mspId, unit } = (registeredBy ?? {}) as Unread<PublicParty>;
  return mspId === user.mspId && unit === user.unit;
}

async function register(
  caller: Caller,
  { file, digests, modifiedAt }: { readonly file: string; readonly digests: DigestMap; readonly modifiedAt: string },
  declared: Declaration,
  { requestId, salted }: Attempt,
  keep: { readonly folder: string | undefined } | undefined,
): Promise<Submitted> {
  const { body } = await caller.call<RecordWritten>(
    registrationOf({ digests, modifiedAt }, declared, { requestId, salted }),
  );
  const { id, txId, blockNumber } = readRecorded(body);
  const done = { file, id, digests, txId, blockNumber, requestId, as: caller.user.name, ...optional('case', salted) };
  if (keep === undefined || typeof body.receipt !== 'string') return done;
  const bytes = Buffer.from(body.receipt, 'base64');
  return { ...done, receipt: await keepReceipt(file, id, bytes, keep.folder) };
}

function readable({ file, id, digests, txId, blockNumber, as, ...more }: Submitted): string {
  const before = more.alreadyRecorded === true;
  return [
    `${before ? '本单位此前已存证，未再登记 recorded before by this unit, nothing written' : '已存证 recorded'}: ${printable(file)}`,
    fields([
      ['存证编号 id', id],
      ...Object.entries(digests).map(([name, digest]) => [name, String(digest)] as const),
      ['交易 tx', txId],
      ['区块 block', String(blockNumber)],
      ...(before ? [['结论 verdict', more.verdict ?? ''] as const] : [['提交人 as', as] as const]),
      ...(before ? [['再次登记', 'yinzheng submit … --again 另立一条 makes a second record'] as const] : []),
      ...(more.receipt === undefined ? [] : [['回执 receipt', printable(more.receipt)] as const]),
      ...(more.case === undefined
        ? []
        : [['盐值 salt', `${more.case.salt} 请随案保存 keep it with the case`] as const]),
    ]),
  ].join('\n');
}
