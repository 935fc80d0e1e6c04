import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { padTo } from '../cli/text.js';
import { processTerminal, tellError } from '../cli/output.js';
import { readPlan } from '../network/manager/plan-file.js';
import { type FabricPlan } from '../network/plan/fabric-plan.js';
import { TestNetwork } from '../test/support/network/test-network.js';
import { PROBE } from '../test/support/probe/probe-client.js';
import { openBenchClient } from './bench-client.js';
import { type Cell, measure, type Processes } from './bench-load.js';

/** One way to commit transactions, opened for one cell alone so that the other costs nothing meanwhile. */
interface Side {
  readonly operation: string;
  readonly open: (network: TestNetwork) => Promise<{
    readonly run: (worker: number) => Promise<void>;
    readonly close: () => Promise<void>;
  }>;
}

interface FabricBenchOptions {
  readonly format: 'json' | 'markdown' | 'text';
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly inFlight: readonly number[];
  readonly rounds: number;
}

const usage =
  'usage: scripts/bench fabric [--json | --markdown] [--seconds 10] [--warm-up 4] [--in-flight 50,200] [--rounds 2]\n';
/** All cells together, milliseconds: a run that would take longer is refused. */
const measuringMsMax = 240_000;
/** Who submits through the plain client: the same users as ours. */
const writers = ['clerk@chongqing', 'clerk2@chongqing', 'officer@chongqing'];

function readOptions(): FabricBenchOptions | undefined {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2),
      options: {
        json: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '10' },
        'warm-up': { type: 'string', default: '4' },
        'in-flight': { type: 'string', default: '50,200' },
        rounds: { type: 'string', default: '2' },
      },
    });
    const inFlight = values['in-flight'].split(',').map(Number);
    const [measureMs, warmUpMs] = [Number(values.seconds) * 1000, Number(values['warm-up']) * 1000];
    const rounds = Number(values.rounds);
    const cells = sides.length * inFlight.length * rounds;
    const sound =
      [...inFlight, measureMs].every((each) => each > 0) &&
      inFlight.every((each) => Number.isInteger(each) && each <= 400) &&
      Number.isInteger(rounds) &&
      rounds > 0 &&
      warmUpMs >= 0 &&
      cells * (measureMs + warmUpMs) <= measuringMsMax;
    if (!sound) return undefined;
    return {
      format: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
      warmUpMs,
      measureMs,
      inFlight,
      rounds,
    };
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** The client library as it comes, and a transaction that does nothing: what this network can do at most for such a client. */
const plain: Side = {
  operation: 'plain no-op',
  open: (network) => {
    const contracts = writers.map((user) => network.connectAs(user).contract(PROBE));
    return Promise.resolve({
      run: async (worker) => {
        await contracts[worker % contracts.length]?.submitTransaction('nothing');
      },
      close: () => Promise.resolve(),
    });
  },
};

/** A new record with two digests, as a gateway submits it, followed until its block is indexed. */
const ours: Side = {
  operation: 'our register',
  open: async (network) => {
    const client = await openBenchClient(network.folder.root, network.topology);
    return {
      run: async (worker) => {
        await client.submit(client.writers[worker % client.writers.length] ?? '');
      },
      close: client.close,
    };
  },
};

const sides: readonly Side[] = [plain, ours];

/** Both sides in turn on one network, so that other load on the machine meets both alike. */
async function bench(options: FabricBenchOptions, tell: (cell: Cell) => void): Promise<Cell[]> {
  await using network = await TestNetwork.start({ engine: 'fabric', probe: true });
  const processes = processesOf(network);
  const cells: Cell[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const inFlight of options.inFlight) {
      for (const { operation, open } of round % 2 === 0 ? sides : [...sides].reverse()) {
        const { run, close } = await open(network);
        const cell = await measure({ ...options, operation, inFlight, processes, run });
        await close();
        tell(cell);
        cells.push(cell);
      }
    }
  }
  return cells;
}

function processesOf({ folder }: TestNetwork): Processes {
  const { orderers, peers, chaincodes } = readPlan(folder.root) as FabricPlan;
  const pids = (nodes: readonly { readonly pidFile: string }[]) =>
    nodes.map(({ pidFile }) => (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid);
  const servers = chaincodes.flatMap((each) => each.servers);
  return { peers: pids(peers), orderers: pids(orderers), chaincode: pids(servers), client: [process.pid] };
}

const columns = [13, 5, 8, 8, 8, 8, 8, 8, 8, 4] as const;
const headings = ['', 'at', 'per s', 'p50', 'p95', 'client', 'chainc', 'peers', 'order', 'err'];

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => padTo(cell, columns[index] ?? 0))
    .join('')
    .trimEnd()}\n`;
}

function cellsOf({ operation, inFlight, perSecond, p50, p95, cpuMs, refused }: Cell): string[] {
  const errors = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const cpu = ['client', 'chaincode', 'peers', 'orderers'].map((name) => (cpuMs[name] ?? 0).toFixed(2));
  return [operation, String(inFlight), perSecond.toFixed(1), p50.toFixed(0), p95.toFixed(0), ...cpu, String(errors)];
}

/** The middle of a cell's rounds; of an even number the mean of both. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** What ours does beside the plain client at one load: the middle of the rounds. */
function compare(cells: readonly Cell[], inFlight: number) {
  const of = (side: Side, value: (cell: Cell) => number): number =>
    median(cells.filter((cell) => cell.operation === side.operation && cell.inFlight === inFlight).map(value));
  const both = (value: (cell: Cell) => number) => ({ plain: of(plain, value), ours: of(ours, value) });
  const [perSecond, clientMs] = [both((cell) => cell.perSecond), both((cell) => cell.cpuMs.client ?? 0)];
  return {
    ...{ inFlight, perSecond, clientMs },
    rateShare: perSecond.ours / perSecond.plain,
    clientShare: clientMs.ours / clientMs.plain,
  };
}

function sentence({ inFlight, perSecond, clientMs, rateShare, clientShare }: ReturnType<typeof compare>): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return (
    `${inFlight} in flight: ours ${perSecond.ours.toFixed(1)} of ${perSecond.plain.toFixed(1)} tx/s ` +
    `(${percent(rateShare)}), client ${clientMs.ours.toFixed(2)} of ${clientMs.plain.toFixed(2)} ms ` +
    `(${percent(clientShare)})\n`
  );
}

function markdown(cells: readonly Cell[]): string {
  const names = ['operation', 'in flight', 'tx/s', 'p50 ms', 'p95 ms'];
  const cpu = ['client', 'chaincode', 'peers', 'orderers'].map((name) => `${name} CPU ms`);
  const row = (each: readonly string[]) => `| ${each.join(' | ')} |\n`;
  const head = [...names, ...cpu, 'errors'];
  return row(head) + row(head.map(() => '---')) + cells.map((cell) => row(cellsOf(cell))).join('');
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const { format, inFlight } = options;
  const write = (text: string) => process.stdout.write(text);
  try {
    if (format === 'text') write(line(headings));
    const cells = await bench(options, (cell) => format === 'text' && write(line(cellsOf(cell))));
    const comparisons = inFlight.map((each) => compare(cells, each));
    const loadAverage = loadavg();
    if (format === 'json') write(`${JSON.stringify({ loadAverage, cells, comparisons })}\n`);
    if (format === 'markdown') write(`${markdown(cells)}\n`);
    if (format !== 'json') write(`${comparisons.map(sentence).join('')}load average ${loadAverage.join(' ')}\n`);
    return 0;
  } catch (error) {
    return tellError(processTerminal, format === 'json', error);
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
