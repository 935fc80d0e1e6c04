'use strict';
// Before suites that run the real thing: compiles what is older than its sources, and makes the folder that every
// network of this run lives in, so that global-teardown.cjs finds all of them, whatever became of their tests.
const { execFileSync } = require('node:child_process');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  // The launcher compiles where it must; its help is the cheapest thing to ask for.
  execFileSync(process.execPath, [join(__dirname, '../../cli/yinzheng.cjs'), '--help'], {
    stdio: ['ignore', 'ignore', 2],
  });
  process.env.YINZHENG_TEST_ROOT = mkdtempSync(join(tmpdir(), 'yinzheng-test-'));
};
