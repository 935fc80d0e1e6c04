import { closeSync, openSync, readSync } from 'node:fs';

/** What a process says about itself in its log: one JSON line with `ready: true`, or one with `error` before it ends. */
export interface LogFindings {
  readonly ready?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string; readonly message: string };
  /** What it told of its start so far: the `step` of each JSON line that has one. */
  readonly steps: readonly string[];
  /** The last line that is not empty, for a process that dies without a word of its own. */
  readonly lastLine?: string;
}

/** How much of a log is searched for the lines above; both come early. */
const searchBytesMax = 1024 * 1024;

/** Searches what a process wrote since it was started. @param offset byte of the log at which its output begins. */
export function readFindings(logFile: string, offset: number): LogFindings {
  let findings: LogFindings = { steps: [] };
  for (const line of readText(logFile, offset).split('\n')) {
    if (line.trim() === '') continue;
    const { step, ...found } = readLine(line);
    const steps = step === undefined ? findings.steps : [...findings.steps, step];
    findings = { ...findings, lastLine: line.slice(0, 300), ...found, steps };
    if (findings.ready !== undefined) break;
  }
  return findings;
}

function readText(logFile: string, offset: number): string {
  const file = openSync(logFile, 'r');
  try {
    const buffer = Buffer.alloc(searchBytesMax);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, searchBytesMax, offset));
  } finally {
    closeSync(file);
  }
}

function readLine(line: string): Omit<LogFindings, 'steps'> & { readonly step?: string } {
  if (!line.startsWith('{')) return {};
  try {
    const value = JSON.parse(line) as {
      ready?: unknown;
      step?: unknown;
      error?: { code?: unknown; message?: unknown };
    };
    if (value.ready === true) return { ready: value };
    if (typeof value.step === 'string') return { step: value.step };
    const { code, message } = value.error ?? {};
    return typeof code === 'string' ? { error: { code, message: typeof message === 'string' ? message : '' } } : {};
  } catch {
    return {}; // Half a line, or another program's text.
  }
}
