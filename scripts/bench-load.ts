import { readFileSync } from 'node:fs';

import { residentBytes } from '../network/manager/process-table.js';

/** Processes whose work is measured, by what they are called in the table. */
export type Processes = Readonly<Record<string, readonly number[]>>;

/** One measured cell. */
export interface Cell {
  readonly operation: string;
  readonly inFlight: number;
  readonly seconds: number;
  readonly done: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Refusals by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Processor time of each process for one operation, milliseconds. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Resident memory at the end, MiB. */
  readonly residentMiB: Readonly<Record<string, number>>;
}

/** What is to be measured in one cell. */
export interface Load {
  readonly operation: string;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly processes: Processes;
  /** One operation; `worker` counts from 0. */
  readonly run: (worker: number) => Promise<void>;
}

/** Milliseconds of a clock tick in /proc/<pid>/stat: USER_HZ is 100 on every Linux that Node supports. */
const tickMs = 10;

/**
 * Runs a closed loop: `inFlight` workers, each starting its next operation when the one before has ended. Operations
 * that end while measuring count, with the time since they began; those of the warm-up do not.
 */
export async function measure({ operation, inFlight, warmUpMs, measureMs, processes, run }: Load): Promise<Cell> {
  const latencies: number[] = [];
  const refused: Record<string, number> = {};
  const fromMs = performance.now() + warmUpMs;
  const toMs = fromMs + measureMs;
  const worker = async (number: number): Promise<void> => {
    while (performance.now() < toMs) {
      const beganMs = performance.now();
      const code = await run(number).then(() => undefined, codeOf);
      const endedMs = performance.now();
      if (endedMs < fromMs || endedMs > toMs) continue;
      if (code === undefined) latencies.push(endedMs - beganMs);
      else refused[code] = (refused[code] ?? 0) + 1;
    }
  };
  let before = readTicks(processes);
  let after: Record<string, number> | undefined;
  setTimeout(() => (before = readTicks(processes)), warmUpMs);
  setTimeout(() => (after = readTicks(processes)), warmUpMs + measureMs);
  await Promise.all(Array.from({ length: inFlight }, (_, number) => worker(number)));
  const until = after ?? readTicks(processes); // A busy loop may end before its timer is heard.
  const sorted = latencies.sort((a, b) => a - b);
  const done = sorted.length;
  return {
    operation,
    inFlight,
    seconds: measureMs / 1000,
    done,
    perSecond: round(done / (measureMs / 1000)),
    p50: round(quantile(sorted, 0.5)),
    p95: round(quantile(sorted, 0.95)),
    p99: round(quantile(sorted, 0.99)),
    refused,
    cpuMs: mapValues(processes, (_, name) => round((((until[name] ?? 0) - (before[name] ?? 0)) * tickMs) / done)),
    residentMiB: mapValues(processes, (pids) =>
      Math.round(pids.reduce((sum, pid) => sum + (residentBytes(pid) ?? 0), 0) / 1024 / 1024),
    ),
  };
}

/** The value below which this share of a sorted list lies (nearest rank); 0 of an empty list. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** User and system time of each group of processes in ticks. Source: proc_pid_stat(5), fields 14 and 15. */
function readTicks(processes: Processes): Record<string, number> {
  return mapValues(processes, (pids) => pids.reduce((sum, pid) => sum + ticksOf(pid), 0));
}

function ticksOf(pid: number): number {
  // The second field is the program's name in parentheses, which may hold spaces; counting begins after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'BUG';
}

function round(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}
