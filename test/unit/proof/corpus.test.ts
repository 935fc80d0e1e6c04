import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { QUIET_CODES } from '../../support/receipts/case.js';
import { readCorpus } from '../../support/receipts/corpus.js';

describe('the corpus of receipts', () => {
  const corpus = readCorpus();

  test('has a name that tells what to expect, for every case', () => {
    expect(corpus.length).toBeGreaterThan(80);
    const misnamed = corpus.filter(({ name, expected }) => name.endsWith('_fail') === (expected.verdict === 'VALID'));
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  test.each(corpus)('$name', async ({ receipt, trust, question, expected }) => {
    const report = await verifyReceipt(receipt, trust, question);
    const findings = report.findings.filter(({ status, code }) => status !== 'VALID' && !QUIET_CODES.includes(code));
    expect({
      verdict: report.verdict,
      findings: findings.map(({ step, status, code }) => `${step} ${status} ${code}`),
    }).toEqual(expected);
    for (const { zh, en } of findings) {
      expect(zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(en).toMatch(/\.$/);
    }
  });
});
