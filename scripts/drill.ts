import { parseArgs } from 'node:util';

import { tellError, processTerminal } from '../cli/output.js';
import { padTo } from '../cli/text.js';
import { type Engine } from '../network/manager/plan-file.js';
import { DRILLS, type Drill } from '../test/support/drill/drills.js';
import { type DrillResult, runDrill } from '../test/support/drill/run-drill.js';
import { TestNetwork } from '../test/support/network/test-network.js';
import { type Acknowledgement, type SoakRequest } from '../test/support/soak/load.js';

interface DrillOptions {
  readonly engine: Engine;
  readonly json: boolean;
  readonly drills: readonly Drill[];
  readonly faultMs: number;
}

const usage = `usage: scripts/drill [--engine fabric|embedded] [--only NAME]... [--seconds 4] [--json]
drills: ${DRILLS.map(({ name, engines }) => `${name} (${engines.join(', ')})`).join('; ')}
`;

function readOptions(): DrillOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        engine: { type: 'string', default: 'fabric' },
        only: { type: 'string', multiple: true, default: [] },
        seconds: { type: 'string', default: '4' },
        json: { type: 'boolean', default: false },
      },
    });
    const { engine, only, json } = values;
    if (engine !== 'fabric' && engine !== 'embedded') return undefined;
    const possible = DRILLS.filter(({ engines }) => engines.includes(engine));
    const drills = only.length === 0 ? possible : possible.filter(({ name }) => only.includes(name));
    const faultMs = Number(values.seconds) * 1000;
    const sound = faultMs >= 500 && faultMs <= 120_000 && drills.length > 0 && drills.length >= only.length;
    return sound ? { engine, json, drills, faultMs } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

const columns = [17, 6, 8, 8, 8, 9, 9, 9, 7] as const;
const heading = ['drill', 'sent', 'at once', 'unheard', 'gap ms', 'serve ms', 'level ms', 'refused', 'faults'];

function row(result: DrillResult): string[] {
  const { drill, sent, acknowledged, committedUnheard, longestGapMs, servingMs, levelMs, faults } = result;
  const figures = [sent, acknowledged, committedUnheard, longestGapMs, servingMs ?? '-', levelMs ?? '-'];
  return [drill, ...figures.map(String), String(sent - acknowledged), String(faults.length)];
}

function line(cells: readonly string[]): string {
  return `${cells
    .map((cell, index) => padTo(cell, columns[index] ?? 0))
    .join('')
    .trimEnd()}\n`;
}

function details({ refusals, faults }: DrillResult): string {
  const heard = Object.entries(refusals).map(([words, count]) => `  ${count} x ${words}\n`);
  return [...heard, ...faults.map((fault) => `  FAULT ${fault}\n`)].join('');
}

async function runAll(
  { engine, drills, faultMs }: DrillOptions,
  write: (text: string) => void,
): Promise<DrillResult[]> {
  await using network = await TestNetwork.start({ gateways: true, engine });
  const promised = new Map<SoakRequest, Acknowledgement>();
  const results: DrillResult[] = [];
  write(line(heading));
  for (const drill of drills) {
    const obstacle = drill.obstacle?.();
    if (obstacle !== undefined) {
      write(`${drill.name}: skipped, ${obstacle}\n`);
      continue;
    }
    const result = await runDrill(network, drill, faultMs, promised);
    results.push(result);
    write(`${line(row(result))}${details(result)}`);
  }
  return results;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const startedMs = Date.now();
  try {
    // With --json standard output is for the one JSON value alone.
    const results = await runAll(options, (text) => (options.json ? process.stderr : process.stdout).write(text));
    const ok = results.every(({ faults }) => faults.length === 0);
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    const said = ok ? 'nothing lost, nothing doubled, peers equal' : 'FAULTS, see above';
    const text = `${results.length} drills in ${seconds} s: ${said}\n`;
    process.stdout.write(
      options.json ? `${JSON.stringify({ ok, engine: options.engine, seconds, drills: results })}\n` : text,
    );
    return ok ? 0 : 1;
  } catch (error) {
    return tellError(processTerminal, options.json, error);
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
