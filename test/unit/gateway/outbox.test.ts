import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DomainError } from '../../../domain/errors.js';
import { JobStore } from '../../../gateway/outbox/job-store.js';
import { pollFor } from '../../../network/manager/poll.js';
import { outage } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { registerBody } from './support/records.js';

const ENDS_MS = 10_000;
const ASYNC = { prefer: 'respond-async' };

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
});
beforeEach(() => {
  bench.ledger.failure = undefined;
  bench.ledger.views.clear();
});
afterAll(async () => {
  await bench.close();
});

/** A file of this test alone: the outbox remembers those of the tests before. */
const body = (content: string) => registerBody(`${expect.getState().currentTestName ?? ''} ${content}`);
const submit = (content: string, headers: Record<string, string> = ASYNC) =>
  bench.call('clerk', 'POST', '/v1/evidence', body(content), headers);
const jobOf = async (id: unknown, role = 'clerk') => bench.call(role, 'GET', `/v1/jobs/${String(id)}`);
const ended = async (id: unknown) =>
  pollFor(ENDS_MS, async () => {
    const { body } = await jobOf(id);
    return body.state === 'accepted' ? undefined : body;
  });
const waits = (id: unknown) => pollFor(ENDS_MS, async () => (await jobOf(id)).body.waitingFor);
const records = () => bench.ledger.views.size;

describe('a writer who prefers not to wait', () => {
  test('is told where to ask, and finds there what waiting would have given', async () => {
    const accepted = await submit('a');
    expect([accepted.status, accepted.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    expect(accepted.headers.get('location')).toBe(`/v1/jobs/${String(accepted.body.id)}`);
    expect(accepted.body).toMatchObject({ operation: 'register', state: 'accepted' });
    const job = await ended(accepted.body.id);
    const waited = await submit('a', {});
    expect([waited.status, job?.state, job?.answer]).toEqual([200, 'done', waited.body]);
    expect(job?.location).toBe(waited.headers.get('location'));
  });

  test.each(['Respond-Async', 'return=minimal, respond-async;foo=1', 'wait=10,respond-async'])(
    'may say so as %p',
    async (prefer) => {
      expect((await submit('a', { prefer })).status).toBe(202);
    },
  );

  test.each(['', 'return=minimal', 'respond-async-not'])('waits where the preference is %p', async (prefer) => {
    const { status, headers } = await submit('a', { prefer });
    expect([status, headers.get('preference-applied')]).toEqual([201, null]);
  });

  test('has one job for equal requests, which writes one record', async () => {
    const [first, second] = await Promise.all([submit('a'), submit('a')]);
    expect(second.body.id).toBe(first.body.id);
    await ended(first.body.id);
    expect((await submit('a')).body).toMatchObject({ id: first.body.id, state: 'done' });
    expect(records()).toBe(1);
  });

  test('is refused at once what is not well-formed, and nothing is kept', async () => {
    bench.ledger.failure = outage(); // Or a job might be done before it is looked for.
    const malformed = await bench.call('clerk', 'POST', '/v1/evidence', { digests: {} }, ASYNC);
    expect([malformed.status, malformed.body.code]).toEqual([400, 'DIGEST_MALFORMED']);
    const undocumented = await bench.call('clerk', 'POST', '/v1/evidence?extra=1', body('a'), ASYNC);
    expect([undocumented.status, undocumented.body.code]).toEqual([400, 'REQUEST_MALFORMED']);
    expect(bench.parts.outbox.open).toBe(0);
  });

  test.each(['notary', 'auditor'])('is told of no job of others: %s', async (role) => {
    const { body: job } = await submit('a');
    const { status, body: problem } = await jobOf(job.id, role);
    expect([status, problem.code]).toEqual([404, 'JOB_NOT_FOUND']);
    expect((await jobOf('no-such-job')).body.code).toBe('JOB_NOT_FOUND');
  });
});

describe('a job', () => {
  test('waits for the end of an outage, says so, and is then done once', async () => {
    bench.ledger.failure = outage();
    const { status, body: job } = await submit('a');
    expect(status).toBe(202);
    expect(await waits(job.id)).toBe('UNVERIFIABLE_NOW');
    expect((await jobOf(job.id)).headers.get('retry-after')).toBe('1');
    bench.ledger.failure = undefined;
    expect((await ended(job.id))?.state).toBe('done');
    expect([records(), (await jobOf(job.id)).body.waitingFor]).toEqual([1, undefined]);
  });

  test('whose outcome is lost after it was written is done again, and makes no second record', async () => {
    const lost = jest.spyOn(JobStore.prototype, 'finish').mockRejectedValueOnce(new Error('the disk is full'));
    const { id } = (await submit('a')).body;
    expect((await ended(id))?.state).toBe('done');
    expect([lost.mock.calls.length, records()]).toEqual([2, 1]);
  });

  test('that the ledger refuses ends with its problem; sent again, it is tried again', async () => {
    bench.ledger.failure = new DomainError('CUSTODY_NOT_HOLDER', { holder: 'another unit' });
    const { id } = (await submit('a')).body;
    expect(await ended(id)).toMatchObject({
      state: 'refused',
      problem: {
        type: 'urn:yinzheng:CUSTODY_NOT_HOLDER',
        code: 'CUSTODY_NOT_HOLDER',
        status: 403,
        holder: 'another unit',
      },
    });
    bench.ledger.failure = undefined;
    const again = await submit('a');
    expect(again.body).toMatchObject({ id, state: 'accepted' });
    expect((await ended(id))?.state).toBe('done');
  });

  test('that meets a bug stays open, is logged without its content, and holds up no other', async () => {
    const usual = bench.ledger.submit.bind(bench.ledger);
    let broken = true;
    jest.spyOn(bench.ledger, 'submit').mockImplementation(async (call) => {
      if (broken && call.args.join().includes('"kind":"video"')) throw new Error('a bug');
      return usual(call);
    });
    const video: Record<string, unknown> = { ...body('a'), kind: 'video' };
    const stuck = await bench.call('clerk', 'POST', '/v1/evidence', video, ASYNC);
    expect(await waits(stuck.body.id)).toBe('BUG');
    for (const content of ['b', 'c', 'd']) {
      expect((await ended((await submit(content)).body.id))?.state).toBe('done');
    }
    const line = bench.logged.find((each) => each.includes('"msg":"bug"') && each.includes(String(stuck.body.id)));
    expect(line).toBeDefined();
    expect(bench.logged.join()).not.toContain(String(video.claimedAt));
    broken = false;
    expect((await ended(stuck.body.id))?.state).toBe('done');
  });
});

describe('the outbox', () => {
  test('refuses more than it may hold, and keeps what it holds', async () => {
    bench.ledger.failure = outage();
    const answers = [];
    for (let count = 0; count <= 20; count += 1) answers.push(await submit(`file ${count}`));
    expect(answers.map(({ status }) => status).filter((status) => status === 202)).toHaveLength(20);
    const refused = answers.at(-1);
    expect([refused?.status, refused?.body.code, refused?.headers.get('retry-after')]).toEqual([
      429,
      'OUTBOX_FULL',
      '5',
    ]);
    bench.ledger.failure = undefined;
    await pollFor(ENDS_MS, () => (bench.parts.outbox.open === 0 ? true : undefined));
    expect(records()).toBe(20);
  });

  test('forgets what ended long ago, and nothing that is open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
    const store = new JobStore(join(folder, 'outbox.sqlite'));
    try {
      const wanted = (name: string) => ({ user: 'clerk', operation: 'register', request: { name } }) as const;
      const [old, recent, open] = await Promise.all(
        ['old', 'recent', 'open'].map((name) => store.accept(wanted(name), 1_000)),
      );
      const outcome = { state: 'done', location: '/', answer: {} } as const;
      await Promise.all([store.finish(old?.id ?? '', outcome, 2_000), store.finish(recent?.id ?? '', outcome, 4_000)]);
      await store.forget(3_000);
      expect([old, recent, open].map((job) => store.find(job?.id ?? '')?.outcome?.state ?? 'none')).toEqual([
        'none',
        'done',
        'none',
      ]);
      expect(store.open()).toEqual([open?.id]);
    } finally {
      store.close();
      rmSync(folder, { recursive: true });
    }
  });
});

// The last one: routes keep the outbox that it closes.
describe('a gateway that is started anew', () => {
  test('does what was open when it ended', async () => {
    bench.ledger.failure = outage();
    const jobs = await Promise.all(['a', 'b', 'c'].map(async (content) => (await submit(content)).body));
    await bench.restartOutbox(() => {
      bench.ledger.failure = undefined;
    });
    await pollFor(ENDS_MS, () => (bench.parts.outbox.open === 0 ? true : undefined));
    expect(records()).toBe(3);
    for (const { id } of jobs) {
      expect(bench.parts.outbox.find(String(id), 'clerk@chongqing.example').outcome?.state).toBe('done');
    }
  });
});
