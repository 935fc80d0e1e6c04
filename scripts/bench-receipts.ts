import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startConsortium, stopConsortium } from '../cli/consortium.js';
import { type DataFolder, dataFolder } from '../cli/data-folder.js';
import { mintToken } from '../cli/issuer.js';
import { callGateway } from '../cli/rest-client.js';
import { pollFor } from '../network/manager/poll.js';
import { quantile } from './bench-load.js';
import { measureVerifier } from './bench-verify.js';

/** What one run found: milliseconds, but for the verifier's figures. */
interface ReceiptFigures {
  readonly records: number;
  /** From the request to the answer with its receipt, over REST. */
  readonly answer: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Mean time of each stage of the gateway's ledger calls; `attest` is what a receipt adds to a commit. */
  readonly stages: Readonly<Record<string, number>>;
  readonly verifier: Awaited<ReturnType<typeof measureVerifier>>;
}

const usage = 'usage: scripts/bench receipts [--records 150] [--warm-up 40] [--json]\n';
const user = 'clerk@chongqing.example';
const tokenSeconds = 3_600;
const readyMs = 20_000;

function readOptions(): { records: number; warmUp: number; json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        records: { type: 'string', default: '150' },
        'warm-up': { type: 'string', default: '40' },
        json: { type: 'boolean', default: false },
      },
    });
    const [records, warmUp] = [Number(values.records), Number(values['warm-up'])];
    const sound = [records, warmUp].every((each) => Number.isInteger(each) && each >= 1 && each <= 100_000);
    return sound ? { records, warmUp, json: values.json } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Records digests one after the other through one gateway, each answered with its receipt. */
async function measureAnswers(
  folder: DataFolder,
  records: number,
  warmUp: number,
): Promise<Omit<ReceiptFigures, 'verifier'>> {
  const { gateways } = await startConsortium(folder, {}, () => undefined);
  const url = gateways.find(({ name }) => name === 'chongqing')?.url ?? '';
  const { token } = await mintToken(folder.issuer, user, tokenSeconds, Date.now());
  await pollFor(readyMs, () => record(url, token).then(Boolean, () => undefined));
  for (let count = 0; count < warmUp; count += 1) await record(url, token);
  const before = await readStages(url);
  const latencies: number[] = [];
  for (let count = 0; count < records; count += 1) {
    const beganMs = performance.now();
    if (!(await record(url, token))) throw new Error('an answer without a receipt');
    latencies.push(performance.now() - beganMs);
  }
  const after = await readStages(url);
  const sorted = latencies.sort((a, b) => a - b);
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => round(quantile(sorted, share)));
  const stages = Object.entries(after).flatMap(([stage, { seconds, count }]) => {
    const since = before[stage] ?? { seconds: 0, count: 0 };
    const calls = count - since.count;
    return calls === 0 ? [] : [[stage, round(((seconds - since.seconds) * 1_000) / calls)] as const];
  });
  return { records, answer: { p50, p95, p99 }, stages: Object.fromEntries(stages) };
}

/** @returns whether the answer brought a receipt. */
async function record(url: string, token: string): Promise<boolean> {
  const name = randomUUID();
  const digest = (algorithm: string) => createHash(algorithm).update(name).digest('hex');
  const body = {
    digests: { 'sha-256': digest('sha256'), sm3: digest('sm3') },
    kind: 'document',
    claimedAt: new Date().toISOString(),
  };
  const answer = await callGateway(url, { method: 'POST', path: '/v1/evidence', token, idempotencyKey: name, body });
  return typeof answer.body.receipt === 'string' || typeof answer.body.receipt === 'object';
}

/** Sum and count of each stage's histogram, from the gateway's metrics. */
async function readStages(url: string): Promise<Record<string, { seconds: number; count: number }>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const stages: Record<string, { seconds: number; count: number }> = {};
  for (const [, kind, labels = '', value] of text.matchAll(
    /^yinzheng_ledger_stage_seconds_(sum|count)\{(.*)\} (\S+)$/gm,
  )) {
    const stage = /stage="(\w+)"/.exec(labels)?.[1] ?? '';
    const found = (stages[stage] ??= { seconds: 0, count: 0 });
    if (kind === 'sum') found.seconds += Number(value);
    else found.count += Number(value);
  }
  return stages;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function readable({ records, answer, stages, verifier }: ReceiptFigures): string {
  return [
    `${records} records, one in flight over REST: p50 ${answer.p50} ms, p95 ${answer.p95} ms, p99 ${answer.p99} ms`,
    ...Object.entries(stages).map(([stage, ms]) => `  ${stage.padEnd(8)} ${ms} ms on average`),
    `receipts verified a second of one core: ${verifier.verifiedPerSecond}`,
    `  in JavaScript alone: ${verifier.pureJavaScriptPerSecond}`,
    `  floor that three signatures set: ${verifier.floorOfThreeSignaturesPerSecond}`,
  ].join('\n');
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const folder = dataFolder(mkdtempSync(join(tmpdir(), 'yinzheng-bench-')));
  try {
    const answers = await measureAnswers(folder, options.records, options.warmUp);
    const figures = { ...answers, verifier: await measureVerifier() };
    process.stdout.write(`${options.json ? JSON.stringify(figures) : readable(figures)}\n`);
    return 0;
  } finally {
    await stopConsortium(folder);
    rmSync(folder.root, { recursive: true, force: true });
  }
}

void main().then((exit) => {
  process.exitCode = exit;
});
