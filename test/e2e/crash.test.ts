import { existsSync } from 'node:fs';

import { pollFor } from '../../network/manager/poll.js';
import { runOutboxRound } from '../support/soak/outbox-round.js';
import { type Promised, runCrashRound } from '../support/soak/crash-round.js';
import { yinzheng } from '../support/network/command-line.js';
import { TestNetwork } from '../support/network/test-network.js';

jest.setTimeout(300_000);

/** The short form of `scripts/soak`, which runs twenty rounds of two hundred. */
describe('a network that is killed while people submit', () => {
  let network: TestNetwork;
  const promised: Promised = new Map();

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
  });
  afterAll(() => network.close());

  test.each([
    ['amid its work', { submits: 100, killAfter: 40, killDelayMs: 3, killAgainMs: undefined }],
    ['amid its work and again amid its restart', { submits: 60, killAfter: 10, killDelayMs: 0, killAgainMs: 400 }],
  ])('%s keeps what was acknowledged, makes nothing twice, and ends with equal peers', async (_, plan) => {
    const result = await runCrashRound(network, plan, promised);
    expect(result.faults).toEqual([]);
    expect(result.acknowledged).toBeGreaterThanOrEqual(plan.killAfter);
    expect(promised.size).toBeGreaterThanOrEqual(plan.submits);
  });

  test.each([
    ['a network that hangs', { submits: 40, killAfter: 40, hangs: true }, 40],
    ['a network that works', { submits: 80, killAfter: 30, hangs: false }, 1],
  ])('gateways killed on %s do each job that they accepted, once', async (_, plan, openMin) => {
    const { accepted, openAtKill, faults } = await runOutboxRound(network, plan);
    expect(faults).toEqual([]);
    expect(accepted).toBeGreaterThanOrEqual(plan.killAfter);
    expect(openAtKill).toBeGreaterThanOrEqual(openMin);
  });

  test('and stopped by command then leaves no process behind', async () => {
    const pid = network.chaincodePid('yinzheng');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await network.kill();
    expect(await yinzheng('down', '--data', network.folder.root)).toMatchObject({ exit: 0 });
    expect(await pollFor(5_000, () => !existsSync(`/proc/${pid}`) || undefined)).toBe(true);
  });
});
