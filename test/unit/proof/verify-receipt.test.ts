import { encodeReceipt } from '../../../proof/format/codec.js';
import { compactReceipt } from '../../../proof/format/compact.js';
import { type Report } from '../../../proof/verify/report.js';
import { ReceiptVerifier } from '../../../proof/verify/verify-receipt.js';
import { TestConsortium } from '../../support/receipts/consortium.js';
import { absenceOf, answerOf, FILE_DIGESTS, recordOf, storedBytes } from '../../support/receipts/subjects.js';

const short = (report: Report) =>
  report.findings.map(({ step, status, code, details }) => `${step} ${status} ${code} ${JSON.stringify(details)}`);

describe('a receipt that nobody touched', () => {
  let consortium: TestConsortium;
  let verifier: ReceiptVerifier;
  const record = recordOf();

  beforeAll(async () => {
    consortium = await TestConsortium.create();
    verifier = new ReceiptVerifier(consortium.trust);
  });

  test('is valid in all three answers, with the file and without', async () => {
    const receipt = consortium.receipt(consortium.call(answerOf(record)), undefined, { record: storedBytes(record) });
    const report = await verifier.verify(encodeReceipt(receipt), { file: FILE_DIGESTS });
    expect({ verdict: report.verdict, findings: short(report) }).toMatchObject({ verdict: 'VALID' });
    expect(report.answers.map(({ status }) => status)).toEqual(['VALID', 'VALID', 'VALID']);
    const without = await verifier.verify(encodeReceipt(receipt));
    expect(without.answers.map(({ status }) => status)).toEqual(['SKIPPED', 'VALID', 'VALID']);
    expect(report.facts).toMatchObject({ version: { block: '7', tx: '2' }, heartbeatBlock: '9', consensus: 'BFT' });
  });

  test('takes at most 1,000 bytes in its compact form, and is as valid', async () => {
    const receipt = consortium.receipt(consortium.call(answerOf(record)));
    const compact = await compactReceipt(receipt);
    expect(compact.length).toBeLessThanOrEqual(1000);
    const report = await verifier.verify(compact, { file: FILE_DIGESTS });
    expect(short(report).filter((line) => !/ (VALID|SKIPPED) /.test(line))).toEqual([]);
    expect(report.verdict).toBe('VALID');
  });

  test('is judged the same by pure JavaScript', async () => {
    const bytes = encodeReceipt(consortium.receipt(consortium.call(answerOf(record))));
    const pure = new ReceiptVerifier(consortium.trust, 'pure');
    expect(await pure.verify(bytes)).toEqual(await verifier.verify(bytes));
  });

  test('may prove an absence', async () => {
    const report = await verifier.verify(encodeReceipt(consortium.receipt(consortium.call(absenceOf()))));
    expect(report.verdict).toBe('VALID');
    expect(report.facts?.answer.found).toBe(false);
    expect(report.answers.map(({ status }) => status)).toEqual(['SKIPPED', 'SKIPPED', 'VALID']);
  });
});
