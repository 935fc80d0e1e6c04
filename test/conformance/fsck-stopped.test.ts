import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

import { packageRoot } from '../../network/manager/package-root.js';
import { pollFor } from '../../network/manager/poll.js';
import { realBlocks, writeBlocks } from '../unit/network/fsck/real-ledger.js';

/** Peers whose chains differ, so that each is derived for itself: far more than are checked before the signal comes. */
const PEERS = 300;
const BEGUN_MS_MAX = 20_000;

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a check that %s ends leaves nothing in the folder for temporary files',
  async (name) => {
    const root = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'fsck-'));
    const [data, temporary] = [join(root, 'data'), join(root, 'temporary')];
    mkdirSync(temporary);
    const blocks = realBlocks();
    for (let peer = 0; peer < PEERS; peer += 1)
      writeBlocks(data, `peer${peer}`, Buffer.concat([blocks, Buffer.alloc(peer + 1, 1)]));
    const command = [join(packageRoot(), 'cli', 'yinzheng.cjs'), 'network', 'fsck', '--data', data, '--json'];
    const check = spawn(process.execPath, command, { env: { ...process.env, TMPDIR: temporary }, stdio: 'ignore' });
    const ended = once(check, 'exit') as Promise<[number | null]>;
    const begun = await pollFor(
      BEGUN_MS_MAX,
      () => readdirSync(temporary).some((each) => each.startsWith('yinzheng-fsck-')) || undefined,
    );
    expect(begun).toBe(true);
    check.kill(name);
    expect((await ended)[0]).toBe(128 + constants.signals[name]);
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(root, { recursive: true });
  },
);
