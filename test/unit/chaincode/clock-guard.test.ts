import { checkClaimedTime, peerClock, SKEW_MS_MAX } from '../../../chaincode/clock-guard.js';
import { CALLERS } from '../../../chaincode/roles.js';
import { type Evidence } from '../../../domain/evidence.js';
import { ADMIN, CLERK, ContractBench, NOW_MS, registration } from '../../support/contract-bench.js';

const MINUTES_5 = 300_000;
/** How many arguments a transaction takes, where that is not one. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  'evidence:find': 3,
  'proof:digest': 2,
  'proof:beat': 0,
  'catalogue:get': 2,
  'catalogue:list': 2,
  'reconciliation:compare': 3,
  'license:status': 2,
  'consortium:get': 0,
};

describe('the claimed time', () => {
  test.each([0, MINUTES_5, -MINUTES_5])('%i ms away from the peer clock is accepted', async (skewMs) => {
    const bench = await ContractBench.open();
    const { payload } = await bench.callAt(NOW_MS + skewMs, CLERK, 'evidence:register', registration(1));
    expect((JSON.parse(payload) as Evidence).txTime).toBe(new Date(NOW_MS + skewMs).toISOString());
  });

  test.each([MINUTES_5 + 1, -MINUTES_5 - 1])('%i ms away is refused, for every transaction', async (skewMs) => {
    const bench = await ContractBench.open();
    for (const transaction of Object.keys(CALLERS)) {
      const texts = Array<string>(ARGUMENTS[transaction] ?? 1).fill('');
      const call = bench.callAt(NOW_MS + skewMs, ADMIN, transaction, ...texts);
      await expect(call).rejects.toMatchObject({ code: 'TIME_SKEW', details: { secondsMax: 300 } });
    }
  });

  test('a proposal without a time is refused', () => {
    expect(() => {
      checkClaimedTime(Number.NaN, NOW_MS);
    }).toThrow(/TIME_SKEW/);
    expect(SKEW_MS_MAX).toBe(MINUTES_5);
  });

  test('without another clock the peer clock is the machine clock', () => {
    const before = Date.now();
    const now = peerClock();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  test('what is written is the claim alone: two peers with different clocks write the same bytes', async () => {
    const [a, b] = [await ContractBench.open(), await ContractBench.open()];
    await a.callAt(NOW_MS + 1000, CLERK, 'evidence:register', registration(1));
    jest.useFakeTimers({ now: NOW_MS + 99_000 });
    await b.callAt(NOW_MS + 1000, CLERK, 'evidence:register', registration(1));
    jest.useRealTimers();
    expect([...b.ledger.values]).toEqual([...a.ledger.values]);
  });
});
