import { verifyReceipt } from '../proof/verify/verify-receipt.js';
import { type Report } from '../proof/verify/report.js';
import { type ReceiptCase } from '../test/support/receipts/case.js';
import { readCorpus } from '../test/support/receipts/corpus.js';
import { mutate } from '../test/support/receipts/mutate.js';

const INPUTS = Number(process.argv[2] ?? 100_000);
const SLOW_MS = 5_000;

function proved({ facts }: Report): string {
  return JSON.stringify({ ...facts, trustedTime: '' });
}

/** Judges inputs made of receipts at random: none may throw, hang, or prove what no receipt of the corpus proves. */
async function main(): Promise<void> {
  const valid = readCorpus().filter(({ expected }) => expected.verdict === 'VALID');
  const known = new Set<string>();
  const judge = ({ trust, question }: ReceiptCase, bytes: Uint8Array) => verifyReceipt(bytes, trust, question);
  for (const each of valid) known.add(proved(await judge(each, each.receipt)));
  const verdicts = { VALID: 0, INVALID: 0, UNDECIDED: 0 };
  let slowestMs = 0;
  for (let count = 0; count < INPUTS; count += 1) {
    const each = valid[count % valid.length] as ReceiptCase;
    const bytes = mutate(each.receipt, valid);
    const start = performance.now();
    const report = await judge(each, bytes);
    slowestMs = Math.max(slowestMs, performance.now() - start);
    verdicts[report.verdict] += 1;
    if (slowestMs > SLOW_MS || (report.verdict === 'VALID' && !known.has(proved(report)))) {
      console.error(`${each.name}: ${Buffer.from(bytes).toString('base64')}`);
      process.exitCode = 1;
      return;
    }
  }
  console.log(JSON.stringify({ inputs: INPUTS, ...verdicts, slowestMs: Math.round(slowestMs) }));
}

void main();
