import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTrustRoot, readTrustRoot } from '../../../proof/trust/parse.js';
import { CaseBook, type Expected, type ReceiptCase } from './case.js';
import { addAttestationCases, addSignatureCases } from './cases/attestation-cases.js';
import { addBatchCases, addFormatCases, addOrderingCases } from './cases/part-cases.js';
import { addIdentityCases, addSealCases } from './cases/seal-cases.js';
import { addStreamCases } from './cases/stream-cases.js';
import { addTimestampCases } from './cases/timestamp-cases.js';
import { TestConsortium } from './consortium.js';

/** Where the corpus is kept. */
export const CORPUS_FOLDER = join(__dirname, '../../vectors/receipts');

/** Makes every case anew, with new keys, which nobody keeps. Needs the program `openssl`. */
export async function makeCorpus(): Promise<readonly ReceiptCase[]> {
  const book = new CaseBook(await TestConsortium.create());
  await addAttestationCases(book);
  await addSignatureCases(book);
  addBatchCases(book);
  addStreamCases(book);
  addOrderingCases(book);
  await addSealCases(book);
  addIdentityCases(book);
  addTimestampCases(book);
  addFormatCases(book);
  return book.cases;
}

/** Writes one folder a case: `receipt.yz`, `question.json`, `expected.json`, and `trust-root.json` where it differs. */
export function writeCorpus(cases: readonly ReceiptCase[]): void {
  rmSync(CORPUS_FOLDER, { recursive: true, force: true });
  const [first] = cases;
  if (first === undefined) return;
  mkdirSync(CORPUS_FOLDER, { recursive: true });
  writeFileSync(join(CORPUS_FOLDER, 'trust-root.json'), encodeTrustRoot(first.trust));
  for (const { name, receipt, trust, question, expected } of cases) {
    const folder = join(CORPUS_FOLDER, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'receipt.yz'), receipt);
    writeFileSync(join(folder, 'question.json'), `${JSON.stringify(question, null, 2)}\n`);
    writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
    if (trust !== first.trust) writeFileSync(join(folder, 'trust-root.json'), encodeTrustRoot(trust));
  }
}

/** Reads the corpus, every byte as it stands in the files. */
export function readCorpus(): readonly ReceiptCase[] {
  const shared = readTrustRoot(readFileSync(join(CORPUS_FOLDER, 'trust-root.json')));
  const names = readdirSync(CORPUS_FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => {
    const folder = join(CORPUS_FOLDER, name);
    const own = readdirSync(folder).includes('trust-root.json');
    return {
      name,
      receipt: new Uint8Array(readFileSync(join(folder, 'receipt.yz'))),
      trust: own ? readTrustRoot(readFileSync(join(folder, 'trust-root.json'))) : shared,
      question: JSON.parse(readFileSync(join(folder, 'question.json'), 'utf8')) as ReceiptCase['question'],
      expected: JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected,
    };
  });
}
