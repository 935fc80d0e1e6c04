import { spawn } from 'node:child_process';
import { basename } from 'node:path';

import { FabricError } from './fabric-error.js';

/** One call of a program of Fabric. */
export interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
  /** Added to this process's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How long one command may take, milliseconds: `approveformyorg` waits for a block. */
const commandMs = 60_000;
const outputBytesMax = 4 * 1024 * 1024;
const shownCharacters = 600;

/** Runs a program to its end. @returns its standard output. @throws FabricError FABRIC_COMMAND_FAILED with its last words */
export function runCommand({ program, parameters, environment = {} }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: commandMs,
    });
    const output = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out = keep(output.out, text)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err = keep(output.err, text)));
    child.on('error', (cause) => {
      reject(failed(program, parameters, cause.message, cause));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(output.out);
      else reject(failed(program, parameters, `${output.err}\n${output.out}`.trim()));
    });
  });
}

function keep(text: string, more: string): string {
  return (text + more).slice(-outputBytesMax);
}

function failed(program: string, parameters: readonly string[], words: string, cause?: Error): FabricError {
  const call = [basename(program), ...parameters.filter((part) => !part.startsWith('-')).slice(0, 3)].join(' ');
  const shown = words.length > shownCharacters ? `… ${words.slice(-shownCharacters)}` : words;
  return new FabricError('FABRIC_COMMAND_FAILED', `${call}: ${shown || 'it ended without a word'}`, { cause });
}
