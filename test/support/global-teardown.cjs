'use strict';
// Ends every network that a test of this run left behind, by the process ids in its own folder, and removes all folders.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

module.exports = () => {
  const root = process.env.YINZHENG_TEST_ROOT;
  if (root === undefined || !existsSync(root)) return;
  for (const name of readdirSync(root)) {
    const folder = join(root, name);
    if (!existsSync(join(folder, 'run'))) continue;
    spawnSync(process.execPath, [join(__dirname, '../../cli/yinzheng.cjs'), 'down', '--data', folder], {
      stdio: 'ignore',
    });
  }
  rmSync(root, { recursive: true, force: true });
};
