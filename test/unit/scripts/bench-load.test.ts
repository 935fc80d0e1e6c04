import { setTimeout as sleep } from 'node:timers/promises';

import { measure, quantile } from '../../../scripts/bench-load.js';

test.each([
  [[], 0.5, 0],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[1, 2, 3, 4], 0.95, 4],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
])('of %j the share %d lies at or below %d', (sorted, share, value) => {
  expect(quantile(sorted, share)).toBe(value);
});

const processes = { self: [process.pid] };

test('a closed loop keeps so many operations under way and counts those of the measured time', async () => {
  let now = 0;
  let most = 0;
  const run = async () => {
    now += 1;
    most = Math.max(most, now);
    await sleep(20);
    now -= 1;
  };
  const cell = await measure({ operation: 'nap', inFlight: 5, warmUpMs: 100, measureMs: 400, processes, run });
  expect(most).toBe(5);
  expect(cell.p50).toBeGreaterThan(18);
  expect(cell.done).toBeLessThanOrEqual((5 * 400) / 18);
  expect(cell.done).toBeGreaterThan(10);
  expect(cell.perSecond).toBeCloseTo(cell.done / 0.4, 0);
  expect(cell.residentMiB.self).toBeGreaterThan(10);
});

test('processor time is what the processes used while it was measured', async () => {
  const busy = async () => {
    for (const endMs = performance.now() + 10; performance.now() < endMs;);
    await sleep(0);
  };
  const cell = await measure({ operation: 'spin', inFlight: 1, warmUpMs: 0, measureMs: 500, processes, run: busy });
  expect(cell.cpuMs.self).toBeGreaterThan(3); // Less than 10 only where other programs took the processor away.
  expect(cell.cpuMs.self).toBeLessThan(60);
});

test('refusals are counted by code and are no latencies', async () => {
  const run = async () => {
    await sleep(5);
    throw Object.assign(new Error('busy'), { code: 'LEDGER_BUSY' });
  };
  const cell = await measure({ operation: 'refused', inFlight: 2, warmUpMs: 0, measureMs: 100, processes, run });
  expect(cell.done).toBe(0);
  expect(cell.refused.LEDGER_BUSY).toBeGreaterThan(5);
});
