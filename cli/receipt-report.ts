import { readFile } from 'node:fs/promises';

import { DomainError } from '../domain/errors.js';
import { optional, readInstant } from '../domain/fields.js';
import { ONE_MACHINE_NOTICE } from '../domain/wording.js';
import { type FindingStatus } from '../proof/verify/finding.js';
import { type ReceiptVerdict, recordTimesOf, type Report, type ReportFacts } from '../proof/verify/report.js';
import { ReceiptVerifier } from '../proof/verify/verify-receipt.js';
import { gapText } from './batch-submission.js';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { hashFile } from './hash-file.js';
import { type Outcome } from './output.js';
import { printable } from './printable.js';
import { readTrustFile } from './receipt-files.js';
import { fields, wrap } from './text.js';
import { timeRows, trustedRow } from './time-rows.js';

/** Fabric's ordering services; any other name is a network on one machine. */
const FABRIC_CONSENSUS: readonly string[] = ['BFT', 'etcdraft'];

const EXITS = {
  VALID: EXIT.match,
  INVALID: EXIT.no,
  UNDECIDED: EXIT.cannotDecide,
} as const satisfies Record<ReceiptVerdict, ExitCode>;

const MARKS = { VALID: '✓', INVALID: '✗', SKIPPED: '–', ERROR: '?' } as const satisfies Record<FindingStatus, string>;

/** What somebody wants to know of a receipt. Files are named as the caller wrote them. */
export interface ReceiptQuestion {
  readonly receipt: string;
  readonly bytes: Uint8Array;
  /** The trust root's file; nothing can be verified without one. */
  readonly trust: string | undefined;
  readonly file: string | undefined;
  /** `2026-03-01` or a time as in RFC 3339. */
  readonly asOf: string | undefined;
}

/**
 * Verifies a receipt. Nothing but the named files is read: it works without a network, and without Yinzheng running.
 * @throws USAGE without a trust root or with a date that is none; FILE_UNREADABLE
 */
export async function verifyReceiptFile(question: ReceiptQuestion): Promise<Outcome> {
  const { receipt, bytes, trust, file, asOf } = question;
  if (trust === undefined) {
    throw new CliError('USAGE', { option: '--trust', wanted: 'the trust root of the consortium for a receipt' });
  }
  const root = await readTrustFile(trust);
  const digests = file === undefined ? undefined : (await hashFile(file, ['sha-512'])).digests;
  const report = await new ReceiptVerifier(root).verify(bytes, {
    ...(digests && { file: digests }),
    ...(asOf !== undefined && { asOfMs: readDate(asOf) }),
  });
  return {
    exit: EXITS[report.verdict],
    json: { receipt, ...report, ...optional('gap', report.facts?.stream?.gap), notices: noticesOf(report) },
    text: readable(receipt, report),
  };
}

/** A day means its beginning, as UTC. @throws USAGE */
function readDate(text: string): number {
  try {
    return Date.parse(readInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text, 'as-of'));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new CliError('USAGE', { option: '--as-of', wanted: 'a date such as 2026-03-01' }, { cause: error });
  }
}

function noticesOf({ facts }: Report) {
  return facts === undefined || FABRIC_CONSENSUS.includes(facts.consensus) ? [] : [ONE_MACHINE_NOTICE];
}

function readable(name: string, report: Report): string {
  const { verdict, answers, findings, facts } = report;
  return [
    `${verdict}  ${printable(name)}`,
    ...answers.map(({ status, title, zh, en }) =>
      [
        wrap(`${MARKS[status]} ${title.zh} ${title.en}`),
        wrap(`    ${zh}`, 80, '    '),
        wrap(`    ${en}`, 80, '    '),
      ].join('\n'),
    ),
    ...(facts === undefined ? [] : [factRows(facts)]),
    ...findings.map(({ step, status, code, zh, en, details }) => {
      const shown = Object.entries(details).map(([key, value]) => `${key}=${value}`);
      const head = `  ${MARKS[status]} ${step}: ${code}${shown.length > 0 ? ` (${shown.join(', ')})` : ''}`;
      return status === 'VALID' && code === 'OK'
        ? wrap(head, 80, '      ')
        : [head, `      ${zh}`, `      ${en}`].map((line) => wrap(line, 80, '      ')).join('\n');
    }),
    ...noticesOf(report).flatMap(({ zh, en }) => [wrap(zh), wrap(en)]),
  ].join('\n');
}

function factRows(facts: ReportFacts): string {
  const { answer, attestedAt, organisations, version, stream, channel } = facts;
  const times = recordTimesOf(facts);
  return fields([
    ['所证 subject', answer.subject.join(' ')],
    ['结果 found', answer.found ? `是 yes, ${answer.standing}` : '账本上没有 the ledger has none'],
    ...(times === undefined ? [] : timeRows(times)),
    ['证明时间 attested', `${attestedAt} (申报 as claimed)`],
    ...(answer.found || facts.trustedTime === undefined ? [] : trustedRow(facts.trustedTime)),
    ...(version === undefined ? [] : [['区块 block', `${version.block}, 交易 tx ${version.tx}`] as const]),
    ...(stream === undefined ? [] : [['流中序号 number', String(stream.sequence)] as const]),
    ...(stream?.gap === undefined ? [] : [['缺号 missing', gapText(stream.gap)] as const]),
    ['签署机构 signers', organisations.join(', ')],
    ['通道 channel', channel],
  ]);
}

/** The bytes of a receipt that the caller named. @throws FILE_UNREADABLE */
export async function readReceiptFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CliError('FILE_UNREADABLE', { file, reason, wanted: 'a receipt' }, { cause: error });
  }
}
