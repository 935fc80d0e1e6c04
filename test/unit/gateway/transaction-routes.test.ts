import { chainOf, transactionOf } from './support/blocks.js';
import { hash } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { accessed, CLERK, evidenceId, registered, superseded } from './support/records.js';

const COPY = { code: 'DUPLICATE_TXID' } as const;
const CHAIN = chainOf(
  transactionOf('early', undefined, { ...COPY, txId: hash('a') }),
  transactionOf('a', registered('a')),
  transactionOf('a', registered('a'), COPY),
  transactionOf('correction', superseded('a', 'b')),
  transactionOf('look', accessed('a')),
  transactionOf('lost', registered('c'), { code: 'MVCC_READ_CONFLICT' }),
);

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
  bench.peer.blocksNow = [...CHAIN];
  bench.parts.follower.start();
  while (!bench.parts.follower.live) await new Promise((resolve) => setTimeout(resolve, 10));
});
afterAll(() => bench.close());

const ask = (txId: string) => bench.call(undefined, 'GET', `/v1/transactions/${txId}`);

describe('looking up a transaction, by anyone', () => {
  test('R24 leads to the record that it made, and says where it stands', async () => {
    const { status, body } = await ask(hash('a'));
    expect([status, body]).toMatchObject([
      200,
      { found: true, txId: hash('a'), blockNumber: 2, txIndex: 0, code: 'VALID', kind: 'evidence.registered' },
    ]);
    expect(body.evidenceId).toBe(evidenceId('a'));
    expect(body.wording).toMatchObject({ zh: expect.stringContaining(evidenceId('a')) as string });
  });

  test('R24 a correction leads to the record that it made, not to the corrected one', async () => {
    expect((await ask(hash('correction'))).body.evidenceId).toBe(evidenceId('b'));
  });

  test('R24 of an act that is not public the place is told alone, and nobody is named', async () => {
    const { body } = await ask(hash('look'));
    expect(body).toMatchObject({ found: true, code: 'VALID', blockNumber: 5 });
    expect(Object.keys(body).sort()).toEqual(
      ['blockNumber', 'code', 'found', 'index', 'txId', 'txIndex', 'txTime', 'wording'].sort(),
    );
    for (const name of ['a', 'look', 'correction']) {
      const text = JSON.stringify((await ask(hash(name))).body);
      for (const secret of [CLERK.name, CLERK.unit, 'examination']) expect(text).not.toContain(secret);
    }
  });

  test('what the peers did not take is told as such, without what it claims', async () => {
    const { body } = await ask(hash('lost'));
    expect(body).toMatchObject({ found: true, code: 'MVCC_READ_CONFLICT' });
    expect(JSON.stringify(body)).not.toContain(evidenceId('c'));
    expect(body.wording).toMatchObject({ zh: expect.stringContaining('没有改变任何登记') as string });
  });

  test('is refused by a code where it is no transaction id', async () => {
    for (const text of ['1', hash('a').toUpperCase(), `${hash('a')}0`]) {
      expect([(await ask(text)).status, (await ask(text)).body.code]).toEqual([400, 'ID_MALFORMED']);
    }
  });

  test('R14 a miss is 200; while the index is behind it is 503, and what was found stays found', async () => {
    expect(await ask(hash('nothing'))).toMatchObject({ status: 200, body: { found: false } });
    bench.peer.stop();
    while (bench.parts.follower.live) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await ask(hash('nothing'))).toMatchObject({ status: 503, body: { code: 'UNVERIFIABLE_NOW' } });
    expect(await ask(hash('a'))).toMatchObject({ status: 200, body: { found: true, index: { live: false } } });
  });
});
