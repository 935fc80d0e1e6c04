import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { withFolderLock } from '../../../network/manager/folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('work in one folder is done one after the other', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(30);
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => withFolderLock(folder, work)));
  expect(most).toBe(1);
});

test('the lock is free again after work that failed', async () => {
  await expect(withFolderLock(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(withFolderLock(folder, () => Promise.resolve(7))).resolves.toBe(7);
});

test('the lock of a process that died is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(folder, 'lock'), String(pid));
  await expect(withFolderLock(folder, () => Promise.resolve('done'))).resolves.toBe('done');
});

test('the lock of a process that lives is respected', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'lock'), String(process.pid));
  await expect(withFolderLock(folder, () => Promise.resolve('done'), 200)).rejects.toMatchObject({
    code: 'FOLDER_BUSY',
  });
});
