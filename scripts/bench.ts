import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { padTo } from '../cli/text.js';
import { startNetwork, stopNetwork } from '../network/manager/network.js';
import { packageRoot } from '../network/manager/package-root.js';
import { type BenchClient, openBenchClient } from './bench-client.js';
import { type Cell, measure, type Processes } from './bench-load.js';

/** Everything that one run found, as `--json` gives it. */
interface BenchResult {
  readonly machine: object;
  /** Milliseconds from the network process's own start. */
  readonly startUp: { readonly readyMs: number; readonly firstCommitMs: number };
  readonly cells: readonly Cell[];
}

interface BenchOptions {
  readonly json: boolean;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly inFlight: readonly number[];
  readonly operations: readonly string[];
  readonly topologyFile: string;
}

const usage =
  'usage: scripts/bench [--json] [--seconds 5] [--warm-up 2] [--in-flight 1,10,50,200]\n' +
  '                     [--operations submit,evaluate] [--topology FILE]\n';

function readOptions(): BenchOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '5' },
        'warm-up': { type: 'string', default: '2' },
        'in-flight': { type: 'string', default: '1,10,50,200' },
        operations: { type: 'string', default: 'submit,evaluate' },
        topology: { type: 'string', default: join(packageRoot(), 'cli', 'consortium.yaml') },
      },
    });
    const inFlight = values['in-flight'].split(',').map(Number);
    const operations = values.operations.split(',');
    const [measureMs, warmUpMs] = [Number(values.seconds) * 1000, Number(values['warm-up']) * 1000];
    const sound = [...inFlight, measureMs].every((each) => each > 0 && each <= 600_000) && warmUpMs >= 0;
    const known = operations.every((each) => each === 'submit' || each === 'evaluate');
    if (!sound || !known) return undefined;
    return { json: values.json, warmUpMs, measureMs, inFlight, operations, topologyFile: values.topology };
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Measures on a network that is started for it in a folder of its own, and removed after. */
async function bench(options: BenchOptions): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yinzheng-bench-'));
  try {
    const topologyText = readFileSync(options.topologyFile, 'utf8');
    const { network, topology } = await startNetwork({ dataDir, topologyText });
    const readyMs = Date.now() - network.startedMs;
    const client = await openBenchClient(dataDir, topology);
    try {
      await client.submit(client.writers[0] ?? '');
      const firstCommitMs = Date.now() - network.startedMs;
      const processes = { network: [network.pid], chaincode: chaincodePids(dataDir), client: [process.pid] };
      const cells = await measureAll(client, processes, options);
      return { machine: describeMachine(), startUp: { readyMs, firstCommitMs }, cells };
    } finally {
      await client.close();
    }
  } finally {
    await stopNetwork(dataDir);
    rmSync(dataDir, { recursive: true });
  }
}

async function measureAll(client: BenchClient, processes: Processes, options: BenchOptions): Promise<Cell[]> {
  const { writers } = client;
  const userOf = (worker: number) => writers[worker % writers.length] ?? '';
  const known = await client.submit(userOf(0));
  const operations: Readonly<Record<string, (worker: number) => Promise<void>>> = {
    submit: async (worker) => {
      await client.submit(userOf(worker));
    },
    evaluate: (worker) => client.evaluate(userOf(worker), known),
  };
  const cells: Cell[] = [];
  for (const [operation, run] of Object.entries(operations)) {
    if (!options.operations.includes(operation)) continue;
    for (const inFlight of options.inFlight) {
      const cell = await measure({ ...options, operation, inFlight, processes, run });
      if (!options.json) process.stdout.write(`${cells.length === 0 ? `${heading()}\n` : ''}${row(cell)}\n`);
      cells.push(cell);
    }
  }
  return cells;
}

/** Process ids that the network left in its run folder for the chaincode servers. */
function chaincodePids(dataDir: string): number[] {
  const run = join(dataDir, 'run');
  return readdirSync(run)
    .filter((name) => name.startsWith('chaincode-') && name.endsWith('.pid'))
    .map((name) => (JSON.parse(readFileSync(join(run, name), 'utf8')) as { pid: number }).pid);
}

function describeMachine(): object {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
    node: process.version,
    loadAverage: loadavg().map((each) => Math.round(each * 100) / 100),
  };
}

const columns = [10, 5, 8, 7, 7, 7, 9, 9, 9, 6] as const;

function heading(): string {
  return line(['operation', 'at', 'per s', 'p50', 'p95', 'p99', 'network', 'chaincode', 'client', 'errors']);
}

function row({ operation, inFlight, perSecond, p50, p95, p99, cpuMs, refused }: Cell): string {
  const { network = 0, chaincode = 0, client = 0 } = cpuMs;
  const errors = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return line([operation, inFlight, perSecond, p50, p95, p99, network, chaincode, client, errors].map(String));
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => padTo(cell, columns[index] ?? 0))
    .join(' ')
    .trimEnd();
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const result = await bench(options);
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  }
  const { startUp, cells, machine } = result;
  process.stdout.write(
    [
      '',
      'at: operations in flight; p50 p95 p99: milliseconds; network, chaincode, client:',
      'processor milliseconds for one operation.',
      `start to ready ${startUp.readyMs} ms, to first commit ${startUp.firstCommitMs} ms`,
      `resident MiB at the end ${JSON.stringify(cells.at(-1)?.residentMiB)}`,
      JSON.stringify(machine),
      '',
    ].join('\n'),
  );
  return 0;
}

void main().then((exit) => {
  process.exitCode = exit;
});
