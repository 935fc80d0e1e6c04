import { setTimeout as sleep } from 'node:timers/promises';

import { pollFor } from '../../../network/manager/poll.js';
import { type TestNetwork } from '../network/test-network.js';
import { type Acknowledgement, type SoakRequest, WRITERS } from '../soak/load.js';
import { committedIds, findDrillFaults, heightsOf } from './drill-check.js';
import { DrillLoad } from './drill-load.js';
import { type Drill } from './drills.js';

/** How a drill went; `faults` is empty where everything held. */
export interface DrillResult {
  readonly drill: string;
  readonly sent: number;
  /** Acknowledged by the first attempt. */
  readonly acknowledged: number;
  /** Not acknowledged by the first attempt, and committed all the same. */
  readonly committedUnheard: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly longestGapMs: number;
  /** Milliseconds from the mending until every organisation was acknowledged again, and until all peers had the chain. */
  readonly servingMs: number | null;
  readonly levelMs: number | null;
  readonly blocks: number;
  readonly faults: readonly string[];
}

const CALM_MS = 2_000;
const RECOVERY_MS_MAX = 90_000;
const ASK_EVERY_MS = 100;

/**
 * Runs one drill with load from before the fault until everybody is served again, sends again what was not acknowledged,
 * and checks everything. @param promised every acknowledgement of earlier drills; is added to.
 */
export async function runDrill(
  network: TestNetwork,
  drill: Drill,
  faultMs: number,
  promised: Map<SoakRequest, Acknowledgement>,
): Promise<DrillResult> {
  const load = new DrillLoad(network);
  await sleep(CALM_MS);
  const course = await drill.run({ network, load, faultMs });
  const { mendedMs } = course;
  const target = Math.max(...(await heightsOf(network)));
  const [servedMs, levelMs] = await Promise.all([
    pollFor(RECOVERY_MS_MAX, () => load.everyoneHeardSince(mendedMs, WRITERS), ASK_EVERY_MS),
    pollFor(
      RECOVERY_MS_MAX,
      async () => ((await heightsOf(network)).every((each) => each >= target) ? Date.now() : undefined),
      ASK_EVERY_MS,
    ),
  ]);
  await load.end();
  const [acknowledged, sent] = [load.acknowledged.size, load.sent];
  const before = await committedIds(network);
  await load.repeatUnanswered();
  for (const [request, answer] of load.acknowledged) promised.set(request, answer);
  const unheard = load.unanswered.filter((request) => before.has(promised.get(request)?.txId ?? ''));
  const found = await findDrillFaults(network, promised);
  await course.cleanUp?.();
  return {
    drill: drill.name,
    sent,
    acknowledged,
    committedUnheard: unheard.length,
    refusals: Object.fromEntries(load.refusals),
    longestGapMs: load.longestGapMs,
    servingMs: servedMs === undefined ? null : servedMs - mendedMs,
    levelMs: levelMs === undefined ? null : levelMs - mendedMs,
    blocks: found.blocks,
    faults: [
      ...course.faults,
      ...(servedMs === undefined ? ['an organisation was not served again'] : []),
      ...found.faults,
    ],
  };
}
