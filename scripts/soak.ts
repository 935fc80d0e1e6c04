import { parseArgs } from 'node:util';

import { TestNetwork } from '../test/support/network/test-network.js';
import { type OutboxResult, runOutboxRound } from '../test/support/soak/outbox-round.js';
import { type Promised, type RoundPlan, type RoundResult, runCrashRound } from '../test/support/soak/crash-round.js';

interface SoakOptions {
  readonly json: boolean;
  readonly rounds: number;
  readonly submits: number;
}

/** Everything that one run found, as `--json` gives it. */
interface SoakResult {
  readonly ok: boolean;
  /** Records that were acknowledged in all rounds; each was looked for after every round. */
  readonly records: number;
  readonly seconds: number;
  readonly rounds: readonly RoundResult[];
  /** Rounds in which the gateways were killed with accepted writes that were not done yet. */
  readonly outboxes: readonly OutboxResult[];
}

const usage = 'usage: scripts/soak [--rounds 20] [--submits 200] [--json]\n';
/** Every so many rounds the network is killed a second time, while it recovers. */
const ROUNDS_PER_SECOND_KILL = 4;
/** One round with killed gateways for so many with a killed network. */
const ROUNDS_PER_OUTBOX = 4;
const KILL_DELAY_MS_MAX = 20;
const SECOND_KILL_MS_MAX = 1_500;

function readOptions(): SoakOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '20' },
        submits: { type: 'string', default: '200' },
      },
    });
    const [rounds, submits] = [Number(values.rounds), Number(values.submits)];
    const sound = [rounds, submits].every((each) => Number.isInteger(each) && each >= 1 && each <= 10_000);
    return sound ? { json: values.json, rounds, submits } : undefined;
  } catch {
    return undefined; // `parseArgs` throws on an option it does not know.
  }
}

/** Chance decides when: any moment of a block's life, any part of a restart. */
function planRound(round: number, submits: number): RoundPlan {
  const again = round % ROUNDS_PER_SECOND_KILL === 0;
  return {
    submits,
    killAfter: Math.max(1, Math.floor(submits * (0.05 + 0.8 * Math.random()))),
    killDelayMs: Math.floor(KILL_DELAY_MS_MAX * Math.random()),
    killAgainMs: again ? Math.floor(SECOND_KILL_MS_MAX * Math.random()) : undefined,
  };
}

async function soak({ rounds, submits }: SoakOptions, write: (text: string) => void): Promise<SoakResult> {
  const startedMs = Date.now();
  await using network = await TestNetwork.start({ gateways: true });
  const promised: Promised = new Map();
  const results: RoundResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const result = await runCrashRound(network, planRound(round, submits), promised);
    results.push(result);
    write(`round ${round} of ${rounds}: ${readable(result)}\n`);
  }
  const outboxes: OutboxResult[] = [];
  for (let round = 1; round <= Math.ceil(rounds / ROUNDS_PER_OUTBOX); round += 1) {
    const killAfter = Math.max(1, Math.floor(submits * Math.random()));
    const result = await runOutboxRound(network, { submits, killAfter, hangs: round % 2 === 0 });
    outboxes.push(result);
    write(`outbox round ${round}: ${readableOutbox(result)}\n`);
  }
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const ok = [...results, ...outboxes].every(({ faults }) => faults.length === 0);
  return { ok, records: promised.size, seconds, rounds: results, outboxes };
}

function readableOutbox({ accepted, openAtKill, faults }: OutboxResult): string {
  const told = faults.length === 0 ? ['no fault'] : faults.map((fault) => `FAULT ${fault}`);
  return [`${accepted} accepted`, `${openAtKill} open when the gateways were killed`, ...told].join(', ');
}

function readable(result: RoundResult): string {
  const { acknowledged, submits, committedUnheard, restartMs, gatewaysMs, blocks, keys, killAgainMs, faults } = result;
  return [
    `${acknowledged} of ${submits} acknowledged at once`,
    `${committedUnheard} committed unheard`,
    `back in ${restartMs} ms${killAgainMs === undefined ? '' : ` after a second kill at ${killAgainMs} ms`}`,
    `gateways ${gatewaysMs} ms later`,
    `${blocks} blocks and ${keys} keys equal on all peers`,
    ...(faults.length === 0 ? ['no fault'] : faults.map((fault) => `FAULT ${fault}`)),
  ].join(', ');
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    process.exitCode = 64;
    return;
  }
  // Progress goes to standard error, so that `--json` leaves one value on standard output.
  const result = await soak(options, (text) => process.stderr.write(text));
  const { ok, records, seconds, rounds } = result;
  const closing = `${records} records over ${rounds.length} kills in ${seconds} s: ${ok ? 'all there, none twice' : 'FAULTS'}\n`;
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : closing);
  process.exitCode = ok ? 0 : 1;
}

void main();
