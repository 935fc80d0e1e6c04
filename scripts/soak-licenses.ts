import { parseArgs } from 'node:util';

import { signAs } from '../test/support/license-requests.js';
import { type KnownLicence, LicenceLedger } from '../test/support/soak/licence-ledger.js';

const QUESTIONS = ['status', 'asOf', 'trail', 'matterTrail', 'attestation'] as const;
type Question = (typeof QUESTIONS)[number];
type Figures = Readonly<Record<Question, number>>;

interface SoakOptions {
  /** Licences, and as many attestations, on the two ledgers. */
  readonly small: number;
  readonly large: number;
  readonly samples: number;
  readonly inFlight: number;
  /** Filling ends after so long, with what is there then. */
  readonly minutes: number;
}

/** What one ledger answered in; milliseconds. */
interface Measured {
  readonly licenses: number;
  readonly attestations: number;
  readonly medianMs: Figures;
  readonly p95Ms: Figures;
}

const usage =
  'usage: scripts/soak licenses [--small 1000] [--large 100000] [--samples 1000] [--in-flight 6] [--minutes 120]\n';
/** How much slower the large ledger may be at the 95th percentile than the small one. */
const RATIO_MAX = 1.5;
/** Licences with grants, uses and keys that are kept, whose trails are asked for. */
const KNOWN = 100;
const TELL_MS = 60_000;

function readOptions(): SoakOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        small: { type: 'string', default: '1000' },
        large: { type: 'string', default: '100000' },
        samples: { type: 'string', default: '1000' },
        'in-flight': { type: 'string', default: '6' },
        minutes: { type: 'string', default: '120' },
      },
    });
    const [small, large, samples] = [Number(values.small), Number(values.large), Number(values.samples)];
    const [inFlight, minutes] = [Number(values['in-flight']), Number(values.minutes)];
    const sound = [small, large, samples, inFlight, minutes].every((each) => Number.isInteger(each) && each > 0);
    return sound ? { small, large, samples, inFlight, minutes } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Fills two ledgers with licences and attestations and asks both the same questions in turn. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    process.exitCode = 64;
    return;
  }
  await using small = await LicenceLedger.start();
  await using large = await LicenceLedger.start();
  const startedMs = Date.now();
  const fill = { inFlight: options.inFlight, knownCount: KNOWN, untilMs: startedMs + options.minutes * 60_000 };
  const telling = setInterval(() => {
    process.stderr.write(`${small.count} and ${large.count} after ${Math.round((Date.now() - startedMs) / 1000)} s\n`);
  }, TELL_MS);
  try {
    await small.fill(options.small, fill);
    await large.fill(options.large, fill);
  } finally {
    clearInterval(telling);
  }
  const fillSeconds = Math.round((Date.now() - startedMs) / 1000);
  await small.restart();
  await large.restart();
  const [few, many] = await measure([small, large], options.samples);
  const ratios = byQuestion((name) => rounded((many?.p95Ms[name] ?? 0) / (few?.p95Ms[name] ?? 1)));
  const ok = QUESTIONS.every((name) => ratios[name] <= RATIO_MAX);
  process.stdout.write(`${JSON.stringify({ ok, ratios, fillSeconds, few, many })}\n`);
  process.exitCode = ok ? 0 : 1;
}

/** One question at a time, to each ledger in turn, so that other load on the machine meets both alike. */
async function measure(ledgers: readonly LicenceLedger[], samples: number): Promise<Measured[]> {
  const asked = ledgers.map((ledger) => ({
    ledger,
    asks: questionsOf(ledger),
    times: byQuestion<number[]>(() => []),
  }));
  for (let n = -Math.ceil(samples / 10); n < samples; n += 1) {
    for (const name of QUESTIONS) {
      for (const { asks, times } of n % 2 === 0 ? asked : [...asked].reverse()) {
        const start = performance.now();
        await asks[name]();
        if (n >= 0) times[name].push(performance.now() - start); // The first ones only warm up.
      }
    }
  }
  return asked.map(({ ledger, times }) => ({
    licenses: ledger.count,
    attestations: ledger.count,
    medianMs: byQuestion((name) => quantile(times[name], 0.5)),
    p95Ms: byQuestion((name) => quantile(times[name], 0.95)),
  }));
}

function questionsOf(ledger: LicenceLedger): Readonly<Record<Question, () => Promise<unknown>>> {
  const reader = ledger.contractAs('gateway@guangdong');
  const officer = ledger.contractAs('officer@beijing');
  const known = (): KnownLicence => anyOf(ledger.known);
  const soon = () => new Date(Date.now() + 60_000).toISOString();
  return {
    status: () => reader.evaluateTransaction('license:status', ledger.anyLicence(), ''),
    asOf: () => reader.evaluateTransaction('license:status', ledger.anyLicence(), '2026-02-01'),
    trail: () => {
      const { id: licenseId, holder } = known();
      const question = { kind: 'license.trail', licenseId, notAfter: soon() };
      return reader.evaluateTransaction('holder:trail', JSON.stringify(signAs(holder, question)));
    },
    matterTrail: () => {
      const { matterHolder } = known();
      const question = { kind: 'attestation.trail', holderKey: matterHolder.key, notAfter: soon() };
      return reader.evaluateTransaction('holder:matterTrail', JSON.stringify(signAs(matterHolder, question)));
    },
    attestation: () => officer.evaluateTransaction('attestation:get', anyOf(ledger.attestations)),
  };
}

function byQuestion<Value>(make: (name: Question) => Value): Record<Question, Value> {
  return Object.fromEntries(QUESTIONS.map((name) => [name, make(name)])) as Record<Question, Value>;
}

function anyOf<Value>(values: readonly Value[]): Value {
  const value = values[Math.floor(Math.random() * values.length)];
  if (value === undefined) throw new Error('nothing to choose from');
  return value;
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.floor(sorted.length * at)] ?? 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

void main();
