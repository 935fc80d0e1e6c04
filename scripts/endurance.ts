import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { checkNetwork } from '../network/fsck/check-network.js';
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
  /** Deriving everything again from the blocks, and comparing each peer's index with it. */
  readonly fsck: { readonly ms: number; readonly sound: boolean; readonly residentMiBMax: number };
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
  const restartMs = Date.now() - againMs;
  const residentAfterRestartMiB = mebibytes(again.network.pid);
  await stopNetwork(dataDir);
  const fsck = await check(dataDir);
  const committed = transactions - refused;
  return { committed, refused, perSecond, residentMiB, restartMs, residentAfterRestartMiB, fsck };
}

/** As `yinzheng network fsck` does; this process has nothing else to do meanwhile. */
async function check(dataDir: string): Promise<EnduranceResult['fsck']> {
  const fromMs = Date.now();
  let [residentMiBMax, toldTenths] = [0, 0];
  const { sound } = await checkNetwork(dataDir, (done, all) => {
    const tenths = Math.floor((done / all) * 10);
    if (tenths <= toldTenths) return;
    toldTenths = tenths;
    residentMiBMax = Math.max(residentMiBMax, mebibytes(process.pid));
    process.stderr.write(`fsck ${tenths * 10} %, ${mebibytes(process.pid)} MiB\n`);
  });
  return { ms: Date.now() - fromMs, sound, residentMiBMax };
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
    const { committed, refused, perSecond, residentMiB, restartMs, residentAfterRestartMiB, fsck } = result;
    const readable = [
      `${committed} transactions committed, ${refused} refused, ${perSecond}/s; network then ${residentMiB} MiB`,
      `started again in ${restartMs} ms, ${residentAfterRestartMiB} MiB`,
      `fsck in ${fsck.ms} ms, at most ${fsck.residentMiBMax} MiB: ${fsck.sound ? 'sound' : 'NOT SOUND'}`,
    ].join('\n');
    process.stdout.write(`${options.json ? JSON.stringify(result) : readable}\n`);
    return result.fsck.sound ? 0 : 1;
  } finally {
    await stopNetwork(dataDir);
    if (options.data === undefined) rmSync(dataDir, { recursive: true });
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
