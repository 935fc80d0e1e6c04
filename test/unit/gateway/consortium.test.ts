import { DomainError } from '../../../domain/errors.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';

const MEMBERS = ['ChongqingMSP', 'ShanghaiMSP', 'ZhejiangMSP'];

describe('the members of the consortium', () => {
  let bench: GatewayBench;
  beforeEach(async () => {
    bench = await GatewayBench.start();
  });
  afterEach(() => bench.close());

  const stored = (txId: string) => ({
    schema: 'consortium/1',
    members: MEMBERS,
    configuredBy: bench.parts.wallet.identity('admin@chongqing.example').actor(),
    txId,
    txTime: '2026-03-01T08:30:00.000Z',
  });

  test('are told to anybody, also where nobody configured them yet', async () => {
    bench.ledger.answers.set('consortium:get', () => ({ configured: false }));
    expect(await bench.call(undefined, 'GET', '/v1/consortium')).toMatchObject({
      status: 200,
      body: { configured: false, titles: { ChongqingMSP: { zh: '重庆市', en: 'Chongqing' } } },
    });
    bench.ledger.answers.set('consortium:get', () => ({ configured: true, ...stored(hash('tx')) }));
    const { body } = await bench.call(undefined, 'GET', '/v1/consortium');
    expect(body).toMatchObject({ configured: true, members: MEMBERS });
  });

  test('are set by an administrator, in the order that the contract stores', async () => {
    bench.ledger.answers.set('consortium:configure', () => stored(hash('tx')));
    const { status, body } = await bench.call('admin', 'POST', '/v1/consortium', { members: MEMBERS.toReversed() });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { consortium: { members: MEMBERS }, txId: hash('tx') },
    });
    const [call] = bench.ledger.calls;
    expect(call).toMatchObject({
      user: 'admin@chongqing.example',
      transaction: 'consortium:configure',
      args: [JSON.stringify({ members: MEMBERS })],
    });
  });

  test('are set by nobody else', async () => {
    for (const role of ['clerk', 'notary', 'officer', 'issuer', 'auditor']) {
      const { status, body } = await bench.call(role, 'POST', '/v1/consortium', { members: MEMBERS });
      expect([status, body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
    }
    expect((await bench.call(undefined, 'POST', '/v1/consortium', { members: MEMBERS })).status).toBe(401);
    expect(bench.ledger.calls).toEqual([]);
  });

  test.each([{}, { members: ['ChongqingMSP'] }, { members: ['ChongqingMSP', 'ChongqingMSP'] }, { members: 'all' }])(
    'are not set from %j',
    async (wanted) => {
      const { status, body } = await bench.call('admin', 'POST', '/v1/consortium', wanted);
      expect([status, body.code]).toEqual([400, 'REQUEST_MALFORMED']);
      expect(bench.ledger.calls).toEqual([]);
    },
  );

  test('a refusal of the contract is told as it is', async () => {
    bench.ledger.failure = new DomainError('CONSORTIUM_NOT_MEMBER', { where: 'caller' });
    const { status, body } = await bench.call('admin', 'POST', '/v1/consortium', { members: MEMBERS });
    expect([status, body.code]).toEqual([403, 'CONSORTIUM_NOT_MEMBER']);
  });
});
