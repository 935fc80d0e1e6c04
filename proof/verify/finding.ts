import { type Wording } from '../../domain/wording.js';
import { PROOF_ERROR_CODES, ProofError, type ProofErrorCode } from '../proof-error.js';
import { type CheckCode, type FindingCode, FINDING_WORDING } from './finding-codes.js';

/** The steps of a verification in the order in which they are told; docs/formats/receipt.md section 4. */
export const STEPS = [
  'format',
  'file',
  'batch',
  'payload',
  'channel',
  'signatures',
  'record',
  'stream',
  'ordering',
  'audit',
  'timestamp',
  'seal',
  'status',
] as const;
export type Step = (typeof STEPS)[number];

/** What a step found. `ERROR`: it cannot be decided, which is never an accusation; `SKIPPED`: nothing to check. */
export type FindingStatus = 'VALID' | 'INVALID' | 'SKIPPED' | 'ERROR';

/** Facts beside a code: places, numbers, names of organisations. */
export type FindingDetails = Readonly<Record<string, string | number>>;

/** One line of a report. */
export interface Finding extends Wording {
  readonly step: Step;
  readonly status: FindingStatus;
  readonly code: FindingCode;
  readonly details: FindingDetails;
}

/** Thrown by a check that does not come out VALID; {@link runStep} makes the finding. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly status: Exclude<FindingStatus, 'VALID'>;
  readonly code: CheckCode;
  readonly details: FindingDetails;

  constructor(status: Exclude<FindingStatus, 'VALID'>, code: CheckCode, details: FindingDetails = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** What a step proved, for the steps behind it; undefined where it is not VALID. */
export interface StepResult<T> {
  readonly finding: Finding;
  readonly proved: T | undefined;
}

/** Writes a finding with its sentences. */
export function makeFinding(
  step: Step,
  status: FindingStatus,
  code: FindingCode,
  details: FindingDetails = {},
): Finding {
  return { step, status, code, ...FINDING_WORDING[code], details };
}

/** What a check that comes out VALID proves, and what to show of it: `code` where there is more to say than that it holds. */
export interface Checked<T> {
  readonly proved: T;
  readonly details?: FindingDetails;
  readonly code?: CheckCode | undefined;
}

/**
 * Runs one check. Bytes that cannot be read are a finding with the reader's code; any other error is a bug and passes.
 * @param check throws {@link CheckFailed} or {@link ProofError}.
 */
export async function runStep<T>(step: Step, check: () => Promise<Checked<T>> | Checked<T>): Promise<StepResult<T>> {
  try {
    const { proved, details, code } = await check();
    return { finding: makeFinding(step, 'VALID', code ?? 'OK', details), proved };
  } catch (error) {
    if (error instanceof CheckFailed) {
      return { finding: makeFinding(step, error.status, error.code, error.details), proved: undefined };
    }
    if (error instanceof ProofError && isProofErrorCode(error.code)) {
      return { finding: makeFinding(step, 'INVALID', error.code, { reason: error.message }), proved: undefined };
    }
    throw error;
  }
}

/** What a step needs of an earlier one. @throws CheckFailed SKIPPED GROUND_MISSING */
export function ground<T>(value: T | undefined): T {
  if (value === undefined) throw new CheckFailed('SKIPPED', 'GROUND_MISSING');
  return value;
}

/** @throws CheckFailed INVALID with the code, unless the condition holds */
export function demand(holds: boolean, code: CheckCode, details: FindingDetails = {}): asserts holds {
  if (!holds) throw new CheckFailed('INVALID', code, details);
}

function isProofErrorCode(code: string): code is ProofErrorCode {
  return (PROOF_ERROR_CODES as readonly string[]).includes(code);
}
