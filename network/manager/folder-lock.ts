import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readIfThere } from './atomic-file.js';
import { ManagerError } from './manager-error.js';
import { pollFor } from './poll.js';
import { hasCode } from './process-table.js';

/**
 * Runs `work` while no other command does so in the same folder: two starts at once must make one network, not two.
 * The lock of a command that was killed is taken over.
 * @param waitMs how long to wait for another command. @throws FOLDER_BUSY then, and whatever `work` throws
 */
export async function withFolderLock<Result>(
  runFolder: string,
  work: () => Promise<Result>,
  waitMs = 60_000,
): Promise<Result> {
  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  const lock = join(runFolder, 'lock');
  const taken = await pollFor(waitMs, () => {
    removeAbandoned(lock);
    return take(lock) || undefined;
  });
  if (taken === undefined) throw new ManagerError('FOLDER_BUSY', { lock });
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The lock appears with its holder's process id in it, never empty: a link to a finished file is atomic. */
function take(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid), { mode: 0o600 });
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(mine);
  }
}

/** Removes the lock of a dead holder. Another waiter may have done so and locked anew: that lock is put back. */
function removeAbandoned(lock: string): void {
  if (!holderDied(lock)) return;
  const aside = `${lock}.${process.pid}.aside`;
  try {
    renameSync(lock, aside);
    if (!holderDied(aside)) linkSync(aside, lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error; // Someone else was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderDied(path: string): boolean {
  const pid = Number(readIfThere(path));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}
