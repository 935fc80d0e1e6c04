import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether a process runs under this id **and** was started by this very command line. The second half matters: an
 * operating system gives the id of a dead process to any other. A zombie counts as gone: its command line is empty.
 * @param command program and arguments as they were given to `spawn`.
 */
export function isRunning(pid: number, command: readonly string[]): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  return existsSync('/proc/self/cmdline')
    ? procCommand(pid) === command.map((part) => `${part}\0`).join('')
    : psCommand(pid) === command.join(' ');
}

/** Linux: arguments with a NUL byte after each; empty where the process has gone. */
function procCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Other Unix systems, which have no /proc. */
function psCommand(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Whether a thrown value is a system error of this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Resident memory of a process in bytes, or `undefined` where the system does not tell (no /proc) or it has gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}
