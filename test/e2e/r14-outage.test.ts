import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { pollFor } from '../../network/manager/poll.js';
import { yinzheng } from '../support/network/command-line.js';
import { registration } from '../support/network/evidence-requests.js';
import { TestNetwork } from '../support/network/test-network.js';

const ORGANISATIONS = ['chongqing', 'zhejiang', 'guangdong', 'beijing'];
/** Milliseconds within which a gateway must have found its network again. */
const RECOVERY_MS_MAX = 20_000;
/** Gateways answer so many questions a minute from one address. */
const ASK_EVERY_MS = 150;

describe('R14 an outage is UNVERIFIABLE_NOW, never NOT_FOUND', () => {
  let network: TestNetwork;
  let file: string;
  let known: string;
  let job: string;

  const question = () => `/v1/verify?alg=sha-256&digest=${known}`;
  const ask = (organisation = 'beijing') => network.restAsAnyone(organisation).get(question());
  const verifyByCommand = async () => {
    const { exit, stdout } = await yinzheng('verify', file, '--data', network.folder.root, '--json');
    return [exit, (JSON.parse(stdout) as { verdict: string }).verdict];
  };
  const recovered = () =>
    pollFor(
      RECOVERY_MS_MAX,
      async () => {
        const replies = await Promise.all(ORGANISATIONS.map((name) => network.restAsAnyone(name).get('/readyz')));
        return replies.every(({ status }) => status === 200) || undefined;
      },
      ASK_EVERY_MS,
    );

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    file = join(network.folder.root, 'known.txt');
    await writeFile(file, 'recorded before the outage');
    const { exit } = await yinzheng('submit', file, '--data', network.folder.root);
    expect(exit).toBe(0);
    expect(await verifyByCommand()).toEqual([0, 'MATCH']);
    const { digests } = registration();
    known = digests['sha-256'];
    await (await network.restAs('clerk@chongqing')).post('/v1/evidence', registration({ digests }));
    expect((await ask()).body).toMatchObject({ verdict: 'MATCH' });
  });
  afterAll(() => network.close());

  async function expectOutage(): Promise<void> {
    for (const organisation of ORGANISATIONS) {
      const { status, body, headers } = await ask(organisation);
      expect([organisation, status, body.verdict, body.code]).toEqual([
        organisation,
        503,
        'UNVERIFIABLE_NOW',
        'UNVERIFIABLE_NOW',
      ]);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      expect(JSON.stringify(body.wording)).toContain('不表示未存证');
      const unknown = await network.restAsAnyone(organisation).get(`/v1/verify?alg=sm3&digest=${'0'.repeat(64)}`);
      expect([unknown.status, unknown.body.verdict]).toEqual([503, 'UNVERIFIABLE_NOW']);
    }
  }

  test('while the network is stopped, gateways answer 503, writes too, and the command exits with 2', async () => {
    await network.down();
    await expectOutage();
    const clerk = await network.restAs('clerk@chongqing');
    const write = await clerk.post('/v1/evidence', registration());
    expect([write.status, write.body.code]).toEqual([503, 'UNVERIFIABLE_NOW']);
    expect((await network.restAsAnyone().get('/readyz')).status).toBe(503);
    expect((await network.restAsAnyone().get('/healthz')).status).toBe(200);
    expect(await verifyByCommand()).toEqual([2, 'UNVERIFIABLE_NOW']);
  });

  test('a file that is handed in meanwhile is accepted, and its job says what it waits for', async () => {
    const handed = await yinzheng('submit', file, '--no-wait', '--data', network.folder.root, '--json');
    expect(handed.exit).toBe(0);
    [{ job }] = JSON.parse(handed.stdout) as [{ job: string }];
    const waits = await pollFor(RECOVERY_MS_MAX, async () => {
      const asked = await yinzheng('job', job, '--data', network.folder.root);
      return asked.stdout.includes('UNVERIFIABLE_NOW') ? asked : undefined;
    });
    expect([waits?.exit, waits?.stdout]).toEqual([2, expect.stringContaining('已受理，尚未上链')]);
    const stranger = await yinzheng('job', job, '--as', 'notary@zhejiang', '--data', network.folder.root);
    expect([stranger.exit, stranger.stderr]).toEqual([1, expect.stringContaining('JOB_NOT_FOUND')]);
  });

  test('when it is up again the same gateways answer by themselves, and nothing is lost', async () => {
    await network.up();
    expect(await recovered()).toBe(true);
    for (const organisation of ORGANISATIONS) {
      expect((await ask(organisation)).body).toMatchObject({ verdict: 'MATCH' });
    }
    expect(await verifyByCommand()).toEqual([0, 'MATCH']);
    const done = await yinzheng('job', job, '--wait', '--data', network.folder.root, '--json');
    expect([done.exit, JSON.parse(done.stdout)]).toMatchObject([0, { state: 'done', answer: { code: 'VALID' } }]);
    const clerk = await network.restAs('clerk@chongqing');
    expect((await clerk.post('/v1/evidence', registration())).status).toBe(201);
  });

  test('a network that hangs is an outage as well, and is over when it goes on', async () => {
    const { pid } = network;
    process.kill(pid, 'SIGSTOP');
    try {
      const { status, body } = await ask();
      expect([status, body.verdict]).toEqual([503, 'UNVERIFIABLE_NOW']);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await recovered()).toBe(true);
    expect((await ask()).body).toMatchObject({ verdict: 'MATCH' });
  });

  test('a chaincode that was killed is an outage until its network has started it again', async () => {
    const before = network.chaincodePid('yinzheng');
    process.kill(before, 'SIGKILL');
    const verdicts = new Set<unknown>();
    const again = await pollFor(RECOVERY_MS_MAX, async () => {
      const { status, body } = await ask();
      verdicts.add(`${status} ${String(body.verdict)}`);
      return status === 200 && network.chaincodePid('yinzheng') !== before ? true : undefined;
    });
    expect(again).toBe(true);
    expect([...verdicts].filter((verdict) => verdict !== '200 MATCH')).toEqual(
      verdicts.size > 1 ? ['503 UNVERIFIABLE_NOW'] : [],
    );
  });
});
