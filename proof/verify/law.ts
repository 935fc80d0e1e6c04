import { type Batch } from '../../domain/batch.js';
import { type Evidence } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { type LawFacts, type LawLine, lawLines } from '../../domain/law-lines.js';
import { readReceipt } from '../format/compact.js';
import { ProofError } from '../proof-error.js';
import { readEnclosed } from './enclosed-record.js';
import { type FindingStatus, type Step } from './finding.js';
import { type Report } from './report.js';

/** The lines keyed to the law for a report on a receipt. @param bytes the receipt that was judged */
export async function lawLinesOf(bytes: Uint8Array, report: Report): Promise<readonly LawLine[]> {
  const statusOf = (step: Step) => report.findings.find((finding) => finding.step === step)?.status;
  const receipt = judged(report);
  const record = statusOf('record') === 'VALID' && receipt === 'VALID' ? await enclosedRecord(bytes) : undefined;
  const answer = report.facts?.answer;
  return lawLines({
    receipt,
    file: comparedAs(report.facts, statusOf('file')),
    ...optional('standing', answer?.found === true ? answer.standing : undefined),
    ...optional('record', record),
    ...optional('trustedTime', report.facts?.trustedTime),
  });
}

function comparedAs(facts: Report['facts'], status: FindingStatus | undefined): LawFacts['file'] {
  if (facts?.answer.found === false) return 'ABSENT';
  return status === 'VALID' ? 'MATCH' : status === 'INVALID' ? 'MISMATCH' : 'NOT_COMPARED';
}

/** The verdict without file and standing, which are told apart: a contested record still is the one recorded. */
function judged({ findings, answers }: Report): LawFacts['receipt'] {
  const rest = findings.filter(({ step }) => step !== 'status' && step !== 'file');
  if (rest.some(({ status }) => status === 'INVALID')) return 'INVALID';
  return answers.find(({ name }) => name === 'signers')?.status === 'VALID' ? 'VALID' : 'UNDECIDED';
}

/** An enclosed record of evidence, whose hash organisations signed and whose contract wrote it. */
async function enclosedRecord(bytes: Uint8Array): Promise<Evidence | Batch | undefined> {
  try {
    return readEnclosed((await readReceipt(bytes)).record);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
