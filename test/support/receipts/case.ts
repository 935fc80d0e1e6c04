import { encodeReceipt } from '../../../proof/format/codec.js';
import { type Receipt } from '../../../proof/format/receipt.js';
import { type TrustRoot } from '../../../proof/trust/trust-root.js';
import { type Question } from '../../../proof/verify/verify-receipt.js';
import { type TestConsortium } from './consortium.js';

/** What a verification must come to: the verdict, and every finding that is neither OK nor an absent part. */
export interface Expected {
  readonly verdict: 'VALID' | 'INVALID' | 'UNDECIDED';
  /** `step STATUS CODE`, in the order of the steps; steps that lack their ground are left out. */
  readonly findings: readonly string[];
}

/** One folder of test/vectors/receipts. */
export interface ReceiptCase {
  /** Ends in `_fail` unless the receipt is VALID. */
  readonly name: string;
  readonly receipt: Uint8Array;
  readonly trust: TrustRoot;
  readonly question: Question;
  readonly expected: Expected;
}

/** Codes of skipped steps that say no more than that there was nothing to do. */
export const QUIET_CODES = [
  'PART_ABSENT',
  'NOT_IN_BATCH',
  'NOT_IN_STREAM',
  'GROUND_MISSING',
  'FILE_NOT_GIVEN',
  'ABSENT',
];

/** Builds cases around one consortium. */
export class CaseBook {
  readonly cases: ReceiptCase[] = [];
  readonly consortium: TestConsortium;

  constructor(consortium: TestConsortium) {
    this.consortium = consortium;
  }

  /** A receipt that holds. @param findings what is told besides, `step STATUS CODE` */
  valid(
    name: string,
    receipt: Receipt | Uint8Array,
    question: Question = {},
    trust = this.consortium.trust,
    findings: readonly string[] = [],
  ): void {
    this.#add(name, receipt, question, trust, { verdict: 'VALID', findings });
  }

  /** A receipt that must fail with exactly these findings, `step CODE`. */
  invalid(
    name: string,
    receipt: Receipt | Uint8Array,
    findings: readonly string[],
    { question = {}, trust = this.consortium.trust }: { question?: Question; trust?: TrustRoot } = {},
  ): void {
    const lines = findings.map((line) => line.replace(' ', ' INVALID '));
    this.#add(`${name}_fail`, receipt, question, trust, { verdict: 'INVALID', findings: lines });
  }

  /** A receipt that cannot be decided. */
  undecided(
    name: string,
    receipt: Receipt,
    findings: readonly string[],
    { question = {}, trust = this.consortium.trust }: { question?: Question; trust?: TrustRoot } = {},
  ): void {
    const lines = findings.map((line) => line.replace(' ', ' ERROR '));
    this.#add(`${name}_fail`, receipt, question, trust, { verdict: 'UNDECIDED', findings: lines });
  }

  #add(name: string, receipt: Receipt | Uint8Array, question: Question, trust: TrustRoot, expected: Expected): void {
    const bytes = receipt instanceof Uint8Array ? receipt : encodeReceipt(receipt);
    this.cases.push({ name, receipt: bytes, trust, question, expected });
  }
}
