import { basename } from 'node:path';

import { type Command } from 'commander';

import { CLAIMED_AHEAD_MS_MAX, EVIDENCE_KINDS, INTERESTS } from '../../domain/evidence.js';
import { optional, readInstant, readWord } from '../../domain/fields.js';
import { parseRequestId } from '../../domain/ids.js';
import { parseStatements, STATEMENT_NAMES, STATEMENT_WORDS, type Statements } from '../../domain/statements.js';
import { type BatchStream, submitBatch } from '../batch-submission.js';
import { openCaller } from '../caller.js';
import { CliError } from '../cli-error.js';
import { hashFile } from '../hash-file.js';
import { createFileBar } from '../progress.js';
import { handInFiles } from '../hand-in.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { type CheckedFile, type Declaration, submitFiles } from '../submission.js';
import { fields } from '../text.js';

interface SubmitOptions extends CommonOptions {
  readonly as?: string;
  readonly kind: string;
  readonly case?: string;
  readonly statement: readonly string[];
  readonly interest: string;
  readonly claimed?: string;
  readonly request?: string;
  readonly again?: true;
  readonly receipts?: string | true;
  readonly batch?: true;
  readonly stream?: string;
  readonly first?: string;
  readonly wait: boolean;
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
    .option('--again', 'record also what the same unit recorded before; otherwise such a file is only named')
    .option('--receipts [dir]', 'keep each receipt as <file>.yz, beside the file or in this folder')
    .option('--batch', 'all files in one transaction; found by their receipts alone, which are kept')
    .option('--stream <uuid>', 'with --batch: the stream whose items are numbered')
    .option('--first <number>', 'with --stream: number of the first file')
    .option('--no-wait', 'end as soon as the gateway has accepted them; `yinzheng job` then tells what became of it')
    .addHelpText('after', `\nStatements:\n${statementHelp()}`)
    .addHelpText('after', '\nExit code: 0 recorded; 1 refused or recorded before; 2 nobody knows; 64 misuse')
    .action(async (files: readonly string[], options: SubmitOptions) => {
      const declaration = readDeclaration(files, options, Date.now());
      const caller = await openCaller(folderOf(options), options.as, 'clerk');
      const checked = await checkFiles(shell, files);
      for (const { file, modifiedAt } of checked) checkClaimed(declaration.claimedAt ?? modifiedAt, Date.now(), file);
      const kept = typeof options.receipts === 'string' ? options.receipts : undefined;
      if (options.batch === true) {
        shell.finish(options, await submitBatch(caller, checked, declaration, readStream(options), kept));
        return;
      }
      if (!options.wait) {
        shell.finish(options, await handInFiles(caller, checked, declaration));
        return;
      }
      const keep = options.receipts === undefined ? undefined : { folder: kept };
      shell.finish(options, await submitFiles(caller, checked, declaration, keep));
    });
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function statementHelp(): string {
  return fields(STATEMENT_NAMES.map((name) => [name, STATEMENT_WORDS[name].join(', ')]));
}

/** @throws USAGE, REQUEST_MALFORMED, ID_MALFORMED before anything is read or sent */
function readDeclaration(files: readonly string[], options: SubmitOptions, nowMs: number): Declaration {
  readStream(options);
  checkCombination(files, options);
  const claimedAt = options.claimed === undefined ? undefined : readInstant(options.claimed, 'claimed');
  if (claimedAt !== undefined) checkClaimed(claimedAt, nowMs);
  return {
    kind: readWord(options.kind, EVIDENCE_KINDS, 'kind'),
    interest: readWord(options.interest, INTERESTS, 'interest'),
    statements: readStatements(options.statement),
    claimedAt,
    requestId: options.request === undefined ? undefined : parseRequestId(options.request),
    caseText: options.case,
    again: options.again === true,
  };
}

/** @throws USAGE where two options do not go together */
function checkCombination(files: readonly string[], options: SubmitOptions): void {
  if (options.request !== undefined && files.length > 1 && options.batch !== true)
    throw new CliError('USAGE', { option: '--request', wanted: 'one file with --request' });
  if (!options.wait && (options.batch === true || options.receipts !== undefined))
    throw new CliError('USAGE', {
      option: '--no-wait',
      wanted: 'neither --batch nor --receipts, which need the record',
    });
  if (options.case?.trim() === '') throw new CliError('USAGE', { option: '--case', wanted: 'a case number' });
}

/** @throws USAGE, ID_MALFORMED */
function readStream({ batch, stream, first }: SubmitOptions): BatchStream | undefined {
  if (stream === undefined && first === undefined) return undefined;
  const number = Number(first);
  if (batch !== true || stream === undefined || !Number.isInteger(number) || number < 1) {
    throw new CliError('USAGE', { option: '--stream', wanted: '--batch --stream <uuid> --first <number from 1>' });
  }
  return { id: parseRequestId(stream), first: number };
}

/** Nothing came to be in the future; clocks may differ by as much as peers bear. */
function checkClaimed(claimedAt: string, nowMs: number, file?: string): void {
  if (Date.parse(claimedAt) <= nowMs + CLAIMED_AHEAD_MS_MAX) return;
  const wanted = file === undefined ? 'a time that is past' : 'a file last changed in the past, or --claimed';
  throw new CliError('USAGE', { option: '--claimed', wanted, ...optional('file', file) });
}

function readStatements(given: readonly string[]): Statements {
  const pairs = given.map(readPair);
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CliError('USAGE', { option: '--statement', wanted: 'each name once' });
  return parseStatements(Object.fromEntries(pairs));
}

function readPair(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new CliError('USAGE', { option: '--statement', wanted: 'name=word' });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Reads every file before the first is recorded: one that is missing must not leave half of a case behind. */
async function checkFiles(shell: Shell, files: readonly string[]): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const bar = createFileBar(shell.terminal, basename(file));
    checked.push({ file, ...(await hashFile(file, [], bar.update).finally(bar.stop)) });
  }
  return checked;
}
