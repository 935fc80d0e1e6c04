import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
}

/** The second verifier knows no time-stamps. */
const known = (name: string) => !name.startsWith('timestamp');

(hasPython ? describe : describe.skip)('a second verifier, in Python, written from the format alone', () => {
  test('comes to the same verdict and code on every case but those about time-stamps', () => {
    const script = join(ROOT, 'test/second-verifier/verify.py');
    const run = spawnSync(python, ['-B', script, CORPUS_FOLDER], { encoding: 'utf8', timeout: 60_000 });
    const lines = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ name }) => known(name));
    const wanted = readCorpus()
      .filter(({ name }) => known(name))
      .map(({ name, expected }) => ({
        name,
        verdict: expected.verdict,
        code: expected.findings[0]?.split(' ')[2] ?? 'OK',
      }));
    expect(lines).toEqual(wanted.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }, 90_000);
});
