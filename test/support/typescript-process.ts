import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Readable } from 'node:stream';

const ROOT = join(__dirname, '../..');

/** ts-node hands the target to swc, which does not know every name that tsc does (as in scripts/run-typescript). */
const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  ignoreDeprecations: '6.0',
};

/** Runs a TypeScript file as a process of its own, from its sources. @param script path below the package's root. @param env variables besides this process's own. */
export function spawnTypescript(
  script: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, ['--no-deprecation', '-r', 'ts-node/register', join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env, TS_NODE_COMPILER_OPTIONS: JSON.stringify(COMPILER_OPTIONS) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
