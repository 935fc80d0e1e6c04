'use strict';
// count-tests PASSED FAILED [REPORT EXIT]...: adds Jest's JSON reports to what was counted before, names what was
// skipped, and prints the plain closing line. Exit code 1 where anything failed, or where a run of Jest ran no test.
const { readFileSync } = require('node:fs');

const [passedBefore, failedBefore, ...runs] = process.argv.slice(2);
let passed = Number(passedBefore);
let failed = Number(failedBefore);
let skipped = 0;

/** Jest's totals; `undefined` where it left no report. */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

for (let at = 0; at < runs.length; at += 2) {
  const report = readReport(runs[at]);
  const tests = report?.numPassedTests ?? 0;
  // A suite that cannot even be loaded has no failed test, and neither has a runner that dies.
  let failures = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  if (failures === 0 && (runs[at + 1] !== '0' || tests === 0)) failures = 1;
  passed += tests;
  failed += failures;
  skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // What was not run is said, each with its reason in its title.
  for (const { assertionResults = [] } of report?.testResults ?? []) {
    for (const { status, fullName } of assertionResults) if (status === 'pending') console.log(`skipped: ${fullName}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
