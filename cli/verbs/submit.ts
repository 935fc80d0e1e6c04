import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';

import { type Command } from 'commander';

import { EVIDENCE_KINDS, type EvidenceKind, INTERESTS, type Interest } from '../../domain/evidence.js';
import { optional, readInstant, readWord } from '../../domain/fields.js';
import { parseRequestId, type RequestId } from '../../domain/ids.js';
import { parseStatements, STATEMENT_NAMES, STATEMENT_WORDS, type Statements } from '../../domain/statements.js';
import { type Caller, openCaller } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { hashFile } from '../hash-file.js';
import { createFileBar } from '../progress.js';
import { readRecorded } from '../rest-answers.js';
import { type Salted, saltText } from '../salt.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';

interface SubmitOptions extends CommonOptions {
  readonly as?: string;
  readonly kind: string;
  readonly case?: string;
  readonly statement: readonly string[];
  readonly interest: string;
  readonly claimed?: string;
  readonly request?: string;
}

/** What is declared about every file of one command. */
interface Declaration {
  readonly kind: EvidenceKind;
  readonly interest: Interest;
  readonly statements: Statements;
  readonly claimedAt: string | undefined;
  readonly requestId: RequestId | undefined;
  readonly caseText: string | undefined;
}

/** One line of the answer. The first five members are public API. */
interface Submitted {
  readonly file: string;
  readonly id: string;
  readonly digests: object;
  readonly txId: string;
  readonly blockNumber: string | number;
  readonly requestId: string;
  readonly as: string;
  /** To be kept with the case: without the salt nobody can show which case the record belongs to. */
  readonly case?: Salted;
}

/** Adds `submit FILE…`: hashes files here and records their digests; the bytes never leave this machine. */
export function addSubmit(program: Command, shell: Shell): void {
  addVerb(program, 'submit <file...>', 'record the digests (SHA-256 and SM3) of files; the files stay here')
    .option('--as <user>', 'who submits, such as clerk@chongqing (default: the first clerk)')
    .option('--kind <kind>', `one of ${EVIDENCE_KINDS.join(', ')}`, 'electronic-data')
    .option('--case <text>', 'case number; only its salted digest is recorded, and the salt is given back')
    .option('--statement <name=word>', `a declaration, repeatable; names: ${STATEMENT_NAMES.join(', ')}`, collect, [])
    .option('--interest <word>', `interest in the dispute: ${INTERESTS.join(', ')}`, 'undeclared')
    .option('--claimed <time>', 'when the file came to be, RFC 3339 (default: its last change)')
    .option('--request <uuid>', 'name of this request: the same name and file is recorded once (one file only)')
    .addHelpText('after', `\nStatements:\n${statementHelp()}`)
    .action(async (files: readonly string[], options: SubmitOptions) => {
      const declaration = readDeclaration(files, options);
      const caller = await openCaller(folderOf(options), options.as, 'clerk');
      const done: Submitted[] = [];
      try {
        for (const file of files) done.push(await submitFile(shell, caller, file, declaration));
      } finally {
        // Files before one that was refused are recorded for good, so they are told in any case.
        if (done.length > 0)
          shell.finish(options, { exit: EXIT.match, json: done, text: done.map(readable).join('\n') });
      }
    });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function statementHelp(): string {
  return fields(STATEMENT_NAMES.map((name) => [name, STATEMENT_WORDS[name].join(', ')]));
}

/** @throws USAGE, REQUEST_MALFORMED, ID_MALFORMED before anything is read or sent */
function readDeclaration(files: readonly string[], options: SubmitOptions): Declaration {
  if (options.request !== undefined && files.length > 1)
    throw new CliError('USAGE', { wanted: 'one file with --request' });
  return {
    kind: readWord(options.kind, EVIDENCE_KINDS, 'kind'),
    interest: readWord(options.interest, INTERESTS, 'interest'),
    statements: parseStatements(Object.fromEntries(options.statement.map(readPair))),
    claimedAt: options.claimed === undefined ? undefined : readInstant(options.claimed, 'claimed'),
    requestId: options.request === undefined ? undefined : parseRequestId(options.request),
    caseText: options.case,
  };
}

function readPair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new CliError('USAGE', { option: '--statement', wanted: 'name=word' });
  return [text.slice(0, at), text.slice(at + 1)];
}

async function submitFile(shell: Shell, caller: Caller, file: string, declared: Declaration): Promise<Submitted> {
  const bar = createFileBar(shell.terminal, basename(file));
  const { digests, modifiedAt } = await hashFile(file, [], bar.update).finally(bar.stop);
  const requestId = declared.requestId ?? randomUUID();
  const salted = declared.caseText === undefined ? undefined : saltText(declared.caseText);
  const { body } = await caller.call({
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
    },
  });
  const { id, txId, blockNumber } = readRecorded(body);
  return { file, id, digests, txId, blockNumber, requestId, as: caller.user.name, ...optional('case', salted) };
}

function readable({ file, id, digests, txId, blockNumber, as, case: salted }: Submitted): string {
  return [
    `已存证 recorded: ${file}`,
    fields([
      ['存证编号 id', id],
      ...Object.entries(digests).map(([name, digest]) => [name, String(digest)] as const),
      ['交易 tx', txId],
      ['区块 block', String(blockNumber)],
      ['提交人 as', as],
      ...(salted === undefined ? [] : [['盐值 salt', `${salted.salt} 请随案保存 keep it with the case`] as const]),
    ]),
  ].join('\n');
}
