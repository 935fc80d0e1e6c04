import { fromBase64 } from '../../../proof/bytes.js';
import { parseTrustRoot } from '../../../proof/trust/parse.js';
import { type Question, ReceiptVerifier } from '../../../proof/verify/verify-receipt.js';

/** A case as it crosses into a page. */
export interface PageCase {
  readonly name: string;
  /** Base64. */
  readonly receipt: string;
  readonly trust: unknown;
  readonly question: Question;
}

/** What the page makes of it. */
export interface PageResult {
  readonly name: string;
  readonly verdict: string;
  readonly findings: readonly string[];
}

/** Judges cases with the page's own cryptography, or in pure JavaScript. */
async function judgeCases(cases: readonly PageCase[], pure: boolean): Promise<readonly PageResult[]> {
  const results: PageResult[] = [];
  for (const { name, receipt, trust, question } of cases) {
    const verifier = new ReceiptVerifier(parseTrustRoot(trust), pure ? 'pure' : crypto.subtle);
    const report = await verifier.verify(fromBase64(receipt) ?? new Uint8Array(), question);
    const findings = report.findings.map(({ step, status, code }) => `${step} ${status} ${code}`);
    results.push({ name, verdict: report.verdict, findings });
  }
  return results;
}

Object.assign(globalThis, { judgeCases });
