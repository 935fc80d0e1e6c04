import { UNKNOWN_ID_WORDING } from '../../../domain/wording.js';
import { DomainError } from '../../../domain/errors.js';
import { outage } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { digestOf, evidenceId, recordView } from './support/records.js';

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
  bench.ledger.views.set(evidenceId('a'), recordView('a', 'file'));
});
afterAll(async () => {
  await bench.close();
});

const verify = (query: string) => bench.call(undefined, 'GET', `/v1/verify?${query}`);
const post = (body: unknown) => bench.call(undefined, 'POST', '/v1/verify', body);

describe('verifying, by anyone', () => {
  test('R24 needs no login and reads as the gateway itself', async () => {
    const { status, body } = await verify(`alg=sha-256&digest=${digestOf('file')}`);
    expect([status, body.verdict]).toEqual([200, 'MATCH']);
    expect(bench.ledger.calls.at(-1)?.user).toBe('gateway@chongqing.example');
  });

  test('R11 a mismatch is an answer: 200, both digests, no accusation', async () => {
    const { status, body } = await verify(`alg=sha-256&digest=${digestOf('changed')}&id=${evidenceId('a')}`);
    expect([status, body.verdict]).toEqual([200, 'MISMATCH']);
    expect(JSON.stringify(body)).not.toMatch(/伪造|篡改|forged|tamper/);
  });

  test('R14 a number that names nothing says nothing about the file', async () => {
    const { body } = await verify(`alg=sha-256&digest=${digestOf('file')}&id=${evidenceId('f')}`);
    expect([body.verdict, body.wording]).toEqual(['NOT_FOUND', UNKNOWN_ID_WORDING]);
    const byFile = await verify(`alg=sha-256&digest=${digestOf('nothing')}`);
    expect(byFile.body.wording).not.toEqual(UNKNOWN_ID_WORDING);
  });

  test('R05 a SHA-256 value asked as SM3 is not found', async () => {
    expect((await verify(`alg=sm3&digest=${digestOf('file')}`)).body.verdict).toBe('NOT_FOUND');
  });

  test('R14 not found is 200, and an outage is 503 with its own verdict, never "not found"', async () => {
    const missing = await verify(`alg=sha-256&digest=${digestOf('nothing')}`);
    expect([missing.status, missing.body.verdict]).toEqual([200, 'NOT_FOUND']);
    bench.ledger.failure = outage();
    for (const answer of [
      await verify(`alg=sha-256&digest=${digestOf('file')}`),
      await verify(`alg=sha-256&digest=${digestOf('file')}&id=${evidenceId('a')}`),
      await post({ digests: { sm3: digestOf('x') } }),
    ]) {
      expect([answer.status, answer.body.verdict, answer.body.code]).toEqual([
        503,
        'UNVERIFIABLE_NOW',
        'UNVERIFIABLE_NOW',
      ]);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect(answer.body.wording).toMatchObject({ zh: expect.stringContaining('不表示未存证') as string });
    }
    bench.ledger.failure = undefined;
  });

  test('a refusal of the ledger is no verdict', async () => {
    bench.ledger.failure = new DomainError('LEDGER_REFUSED', { reason: 'ChongqingMSP: access denied' });
    const { status, body } = await post({ digests: { sm3: digestOf('x') } });
    bench.ledger.failure = undefined;
    expect([status, body.verdict]).toEqual([502, undefined]);
  });

  test('takes several digests of one file at once and shows a record once', async () => {
    const { body } = await post({ digests: { 'sha-256': digestOf('file'), 'sha-512': 'ab'.repeat(64) } });
    expect(body.records).toHaveLength(1);
    expect(body).toMatchObject({ verdict: 'MATCH', complete: true });
  });

  test.each([
    'alg=md5&digest=d41d8cd98f00b204e9800998ecf8427e',
    'alg=sha-256',
    `digest=${digestOf('file')}`,
    `alg=sha-256&digest=${digestOf('file')}&digest=${digestOf('file')}`,
    `alg=sha-256&digest=${digestOf('file')}&id=EV1`,
    `alg=sha-256&digest=${digestOf('file')}&who=me`,
  ])('refuses the query %s', async (query) => {
    expect((await verify(query)).status).toBe(400);
  });
});

describe('one record', () => {
  test('is read as the caller, with a token', async () => {
    const path = `/v1/evidence/${evidenceId('a')}`;
    expect((await bench.call(undefined, 'GET', path)).status).toBe(401);
    const { status, body } = await bench.call('officer', 'GET', path);
    expect([status, (body.record as { id: string }).id]).toEqual([200, evidenceId('a')]);
    expect(bench.ledger.calls.at(-1)?.user).toBe('officer@chongqing.example');
  });

  test('that is not there is 404', async () => {
    const { status, body } = await bench.call('officer', 'GET', `/v1/evidence/${evidenceId('none')}`);
    expect([status, body.code]).toEqual([404, 'EVIDENCE_NOT_FOUND']);
  });
});
