import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { isAlive, startConsortium, stopConsortium } from '../cli/consortium.js';
import { type DataFolder, dataFolder } from '../cli/data-folder.js';
import { noticeLines } from '../cli/notice.js';
import { processTerminal, tellError, type Terminal } from '../cli/output.js';
import { createSteps } from '../cli/progress.js';
import { fields, wrap } from '../cli/text.js';
import { untilAsked } from '../cli/until-asked.js';
import { packageRoot } from '../network/manager/package-root.js';
import { type Engine } from '../network/manager/plan-file.js';
import { tellAttestation } from './attestation-story.js';
import { tellLicense } from './license-story.js';
import { type StoryResult, tellAudit, tellNotarise, tellReceipt, tellVerify } from './stories.js';

/** What the demonstration shows, as `--json` gives it. */
interface DemoResult {
  readonly ok: boolean;
  readonly stories: readonly StoryResult[];
  readonly gateways: readonly string[];
  /** From the network process's own start to the answer that the first file is committed; only where it was started now. */
  readonly millisecondsToFirstCommit: number | null;
  /** From the start of this program to the end of the stories. */
  readonly millisecondsInAll: number;
  readonly consensusType: string;
  readonly dataDir: string;
}

interface DemoOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly files: readonly string[];
  readonly folder: DataFolder;
  /** Whether the data folder is this run's own and goes with it. */
  readonly temporary: boolean;
  readonly engine: Engine;
}

const usage = 'usage: scripts/demo [--once] [--json] [--file FILE]... [--data DIR] [--engine embedded|fabric]\n';

function readOptions(): DemoOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        file: { type: 'string', multiple: true, default: [] },
        data: { type: 'string' },
        engine: { type: 'string', default: 'embedded' },
      },
    });
    const { once, json, file, data, engine } = values;
    if (engine !== 'embedded' && engine !== 'fabric') return undefined;
    const temporary = once && data === undefined;
    return {
      once,
      json,
      files: [join(packageRoot(), 'README.md'), ...file.map((each) => resolve(each))],
      folder: dataFolder(temporary ? mkdtempSync(join(tmpdir(), 'yinzheng-demo-')) : data),
      temporary,
      engine,
    };
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Runs the stories on a consortium that is started for them. */
async function tellStories(
  { files, folder, json, engine }: DemoOptions,
  account: Terminal,
  fromMs: number,
): Promise<DemoResult> {
  account.out(`${wrap('印证链演示：四个地区，一条链。 Yinzheng: four regions, one chain.')}\n`);
  const { network, gateways } = await startConsortium(folder, { engine }, createSteps(account, json));
  const stage = { folder, gateways, files, write: account.out };
  const { done, ...notarised } = await tellNotarise(stage);
  const stories = [
    notarised,
    await tellVerify(stage, done),
    await tellReceipt(stage, done),
    await tellAudit(stage, done),
    await tellLicense(stage),
    await tellAttestation(stage),
  ];
  const firstMs = done[0]?.committedMs;
  return {
    ok: stories.every(({ ok }) => ok),
    stories,
    gateways: gateways.map(({ url }) => url),
    millisecondsToFirstCommit:
      firstMs === undefined || network.startedMs < fromMs ? null : Math.round(firstMs - network.startedMs),
    millisecondsInAll: Date.now() - fromMs,
    consensusType: network.consensusType,
    dataDir: folder.root,
  };
}

function tellResult(account: Terminal, { ok, gateways, millisecondsToFirstCommit, dataDir }: DemoResult): void {
  const first = millisecondsToFirstCommit === null ? '已在运行 ran already' : `${millisecondsToFirstCommit} ms`;
  account.out(
    [
      '',
      wrap(ok ? '所有故事全部成立。 All stories hold.' : '有故事未成立，见上。 A story does not hold: see above.'),
      fields([
        ['启动到首笔提交 start to first commit', first],
        ...gateways.map((url) => ['网关、网页 gateway, pages', url] as const),
      ]),
      ...noticeLines(dataDir),
      fields([['数据 data', dataDir]], ''),
      '',
    ].join('\n'),
  );
}

/** Keeps everything running until Ctrl-C, or until a process dies. */
async function stay(folder: DataFolder, account: Terminal): Promise<void> {
  account.out(
    `${wrap(`继续试用 Try on: npx yinzheng verify README.md --data ${folder.root}`)}\nCtrl-C 停止 stops it.\n`,
  );
  await untilAsked(() => isAlive(folder));
}

async function main(): Promise<number> {
  const fromMs = Date.now();
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const { once, json, folder, temporary } = options;
  // With --json standard output is for the one JSON object alone.
  const account: Terminal = json ? { ...processTerminal, out: processTerminal.err } : processTerminal;
  let ok = false;
  try {
    const result = await tellStories(options, account, fromMs);
    ok = result.ok;
    tellResult(account, result);
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    if (!once) await stay(folder, account);
  } catch (error) {
    tellError(account, false, error);
    if (json) process.stdout.write(`${JSON.stringify({ ok, stories: [], gateways: [], error: String(error) })}\n`);
  }
  await stopConsortium(folder);
  if (temporary && ok) rmSync(folder.root, { recursive: true });
  return ok ? 0 : 1;
}

void main().then((exit) => {
  process.exitCode = exit;
});
