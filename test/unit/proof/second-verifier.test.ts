import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyReceipt } from '../../../proof/verify/verify-receipt.js';
import { CORPUS_FOLDER, readCorpus } from '../../support/receipts/corpus.js';
import { ROOT } from '../../support/source-tree.js';

/** The environment that scripts/system-packages makes, else the machine's own. */
const own = join(ROOT, 'node_modules', '.cache', 'yinzheng-python', 'bin', 'python3');
const python = existsSync(own) ? own : 'python3';
const hasPython = spawnSync(python, ['-c', 'import cryptography']).status === 0;

interface Line {
  readonly name: string;
  readonly verdict: string;
  readonly code: string;
  /** First and last number that the stream left out. */
  readonly missing: readonly number[] | null;
}

(hasPython ? describe : describe.skip)('a second verifier, in Python, written from the format alone', () => {
  test('comes to the same verdict, code and missing numbers on every case', async () => {
    const script = join(ROOT, 'test/second-verifier/verify.py');
    const run = spawnSync(python, ['-B', script, CORPUS_FOLDER], { encoding: 'utf8', timeout: 60_000 });
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const wanted = await Promise.all(
      readCorpus().map(async ({ name, receipt, trust, question, expected }): Promise<Line> => {
        const { facts } = await verifyReceipt(receipt, trust, question);
        const gap = expected.verdict === 'VALID' ? facts?.stream?.gap : undefined;
        const code = expected.findings[0]?.split(' ')[2] ?? 'OK';
        return { name, verdict: expected.verdict, code, missing: gap === undefined ? null : [gap.from, gap.to] };
      }),
    );
    expect(wanted.filter(({ missing }) => missing !== null)).toHaveLength(2);
    expect(lines).toEqual(wanted.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }, 90_000);
});
