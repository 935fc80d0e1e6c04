import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the counter on a report of Jest; `undefined` leaves none. */
function count(
  report: object | undefined,
  exit: number,
  passed: number,
  failed: number,
): { line: string; exit: number } {
  const file = join(folder, 'report.json');
  if (report !== undefined) writeFileSync(file, JSON.stringify(report));
  return run(passed, failed, file, exit);
}

function run(...args: (string | number)[]): { line: string; exit: number } {
  const words = ['scripts/count-tests.cjs', ...args].map(String);
  const { stdout, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { line: stdout, exit: status ?? -1 };
}

const report = {
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

test('what was counted before and what Jest counted are added up', () => {
  expect(count(report, 0, 4, 0)).toEqual({ line: '14 passed, 0 failed, 2 skipped\n', exit: 0 });
});

test('several runs are added up, and one without a report fails the whole', () => {
  const file = join(folder, 'report.json');
  expect(count(report, 0, 0, 0).exit).toBe(0); // Writes it.
  expect(run(1, 0, file, 0, file, 0)).toEqual({ line: '21 passed, 0 failed, 4 skipped\n', exit: 0 });
  expect(run(1, 0, file, 0, join(folder, 'none.json'), 134)).toEqual({
    line: '11 passed, 1 failed, 2 skipped\n',
    exit: 1,
  });
});

test.each([
  ['a failed test', { ...report, numFailedTests: 3 }, 1, 0, '10 passed, 3 failed, 2 skipped\n'],
  [
    'a suite that cannot be loaded, beside a failed test',
    { ...report, numFailedTests: 1, numRuntimeErrorTestSuites: 1 },
    1,
    0,
    '10 passed, 2 failed, 2 skipped\n',
  ],
  [
    'a suite that cannot be loaded',
    { ...report, numRuntimeErrorTestSuites: 1 },
    1,
    0,
    '10 passed, 1 failed, 2 skipped\n',
  ],
  ['a check before Jest', report, 0, 1, '10 passed, 1 failed, 2 skipped\n'],
  ['a runner that died without a report', undefined, 134, 0, '0 passed, 1 failed, 0 skipped\n'],
  ['a runner that failed although no test did', report, 1, 0, '10 passed, 1 failed, 2 skipped\n'],
  [
    'a runner that found no test',
    { ...report, numPassedTests: 0, numPendingTests: 0 },
    0,
    0,
    '0 passed, 1 failed, 0 skipped\n',
  ],
])('%s fails the whole', (_what, given, exit, failed, line) => {
  expect(count(given, exit, 0, failed)).toEqual({ line, exit: 1 });
});
