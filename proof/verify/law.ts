import { type Batch } from '../../domain/batch.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { type LawFacts, type LawLine, lawLines } from '../../domain/law-lines.js';
import { fromUtf8 } from '../bytes.js';
import { readReceipt } from '../format/compact.js';
import { ProofError } from '../proof-error.js';
import { type Step } from './finding.js';
import { type Report } from './report.js';

/** The lines keyed to the law for a report on a receipt. @param bytes the receipt that was judged */
export async function lawLinesOf(bytes: Uint8Array, report: Report): Promise<readonly LawLine[]> {
  const statusOf = (step: Step) => report.findings.find((finding) => finding.step === step)?.status;
  const file = statusOf('file');
  const receipt = judged(report);
  const record = statusOf('record') === 'VALID' && receipt === 'VALID' ? await enclosedRecord(bytes) : undefined;
  const answer = report.facts?.answer;
  return lawLines({
    receipt,
    file: file === 'VALID' ? 'MATCH' : file === 'INVALID' ? 'MISMATCH' : 'NOT_COMPARED',
    ...optional('standing', answer?.found === true ? answer.standing : undefined),
    ...optional('record', record),
    ...optional('trustedTime', report.facts?.trustedTime),
  });
}

/** The verdict without file and standing, which are told apart: a contested record still is the one recorded. */
function judged({ findings, answers }: Report): LawFacts['receipt'] {
  const rest = findings.filter(({ step }) => step !== 'status' && step !== 'file');
  if (rest.some(({ status }) => status === 'INVALID')) return 'INVALID';
  return answers.find(({ name }) => name === 'signers')?.status === 'VALID' ? 'VALID' : 'UNDECIDED';
}

/** Kinds of records under which something was declared; of a batch it holds for every file. */
const DECLARING: readonly string[] = ['evidence/1', 'batch/1'] satisfies (Evidence | Batch)['schema'][];

/** An enclosed record of evidence, whose hash organisations signed and whose contract wrote it. */
async function enclosedRecord(bytes: Uint8Array): Promise<Evidence | Batch | undefined> {
  try {
    const text = fromUtf8((await readReceipt(bytes)).record ?? new Uint8Array(0)) ?? '';
    const value = text === '' ? undefined : (JSON.parse(text) as Evidence | Batch);
    return value !== undefined && DECLARING.includes(value.schema) ? value : undefined;
  } catch (error) {
    if (error instanceof ProofError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
