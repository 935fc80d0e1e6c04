import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isRunning } from '../../network/manager/process-table.js';
import { TestNetwork } from '../support/network/test-network.js';

/** A network that cannot start must not leave half of itself behind. */
test('a start that fails leaves no chaincode server running, and the next one that can starts', async () => {
  await using network = await TestNetwork.start();
  await network.down();
  const ledger = join(network.folder.root, 'ledgers', 'peer0.beijing.example');
  renameSync(ledger, `${ledger}.aside`);
  writeFileSync(ledger, 'a file where a folder should be');
  await expect(network.up()).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
  const pidFile = join(network.folder.run, 'chaincode-yinzheng.pid');
  const { pid, command } = existsSync(pidFile)
    ? (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number; command: string[] })
    : { pid: 0, command: [] };
  expect(pid > 0 && isRunning(pid, [process.execPath, ...command.slice(1)])).toBe(false);
  renameSync(ledger, `${ledger}.file`);
  renameSync(`${ledger}.aside`, ledger);
  await network.up();
  expect(network.peers).toHaveLength(4);
}, 120_000);
