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
  readonly machine: ReturnType<typeof describeMachine>;
  /** Milliseconds from the network process's own start. */
  readonly startUp: { readonly readyMs: number; readonly firstCommitMs: number };
  readonly cells: readonly Cell[];
}

interface BenchOptions {
  readonly format: 'json' | 'markdown' | 'text';
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly inFlight: readonly number[];
  readonly operations: readonly string[];
  readonly topologyFile: string;
}

const usage =
  'usage: scripts/bench [--json | --markdown] [--seconds 5] [--warm-up 2] [--in-flight 1,10,50,200]\n' +
  '                     [--operations submit,evaluate] [--topology FILE]\n';

function readOptions(): BenchOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
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
    const format = values.json ? 'json' : values.markdown ? 'markdown' : 'text';
    return { format, warmUpMs, measureMs, inFlight, operations, topologyFile: values.topology };
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
      if (options.format === 'text')
        process.stdout.write(`${cells.length === 0 ? `${line(headings)}\n` : ''}${line(cellsOf(cell))}\n`);
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

function describeMachine() {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 1024 / 1024),
    node: process.version,
    loadAverage: loadavg().map((each) => Math.round(each * 100) / 100),
  };
}

/** A table of the terminal, 80 columns wide. */
const columns = [9, 4, 6, 6, 6, 6, 6, 6, 6, 5, 5, 4] as const;
const headings = [
  'operation',
  'at',
  'per s',
  'p50',
  'p95',
  'p99',
  'netw.',
  'chainc',
  'client',
  'netw.',
  'ch.c.',
  'err.',
];
const markdownHeadings = [
  'operation',
  'in flight',
  'per s',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'network CPU ms',
  'chaincode CPU ms',
  'client CPU ms',
  'network MiB',
  'chaincode MiB',
  'errors',
];

function cellsOf({ operation, inFlight, perSecond, p50, p95, p99, cpuMs, residentMiB, refused }: Cell): string[] {
  const errors = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const times = [perSecond, p50, p95, p99].map((each) => (each < 100 ? each.toFixed(1) : String(Math.round(each))));
  const cpu = [cpuMs.network, cpuMs.chaincode, cpuMs.client].map((each) => (each ?? 0).toFixed(2));
  const memory = [residentMiB.network, residentMiB.chaincode].map((each) => String(each ?? 0));
  return [operation, String(inFlight), ...times, ...cpu, ...memory, String(errors)];
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => padTo(cell, columns[index] ?? 0))
    .join(' ')
    .trimEnd();
}

function readable({ startUp, machine }: BenchResult): string {
  return [
    '',
    'at: operations in flight; p50 p95 p99: milliseconds; then processor milliseconds',
    'for one operation, of network, chaincode and client; then resident MiB.',
    `start to ready ${startUp.readyMs} ms, to first commit ${startUp.firstCommitMs} ms`,
    JSON.stringify(machine),
    '',
  ].join('\n');
}

/** The tables of docs/performance.md. */
function markdown({ startUp, machine, cells }: BenchResult): string {
  const row = (each: readonly string[]) => `| ${each.join(' | ')} |`;
  const { processors, model, memoryMiB, node, loadAverage } = machine;
  return [
    `${model}, ${processors} processors, ${memoryMiB} MiB, Node ${node}, load average ${loadAverage.join(' ')}.`,
    '',
    row(markdownHeadings),
    row(markdownHeadings.map(() => '---')),
    ...cells.map((cell) => row(cellsOf(cell))),
    '',
    `From nothing to ready ${startUp.readyMs} ms, to the first committed transaction ${startUp.firstCommitMs} ms.`,
    '',
  ].join('\n');
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const result = await bench(options);
  const formats = {
    json: () => `${JSON.stringify(result)}\n`,
    markdown: () => markdown(result),
    text: () => readable(result),
  };
  process.stdout.write(formats[options.format]());
  return 0;
}

void main().then((exit) => {
  process.exitCode = exit;
});
