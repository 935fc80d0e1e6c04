import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

import {
  face,
  grantStatement,
  licenseId,
  makeHolder,
  MATTER,
  saltValues,
  signAs,
  type TestHolder,
  typeRequest,
} from '../test/support/license-requests.js';
import { type PeerConnection } from '../test/support/network/peer-connection.js';
import { TestNetwork } from '../test/support/network/test-network.js';

/** What was measured when so many licences were on the ledger; milliseconds, one question at a time. */
interface Stage {
  readonly licenses: number;
  readonly seconds: number;
  readonly p95Ms: Readonly<Record<Question, number>>;
  /** Fastest of each: what other load on the machine touches least. */
  readonly leastMs: Readonly<Record<Question, number>>;
}

type Contract = ReturnType<PeerConnection['contract']>;
type Question = 'status' | 'asOf' | 'trail';
type Shown = { readonly id: string; readonly holder: TestHolder };

const usage = 'usage: scripts/soak licenses [--counts 1000,100000] [--samples 400] [--in-flight 64]\n';
/** How much slower the largest ledger may be than the smallest. */
const RATIO_MAX = 1.5;
/** Licences with grants and uses, whose trails are asked for. */
const SHOWN = 20;
const GRANTS = 3;
const SERIAL_FROM = 4_000_000_000;

function readOptions(): { counts: number[]; samples: number; inFlight: number } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        counts: { type: 'string', default: '1000,100000' },
        samples: { type: 'string', default: '400' },
        'in-flight': { type: 'string', default: '64' },
      },
    });
    const counts = values.counts.split(',').map(Number);
    const [samples, inFlight] = [Number(values.samples), Number(values['in-flight'])];
    const sound = [...counts, samples, inFlight].every((each) => Number.isInteger(each) && each > 0);
    return sound ? { counts, samples, inFlight } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Fills a ledger with licences and asks the same questions at each size. Values in private data play no part in them. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    process.exitCode = 64;
    return;
  }
  await using network = await TestNetwork.start({ gateways: true });
  const issuer = network.connectAs('issuer@guangdong').network.getContract('yinzheng');
  const reader = network.connectAs('gateway@beijing').network.getContract('yinzheng');
  await issuer.submitTransaction('license:defineType', JSON.stringify(typeRequest()));
  const shown = await show(network, issuer, reader);
  const stages: Stage[] = [];
  let issued = SHOWN;
  for (const licenses of options.counts) {
    const startedMs = Date.now();
    await inParallel(options.inFlight, licenses - issued, (n) => issue(issuer, issued + n, makeHolder()));
    issued = Math.max(issued, licenses);
    const measured = await measure(reader, shown, issued, options.samples);
    stages.push({ licenses: issued, seconds: Math.round((Date.now() - startedMs) / 1000), ...measured });
    process.stderr.write(`${JSON.stringify(stages.at(-1))}\n`);
  }
  const [first, last] = [stages[0], stages.at(-1)];
  const names: readonly Question[] = ['status', 'asOf', 'trail'];
  const ratios = names.map((name) => (last?.p95Ms[name] ?? 0) / (first?.p95Ms[name] ?? 1));
  const ok = ratios.every((ratio) => ratio <= RATIO_MAX);
  process.stdout.write(`${JSON.stringify({ ok, ratios: ratios.map((ratio) => ratio.toFixed(2)), stages })}\n`);
  process.exitCode = ok ? 0 : 1;
}

/** A few licences with a past: grants that were used. */
async function show(network: TestNetwork, issuer: Contract, reader: Contract): Promise<Shown[]> {
  const officer = network.connectAs('officer@beijing').network.getContract('yinzheng');
  const shown: Shown[] = [];
  for (let n = 0; n < SHOWN; n += 1) {
    const holder = makeHolder();
    const id = await issue(issuer, n, holder);
    for (let grant = 0; grant < GRANTS; grant += 1) {
      const signed = signAs(holder, grantStatement(id));
      const bytes = await reader.submitTransaction('holder:grant', JSON.stringify(signed));
      const { id: grantId } = JSON.parse(Buffer.from(bytes).toString()) as { id: string };
      const use = { requestId: randomUUID(), licenseId: id, grantId, matterCode: MATTER };
      await officer.submitTransaction('holder:use', JSON.stringify(use));
    }
    shown.push({ id, holder });
  }
  return shown;
}

async function issue(issuer: Contract, n: number, holder: TestHolder): Promise<string> {
  const id = licenseId(String(SERIAL_FROM + n));
  const request = { requestId: randomUUID(), licenseId: id, face: face(saltValues().digests) };
  await issuer.submitTransaction('license:issue', JSON.stringify({ ...request, holder: { key: holder.key } }));
  return id;
}

async function measure(reader: Contract, shown: readonly Shown[], issued: number, samples: number) {
  const anyId = () => licenseId(String(SERIAL_FROM + Math.floor(Math.random() * issued)));
  const asks: Readonly<Record<Question, (n: number) => Promise<unknown>>> = {
    status: () => reader.evaluateTransaction('license:status', anyId(), ''),
    asOf: () => reader.evaluateTransaction('license:status', anyId(), '2026-02-01'),
    trail: (n) => {
      const { id, holder } = shown[n % shown.length] as Shown;
      const notAfter = new Date(Date.now() + 60_000).toISOString();
      const signed = signAs(holder, { kind: 'license.trail', licenseId: id, notAfter });
      return reader.evaluateTransaction('holder:trail', JSON.stringify(signed));
    },
  };
  const times: Record<Question, number[]> = { status: [], asOf: [], trail: [] };
  // In turn, so that other load on the machine meets all of them alike.
  for (let n = 0; n < samples; n += 1) {
    for (const name of ['status', 'asOf', 'trail'] as const) {
      const start = performance.now();
      await asks[name](n);
      times[name].push(performance.now() - start);
    }
  }
  return { p95Ms: quantiles(times, 0.95), leastMs: quantiles(times, 0) };
}

function quantiles(times: Readonly<Record<Question, number[]>>, at: number): Record<Question, number> {
  const of = (values: readonly number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    return Number((sorted[Math.floor(sorted.length * at)] ?? 0).toFixed(2));
  };
  return { status: of(times.status), asOf: of(times.asOf), trail: of(times.trail) };
}

async function inParallel(width: number, count: number, run: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) await run(n);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

void main();
