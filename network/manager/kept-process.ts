import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeAtomically } from './atomic-file.js';

/** How a program beside the network's own process is started: a chaincode's server, or one of Fabric's nodes. */
export interface KeptProcessPlan {
  readonly name: string;
  readonly command: readonly string[];
  /** Working folder; the network's own where it is left out. */
  readonly folder?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Remembers the process across a crash of its parent. */
  readonly pidFile: string;
}

/** First pause before a program that died is started again, milliseconds; it doubles up to the largest. */
const restartPauseMs = { first: 100, largest: 5_000 };
/** How long a process that was asked to end may take, milliseconds. */
const stopTimeoutMs = 3_000;
/** The same where somebody waits for the new one. */
const renewTimeoutMs = 300;

/** A program that is kept running: when it dies, it is started again. */
export class KeptProcess {
  readonly #plan: KeptProcessPlan;
  #child: ChildProcess | undefined;
  #pauseMs = restartPauseMs.first;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(plan: KeptProcessPlan) {
    this.#plan = plan;
  }

  /** Starts the program, after ending one that an earlier, killed parent left behind. @throws what `spawn` throws */
  start(): void {
    endOrphan(this.#plan);
    this.#spawn();
  }

  /** Starts the program while an older one of the same name still answers its last calls. @throws as `start` */
  startBeside(): void {
    this.#spawn();
  }

  /** Ends the program and starts it anew, with whatever its files hold now. */
  async renew(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#restart);
    await this.#end(renewTimeoutMs);
    this.#spawn();
  }

  /** Whether this is the process of that plan, and not of one with another command or environment. */
  isOf({ command, environment }: KeptProcessPlan): boolean {
    const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
    return same(command, this.#plan.command) && same(environment, this.#plan.environment);
  }

  /** Ends the program and waits for its exit. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await this.#end(stopTimeoutMs);
  }

  async #end(graceMs: number): Promise<void> {
    const child = this.#child;
    this.#child = undefined; // Its exit is wanted: nobody starts it again.
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.kill('SIGTERM');
    });
    if (readPid(this.#plan.pidFile) === child.pid) rmSync(this.#plan.pidFile, { force: true });
  }

  #spawn(): void {
    const { command, environment, logFile, pidFile, folder } = this.#plan;
    const [program, ...parameters] = command;
    if (program === undefined) throw new TypeError('a kept process needs a command');
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(program === 'node' ? process.execPath : program, parameters, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    if (child.pid !== undefined) writeAtomically(pidFile, JSON.stringify({ pid: child.pid, command }));
    const startedMs = Date.now();
    const ended = () => {
      if (this.#child === child) this.#scheduleRestart(startedMs);
    };
    child.once('error', ended);
    child.once('exit', ended);
  }

  #scheduleRestart(startedMs: number): void {
    if (this.#closed) return;
    const longLived = Date.now() - startedMs > restartPauseMs.largest;
    this.#pauseMs = longLived ? restartPauseMs.first : Math.min(this.#pauseMs * 2, restartPauseMs.largest);
    this.#restart = setTimeout(() => {
      this.#spawn();
    }, this.#pauseMs);
  }
}

function readPid(pidFile: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid;
  } catch {
    return undefined; // No file, or one that is being written.
  }
}

/** Ends the program of a parent that was killed; a process id that now belongs to something else is left alone. */
export function endOrphan({ pidFile, command }: Pick<KeptProcessPlan, 'pidFile' | 'command'>): void {
  try {
    const { pid } = JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number };
    const running = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, command.length).join(' ');
    if (running === command.slice(1).join(' ')) process.kill(pid, 'SIGKILL');
  } catch {
    // No file, no process, or no /proc on this system: nothing to end.
  }
}
