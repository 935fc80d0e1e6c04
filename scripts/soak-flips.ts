import { type Report } from '../proof/verify/report.js';
import { verifyReceipt } from '../proof/verify/verify-receipt.js';
import { type ReceiptCase } from '../test/support/receipts/case.js';
import { readCorpus } from '../test/support/receipts/corpus.js';
import { authenticatedPart, flip } from '../test/support/receipts/mutate.js';

/** What a changed byte came to, receipt by receipt. */
interface Flips {
  readonly receipt: string;
  readonly bytes: number;
  /** The receipt is INVALID or cannot be decided. */
  readonly seen: number;
  /** Offsets where it stays VALID and proves exactly the same: nothing is authenticated there. */
  readonly without: readonly number[];
}

const proved = ({ facts }: Report) => JSON.stringify(facts);

/** @throws {Error} for a change that nobody sees although it stands where bytes are authenticated */
async function flipAll({ name, receipt, trust, question }: ReceiptCase): Promise<Flips> {
  const before = await verifyReceipt(receipt, trust, question);
  const authenticated = await authenticatedPart(receipt);
  const without: number[] = [];
  for (let at = 0; at < receipt.length; at += 1) {
    const bits = 1 << (at % 8);
    const changed = flip(receipt, at, bits);
    const report = await verifyReceipt(changed, trust, question);
    if (report.verdict !== 'VALID') continue;
    const same = proved(report) === proved(before) && (await authenticatedPart(changed)) === authenticated;
    if (!same) throw new Error(`${name}: nobody sees that bits ${bits} of byte ${at} changed`);
    without.push(at);
  }
  return { receipt: name, bytes: receipt.length, seen: receipt.length - without.length, without };
}

/** Flips a bit of every byte of every valid receipt of the corpus; prints one JSON line a receipt. */
async function main(): Promise<void> {
  for (const each of readCorpus().filter(({ expected }) => expected.verdict === 'VALID')) {
    console.log(JSON.stringify(await flipAll(each)));
  }
}

void main();
