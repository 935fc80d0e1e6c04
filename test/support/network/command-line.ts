import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { packageRoot } from '../../../network/manager/package-root.js';

/** What a command left behind. */
export interface CommandResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `yinzheng` as a user would: the launcher in a process of its own, told nothing but its arguments. */
export function yinzheng(...parameters: readonly string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [join(packageRoot(), 'cli', 'yinzheng.cjs'), ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      resolve({ exit, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}

/** As `yinzheng`, where the system lets no file grow beyond `bytes`, as a full disk would. */
export function withLittleRoom(bytes: number, ...parameters: readonly string[]): CommandResult {
  const command = [process.execPath, join(packageRoot(), 'cli', 'yinzheng.cjs'), ...parameters];
  const ignoring = ['sh', '-c', 'trap "" XFSZ; exec "$@"', 'sh']; // An error to the writer instead of its end.
  const { status, stdout, stderr } = spawnSync('prlimit', [`--fsize=${bytes}`, ...ignoring, ...command], {
    encoding: 'utf8',
  });
  return { exit: status, stdout, stderr };
}

/** Runs a command with `--json`, which must do what it was asked. @returns its answer. @throws {Error} with its words */
export async function yinzhengJson(...parameters: readonly string[]): Promise<unknown> {
  const { exit, stdout, stderr } = await yinzheng(...parameters, '--json');
  if (exit !== 0) throw new Error(`yinzheng ${parameters.join(' ')} ended with ${String(exit)}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}
