import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { padTo } from '../cli/text.js';
import { type PageLoad } from '../test/support/browser/page-load.js';
import { Stage } from '../test/support/browser/stage.js';

/** Medians over the rounds of one page. */
interface PageRow extends PageLoad {
  readonly path: string;
}

/** Everything that one run found, as `--json` gives it. */
interface PagesResult {
  readonly slowdown: number;
  readonly rounds: number;
  /** Load of the machine over the last minute, before and after. */
  readonly load: readonly number[];
  readonly pages: readonly PageRow[];
}

const usage = 'usage: scripts/bench pages [--rounds 5] [--slowdown 4] [--json]\n';

/** Each page with the control that it is for. */
const PAGES = [
  { path: '/verify', control: 'input[multiple]:not([hidden]), .ant-btn-primary' },
  { path: '/licence', control: 'form input' },
  { path: '/clerk', control: '.drop-zone input', as: 'clerk@chongqing' },
  { path: '/cross-region', control: 'main h2', as: 'officer@beijing' },
  { path: '/audit', control: '.desk-list li', as: 'auditor@beijing' },
] as const;

function readOptions(): { readonly rounds: number; readonly slowdown: number; readonly json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '5' },
        slowdown: { type: 'string', default: '4' },
        json: { type: 'boolean', default: false },
      },
    });
    const [rounds, slowdown] = [Number(values.rounds), Number(values.slowdown)];
    const sound = Number.isInteger(rounds) && rounds >= 1 && rounds <= 100 && slowdown >= 1 && slowdown <= 100;
    return sound ? { rounds, slowdown, json: values.json } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

async function measure(rounds: number, slowdown: number): Promise<PagesResult> {
  const before = loadavg()[0] ?? 0;
  const stage = await Stage.open();
  try {
    const pages: PageRow[] = [];
    for (const page of PAGES) {
      const loads: PageLoad[] = [];
      for (let round = 0; round < rounds; round += 1) loads.push(await stage.load({ ...page, slowdown }));
      pages.push({ path: page.path, ...medians(loads) });
    }
    return { slowdown, rounds, load: [before, loadavg()[0] ?? 0], pages };
  } finally {
    await stage.close();
  }
}

function medians(loads: readonly PageLoad[]): PageLoad {
  const median = (name: keyof PageLoad): number => {
    const values = loads.map((load) => load[name]).sort((a, b) => a - b);
    return Math.round(values[Math.floor(values.length / 2)] ?? 0);
  };
  return {
    bytes: median('bytes'),
    requests: median('requests'),
    paintedMs: median('paintedMs'),
    interactiveMs: median('interactiveMs'),
    workMs: median('workMs'),
  };
}

function readable({ slowdown, rounds, load, pages }: PagesResult): string {
  const rows = pages.map(({ path, bytes, requests, paintedMs, interactiveMs, workMs }) =>
    [padTo(path, 14), `${(bytes / 1_000).toFixed(0)} kB in ${requests} requests`, `painted ${paintedMs} ms`].concat(
      `interactive ${interactiveMs} ms`,
      `main thread ${workMs} ms`,
    ),
  );
  const loads = load.map((each) => each.toFixed(1)).join(' to ');
  return `median of ${rounds} cold loads, processor ${slowdown} times slower, load ${loads}\n${rows.map((row) => row.join('  ')).join('\n')}\n`;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const result = await measure(options.rounds, options.slowdown);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : readable(result));
  return 0;
}

void main().then((exit) => {
  process.exitCode = exit;
});
