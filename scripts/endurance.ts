import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startNetwork, type StartedNetwork, stopNetwork } from '../network/manager/network.js';
import { packageRoot } from '../network/manager/package-root.js';
import { residentBytes } from '../network/manager/process-table.js';
import { type BenchClient, openBenchClient } from './bench-client.js';

interface EnduranceOptions {
  readonly transactions: number;
  readonly inFlight: number;
  /** A folder that is kept; without it, one that is removed after. */
  readonly data: string | undefined;
  readonly json: boolean;
}

/** Everything that one run found, as `--json` gives it. */
interface EnduranceResult {
  readonly committed: number;
  readonly refused: number;
  readonly perSecond: number;
  /** Resident memory of the network's process when the last transaction was committed, MiB. */
  readonly residentMiB: number;
  /** Milliseconds from the start of a new process on that chain until everything answers. */
  readonly restartMs: number;
  readonly residentAfterRestartMiB: number;
}

const usage = 'usage: scripts/endurance [--transactions 100000] [--in-flight 100] [--data DIR] [--json]\n';
const tellEvery = 5_000;

function readOptions(): EnduranceOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        transactions: { type: 'string', default: '100000' },
        'in-flight': { type: 'string', default: '100' },
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [transactions, inFlight] = [Number(values.transactions), Number(values['in-flight'])];
    const sound = [transactions, inFlight].every((each) => Number.isInteger(each) && each >= 1 && each <= 10_000_000);
    return sound ? { transactions, inFlight, data: values.data, json: values.json } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

function start(dataDir: string): Promise<StartedNetwork> {
  const topologyText = readFileSync(join(packageRoot(), 'cli', 'consortium.yaml'), 'utf8');
  return startNetwork({ dataDir, topologyText });
}

async function endure(dataDir: string, { transactions, inFlight }: EnduranceOptions): Promise<EnduranceResult> {
  const { network, topology } = await start(dataDir);
  const client = await openBenchClient(dataDir, topology);
  const fromMs = Date.now();
  const refused = await fill(client, transactions, inFlight, (done) => {
    const rate = Math.round(done / ((Date.now() - fromMs) / 1_000));
    process.stderr.write(`${done} transactions, ${rate}/s, network ${mebibytes(network.pid)} MiB\n`);
  });
  const perSecond = Math.round((transactions - refused) / ((Date.now() - fromMs) / 1_000));
  await client.close();
  const residentMiB = mebibytes(network.pid);
  await stopNetwork(dataDir);
  const againMs = Date.now();
  const again = await start(dataDir);
  return {
    committed: transactions - refused,
    refused,
    perSecond,
    residentMiB,
    restartMs: Date.now() - againMs,
    residentAfterRestartMiB: mebibytes(again.network.pid),
  };
}

/** @returns how many were refused. */
async function fill(
  client: BenchClient,
  transactions: number,
  inFlight: number,
  tell: (done: number) => void,
): Promise<number> {
  let [begun, done, refused] = [0, 0, 0];
  const worker = async (number: number): Promise<void> => {
    const user = client.writers[number % client.writers.length] ?? '';
    while (begun < transactions) {
      begun += 1;
      await client.submit(user).catch((error: unknown) => {
        refused += 1;
        process.stderr.write(`refused: ${String(error)}\n`);
      });
      done += 1;
      if (done % tellEvery === 0) tell(done);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, number) => worker(number)));
  return refused;
}

function mebibytes(pid: number): number {
  return Math.round((residentBytes(pid) ?? 0) / 1024 / 1024);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const dataDir = options.data ?? mkdtempSync(join(tmpdir(), 'yinzheng-endurance-'));
  try {
    const result = await endure(dataDir, options);
    const { committed, refused, perSecond, residentMiB, restartMs, residentAfterRestartMiB } = result;
    const readable = [
      `${committed} transactions committed, ${refused} refused, ${perSecond}/s; network then ${residentMiB} MiB`,
      `started again in ${restartMs} ms, ${residentAfterRestartMiB} MiB`,
    ].join('\n');
    process.stdout.write(`${options.json ? JSON.stringify(result) : readable}\n`);
    return 0;
  } finally {
    await stopNetwork(dataDir);
    if (options.data === undefined) rmSync(dataDir, { recursive: true });
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
