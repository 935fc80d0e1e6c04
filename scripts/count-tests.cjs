'use strict';
// count-tests REPORT EXIT PASSED FAILED: adds Jest's JSON report to what was counted before, names what was
// skipped, and prints the plain closing line. Exit code 1 where anything failed, or where no test ran at all.
const { readFileSync } = require('node:fs');

const [file, exit, passedBefore, failedBefore] = process.argv.slice(2);

/** Jest's totals; `undefined` where it left no report. */
function readReport() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const report = readReport();
const tests = report?.numPassedTests ?? 0;
// A suite that cannot even be loaded has no failed test, and neither has a runner that dies.
let failures = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
if (failures === 0 && (exit !== '0' || tests === 0)) failures = 1;

const passed = Number(passedBefore) + tests;
const failed = Number(failedBefore) + failures;
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
// What was not run is said, each with its reason in its title.
for (const { assertionResults = [] } of report?.testResults ?? []) {
  for (const { status, fullName } of assertionResults) if (status === 'pending') console.log(`skipped: ${fullName}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
