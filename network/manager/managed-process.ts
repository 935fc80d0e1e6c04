import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readIfThere, writeAtomically } from './atomic-file.js';
import { ManagerError } from './manager-error.js';
import { memoryEnvironment } from './memory-limits.js';
import { pollFor } from './poll.js';
import { isRunning } from './process-table.js';
import { type LogFindings, readFindings } from './ready-line.js';

/** A program that runs in the background and prints one JSON line with `ready: true` when it can be used. */
export interface ProcessPlan {
  /** Names the files `<name>.pid` and `<name>.log`. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly workingFolder: string;
  readonly runFolder: string;
}

/** A process that runs: its id, and what its ready line said. */
export interface RunningProcess {
  readonly pid: number;
  /** When it was started, Unix milliseconds. */
  readonly startedMs: number;
  readonly ready: Readonly<Record<string, unknown>>;
}

/** The pid file's content: enough to recognise the process, and to find its output in a log that outlives it. */
interface PidFile {
  readonly pid: number;
  readonly command: readonly string[];
  readonly runFolder: string;
  readonly startedMs: number;
  readonly logOffset: number;
}

/** A log larger than this is set aside as `<name>.log.1` at the next start, bytes. */
const logBytesMax = 16 * 1024 * 1024;

/**
 * A background process that outlives the command which started it, and is found again by the next one: by its pid
 * file, if the process of that id still is the one that was started.
 */
export class ManagedProcess {
  readonly #plan: ProcessPlan;
  readonly #pidFile: string;
  readonly logFile: string;

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
    this.#pidFile = join(plan.runFolder, `${plan.name}.pid`);
    this.logFile = join(plan.runFolder, `${plan.name}.log`);
  }

  /** Process id, or `undefined` where none runs; a pid file that a dead process left behind counts for nothing. */
  get pid(): number | undefined {
    return this.#readPidFile()?.pid;
  }

  /** The running process and its ready line, or `undefined` where none runs or it is not ready yet. */
  find(): RunningProcess | undefined {
    const file = this.#readPidFile();
    if (file === undefined) return undefined;
    const { ready } = readFindings(this.logFile, file.logOffset);
    return ready === undefined ? undefined : { pid: file.pid, startedMs: file.startedMs, ready };
  }

  /**
   * Starts the process unless it runs already, and waits until it is ready.
   * @param timeoutMs for becoming ready; a process that needs longer is ended. @param onStep told each step of its start.
   * @throws PROCESS_FAILED with its own code and words, PROCESS_TIMEOUT
   */
  async start(timeoutMs: number, onStep?: (done: string) => void): Promise<RunningProcess> {
    const file = this.#readPidFile() ?? this.#spawn();
    let told = 0;
    const ready = await pollFor(timeoutMs, () => {
      const alive = isRunning(file.pid, file.command); // Before the log: what a dead process wrote is all there.
      const findings = readFindings(this.logFile, file.logOffset);
      for (; told < findings.steps.length; told += 1) onStep?.(findings.steps[told] ?? '');
      if (!alive) throw this.#failure(findings);
      return findings.ready;
    });
    if (ready !== undefined) return { pid: file.pid, startedMs: file.startedMs, ready };
    await this.stop();
    throw new ManagerError('PROCESS_TIMEOUT', { process: this.#plan.name, timeoutMs, log: this.logFile });
  }

  /**
   * Asks the process to end (SIGTERM), waits, and ends it with all its children where it does not (SIGKILL).
   * @param graceMs how long it may take by itself. @returns whether one was running.
   */
  async stop(graceMs = 10_000): Promise<boolean> {
    const file = this.#readPidFile();
    if (file !== undefined) {
      signal(file.pid, 'SIGTERM');
      if (!(await this.#ended(file, graceMs))) {
        signal(-file.pid, 'SIGKILL'); // It leads its own process group, so its children go with it.
        await this.#ended(file, graceMs);
      }
    }
    rmSync(this.#pidFile, { force: true });
    return file !== undefined;
  }

  #spawn(): PidFile {
    const { command, workingFolder, runFolder } = this.#plan;
    mkdirSync(runFolder, { recursive: true, mode: 0o700 });
    if (logSize(this.logFile) > logBytesMax) renameSync(this.logFile, `${this.logFile}.1`);
    const logOffset = logSize(this.logFile);
    const log = openSync(this.logFile, 'a', 0o600);
    const [program, ...parameters] = command;
    const startedMs = Date.now();
    // Output goes to a file and not to a pipe, because a pipe would break when this command ends before the process.
    const child = spawn(program, parameters, {
      cwd: workingFolder,
      env: { ...memoryEnvironment, ...process.env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.on('error', () => undefined); // A program that cannot be started has no pid, which is told below.
    if (child.pid === undefined) {
      throw new ManagerError('PROCESS_FAILED', { process: this.#plan.name, reason: `cannot run ${program}` });
    }
    child.unref();
    const file: PidFile = { pid: child.pid, command, runFolder, startedMs, logOffset };
    writeAtomically(this.#pidFile, JSON.stringify(file));
    return file;
  }

  #readPidFile(): PidFile | undefined {
    const text = readIfThere(this.#pidFile);
    if (text === undefined) return undefined;
    const file = JSON.parse(text) as PidFile; // Written by this class alone, in one piece.
    // A copied folder holds the original's pid file, and the original's process is not its own.
    const isOwn = file.runFolder === this.#plan.runFolder;
    return isOwn && isRunning(file.pid, file.command) ? file : undefined;
  }

  async #ended({ pid, command }: PidFile, timeoutMs: number): Promise<boolean> {
    return (await pollFor(timeoutMs, () => (isRunning(pid, command) ? undefined : true))) === true;
  }

  #failure({ error, lastLine }: LogFindings): ManagerError {
    return new ManagerError('PROCESS_FAILED', {
      process: this.#plan.name,
      ...(error === undefined ? {} : { code: error.code }),
      reason: error?.message ?? lastLine ?? 'it ended without a word',
      log: this.logFile,
    });
  }
}

function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
