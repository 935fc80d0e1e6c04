import { ONE_MACHINE_NOTICE } from '../../../domain/wording.js';
import { type Transfer } from '../../../domain/custody.js';
import { idFromDigest } from '../../../domain/ids.js';
import { PeerWatch } from '../../../gateway/audit/peer-watch.js';
import { type BlockSource } from '../../../gateway/ledger/port.js';
import { blockAfter, chainOf, FakePeer, transactionOf } from './support/blocks.js';
import { hash, outage } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { accessed, CLERK, evidenceId, OFFICER, recordView, registered } from './support/records.js';

const CHAIN = chainOf(
  transactionOf('a', registered('a')),
  transactionOf('b', registered('b')),
  transactionOf('look', accessed('a')),
  transactionOf('lost', accessed('a'), { code: 'MVCC_READ_CONFLICT' }),
);

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
  for (const block of CHAIN) bench.parts.index.append(block);
  bench.peer.blocksNow = [...CHAIN];
  bench.ledger.views.set(evidenceId('a'), recordView('a', 'a'));
});
afterAll(async () => {
  await bench.close();
});

const get = (role: string | undefined, path: string) => bench.call(role, 'GET', path);
const timeline = (role: string, name = 'a') => get(role, `/v1/audit/records/${evidenceId(name)}/timeline`);

describe('the list of events', () => {
  test('is for auditors only', async () => {
    for (const role of ['clerk', 'notary', 'officer', 'issuer', 'admin']) {
      expect((await get(role, '/v1/audit/events')).status).toBe(403);
    }
    expect((await get(undefined, '/v1/audit/events')).status).toBe(401);
  });

  test('comes in pages that hold every transaction once, the rejected ones too', async () => {
    const seen: { txId: string; code: string }[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await get('auditor', `/v1/audit/events?limit=2${cursor}`);
      seen.push(...(body.events as typeof seen));
      if (body.cursor === undefined) break;
      cursor = `&cursor=${body.cursor as string}`;
    }
    expect(seen.map(({ txId }) => txId)).toEqual(
      CHAIN.flatMap(({ transactions }) => transactions.map(({ txId }) => txId)),
    );
    expect(seen.at(-1)?.code).toBe('MVCC_READ_CONFLICT');
  });

  test('is narrowed by kind and time', async () => {
    const { body } = await get('auditor', '/v1/audit/events?kind=evidence.registered&from=2026-03-01T08:30:00Z');
    expect((body.events as { evidenceId: string }[]).map(({ evidenceId }) => evidenceId)).toEqual([
      evidenceId('a'),
      evidenceId('b'),
    ]);
  });

  test('comes newest first where that is wanted, in pages without a gap', async () => {
    const all = (await get('auditor', '/v1/audit/events')).body.events as { txId: string }[];
    const first = (await get('auditor', '/v1/audit/events?order=newest&limit=2')).body;
    const second = (await get('auditor', `/v1/audit/events?order=newest&limit=3&cursor=${first.cursor as string}`))
      .body;
    expect([...(first.events as object[]), ...(second.events as object[])]).toEqual(all.reverse());
  });

  test.each([
    ['code=refused', ['lost']],
    ['code=MVCC_READ_CONFLICT', ['lost']],
    [`record=${evidenceId('a')}`, ['a', 'look', 'lost']],
    [`q=${hash('b')}`, ['b']],
    [`q=${evidenceId('b')}`, ['b']],
    ['q=clerk-07&code=refused', ['lost']],
    ['q=clerk-08', []],
    [`unit=${CLERK.unit}&kind=evidence.registered`, ['a', 'b']],
    [`unit=${encodeURIComponent('西南大学')}`, []],
  ])('is narrowed by %s', async (query, names) => {
    const { body } = await get('auditor', `/v1/audit/events?${query}`);
    expect((body.events as { txId: string }[]).map(({ txId }) => txId)).toEqual(names.map(hash));
  });

  test('takes days, both inclusive', async () => {
    const count = async (query: string) =>
      ((await get('auditor', `/v1/audit/events?${query}`)).body.events as object[]).length;
    expect(await count('from=2026-03-01&to=2026-03-01')).toBe(5);
    expect(await count('to=2026-03-01T08:30:00Z')).toBe(5);
    expect(await count('to=2026-02-28')).toBe(0);
  });

  test('says in words what happened besides', async () => {
    const { body } = await get('auditor', '/v1/audit/events?kind=evidence.accessed&limit=1');
    expect(body.events).toMatchObject([{ details: { purpose: 'examination', changed: false } }]);
  });

  test('says that the index may be behind where the peer is away, and since when', async () => {
    expect((await get('auditor', '/v1/audit/events')).body.index).toEqual({ blocks: 5, live: false, heardAt: null });
    expect((await timeline('auditor')).body.index).toMatchObject({ live: false });
    expect((await get(undefined, '/v1/network')).body.index).toMatchObject({ blocks: 5, live: false });
  });

  test('names the words that a filter takes where it was given another', async () => {
    expect((await get('auditor', '/v1/audit/events?kind=evidence.registred')).body).toMatchObject({
      where: 'kind',
      wanted: expect.stringContaining('evidence.registered') as string,
    });
    expect((await get('auditor', '/v1/audit/events?org=ChonqingMSP')).body).toMatchObject({
      where: 'org',
      wanted: 'one of ChongqingMSP, ZhejiangMSP',
    });
  });

  test.each([
    'cursor=x',
    'limit=0',
    'limit=201',
    'limit=1000',
    'from=yesterday',
    'from=2026-02-30',
    'from=2026-03-02&to=2026-03-01',
    'kind=a%20b',
    'kind=gossip',
    'org=NobodyMSP',
    'sort=asc',
    'order=random',
    'code=valid',
    'q=a%20b',
    'unit=%3Cb%3E',
    'record=',
  ])('refuses the query %s', async (query) => {
    expect((await get('auditor', `/v1/audit/events?${query}`)).status).toBe(400);
  });
});

describe('a block', () => {
  test('is shown with its hash, the one before and all it holds', async () => {
    const { body } = await get('auditor', '/v1/audit/blocks/2');
    expect(body).toMatchObject({ number: 2, hash: CHAIN[2]?.hash, previousHash: CHAIN[1]?.hash });
    expect(body.events).toMatchObject([{ txId: hash('b'), endorsers: ['ChongqingMSP', 'ZhejiangMSP'] }]);
    expect((await get('auditor', '/v1/audit/blocks/0')).body.previousHash).toBeNull();
  });

  test.each(['5', '-1', 'x', '1e3'])('%s is none', async (number) => {
    expect((await get('auditor', `/v1/audit/blocks/${number}`)).status).toBe(400);
    expect((await get('clerk', '/v1/audit/blocks/1')).status).toBe(403);
  });
});

describe('the timeline of a record', () => {
  test('tells every act with place, signer and endorsers', async () => {
    const { body } = await timeline('auditor');
    expect(body).toMatchObject({ id: evidenceId('a'), owner: { mspId: 'ChongqingMSP' }, custodyGap: null });
    expect(body.events).toMatchObject([
      { kind: 'evidence.registered', actor: 'clerk-07', org: 'ChongqingMSP', blockNumber: 1, code: 'VALID' },
      { kind: 'evidence.accessed', blockNumber: 3, endorsers: ['ChongqingMSP', 'ZhejiangMSP'] },
      { kind: 'evidence.accessed', blockNumber: 4, code: 'MVCC_READ_CONFLICT' },
    ]);
  });

  test("is open to its owner's organisation and closed to another's, but for auditors", async () => {
    expect((await timeline('clerk')).status).toBe(200);
    const { record, ...rest } = recordView('b', 'b');
    bench.ledger.views.set(evidenceId('b'), { ...rest, record: { ...record, submitter: OFFICER } });
    const refused = await timeline('clerk', 'b');
    expect([refused.status, refused.body.code]).toEqual([403, 'NOT_OWNER']);
    expect((await timeline('auditor', 'b')).status).toBe(200);
  });

  test('R20 names the hand-over that does not begin where the one before ended', async () => {
    const from = { mspId: CLERK.mspId, unit: CLERK.unit };
    const to = { mspId: OFFICER.mspId, unit: '91330000000000000B' };
    const later = transferOf('later', to, from, 2);
    const gapless = { transfers: [later, transferOf('first', from, to, 1)], custody: { holder: from } };
    bench.ledger.views.set(evidenceId('c'), recordView('c', 'c', gapless as never));
    expect((await timeline('auditor', 'c')).body.custodyGap).toBeNull();
    bench.ledger.views.set(evidenceId('c'), recordView('c', 'c', { ...gapless, transfers: [later] } as never));
    expect((await timeline('auditor', 'c')).body.custodyGap).toBe(later.id);
  });

  test('R14 is 503 while the ledger is away, and 404 only when it says so', async () => {
    expect((await timeline('auditor', 'none')).status).toBe(404);
    bench.ledger.failure = outage();
    expect((await timeline('auditor')).status).toBe(503);
    bench.ledger.failure = undefined;
  });
});

describe('the audit of the chain itself', () => {
  const integrity = async () => (await get('auditor', '/v1/audit/integrity')).body;

  test('is sound where blocks, index and peer agree', async () => {
    expect(await integrity()).toMatchObject({ verdict: 'SOUND', blocks: 5, agreeing: 1 });
    expect((await get('clerk', '/v1/audit/integrity')).status).toBe(403);
  });

  test('finds a row of the index that the chain does not tell', async () => {
    bench.parts.index.database.exec(`UPDATE event SET actor = 'nobody' WHERE block = 2`);
    expect(await integrity()).toMatchObject({
      verdict: 'BROKEN',
      peers: [{ fault: { blockNumber: 2, what: 'INDEX' } }],
    });
    bench.parts.index.database.exec(`UPDATE event SET actor = 'clerk-07' WHERE block = 2`);
    expect(await integrity()).toMatchObject({ verdict: 'SOUND' });
  });

  test('tells how far it is to who asks for a stream, then the report', async () => {
    const authorization = `Bearer ${await bench.token('auditor')}`;
    const headers = { authorization, accept: 'text/event-stream' };
    const told = async () => {
      const text = await (await fetch(`${bench.url}/v1/audit/integrity`, { headers })).text();
      return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, event, data]) => [
        event,
        JSON.parse(data ?? '') as unknown,
      ]);
    };
    expect(await told()).toMatchObject([
      ['progress', { peer: bench.peer.name, number: 1, peers: 1, read: 5, blocks: 5 }],
      ['report', { verdict: 'SOUND', agreeing: 1 }],
    ]);
    bench.peer.down = true;
    expect(await told()).toMatchObject([['problem', { code: 'UNVERIFIABLE_NOW' }]]);
    bench.peer.down = false;
  });

  test('is 503 where the peer does not answer', async () => {
    bench.peer.down = true;
    expect((await get('auditor', '/v1/audit/integrity')).status).toBe(503);
    bench.peer.down = false;
  });
});

describe('service', () => {
  test('/healthz speaks for the process alone', async () => {
    bench.peer.down = true;
    expect(await get(undefined, '/healthz')).toMatchObject({ status: 200, body: { status: 'up', name: 'chongqing' } });
    bench.peer.down = false;
  });

  test('/readyz wants peer, index and consortium', async () => {
    const ready = async () => {
      const { status, body } = await get(undefined, '/readyz');
      return [status, body.wanted];
    };
    bench.ledger.answers.set('consortium:get', () => ({ configured: false }));
    expect(await ready()).toEqual([503, 'a configured consortium']);
    bench.ledger.answers.set('consortium:get', () => ({ configured: true }));
    expect(await ready()).toEqual([200, undefined]);
    bench.peer.blocksNow = [...CHAIN, ...CHAIN];
    expect(await ready()).toEqual([503, 'a lag of at most 2 blocks']);
    bench.peer.blocksNow = [...CHAIN];
    bench.peer.down = true;
    expect((await ready())[0]).toBe(503);
    bench.peer.down = false;
  });

  test('/v1/network shows each peer: its height, and whether its last block is the indexed one', async () => {
    const forked = new FakePeer('peer0.zhejiang.example', [...CHAIN.slice(0, 3), blockAfter(undefined, [])]);
    const away = new FakePeer('peer0.away.example', []);
    away.down = true;
    const ahead = new FakePeer('peer0.ahead.example', [...CHAIN, blockAfter(CHAIN.at(-1), [])]);
    const watch = new PeerWatch([bench.peer, forkedAt(forked, 3), away, ahead], bench.parts.query);
    expect(await watch.look()).toMatchObject([
      { peer: bench.peer.name, mspId: 'ChongqingMSP', home: true, reachable: true, blocks: 5, agrees: true },
      { peer: forked.name, home: false, reachable: true, blocks: 4, agrees: false },
      { peer: away.name, reachable: false, blocks: null, hash: null, agrees: null },
      { peer: ahead.name, reachable: true, blocks: 6, agrees: null },
    ]);
    expect((await get(undefined, '/v1/network')).body.peers).toMatchObject([{ peer: bench.peer.name, home: true }]);
  });

  test('/v1/network asks peers again after two seconds, and shows the last answer meanwhile', async () => {
    const peer = new FakePeer('peer0', CHAIN);
    const asked = jest.spyOn(peer, 'newest');
    const watch = new PeerWatch([peer], bench.parts.query);
    const clock = jest.spyOn(Date, 'now');
    const start = clock.getMockImplementation()?.() ?? performance.timeOrigin;
    clock.mockReturnValue(start);
    await Promise.all([watch.look(), watch.look()]);
    peer.down = true;
    expect([(await watch.look())[0]?.reachable, asked.mock.calls.length]).toEqual([true, 1]);
    clock.mockReturnValue(start + 2_001);
    expect([(await watch.look())[0]?.reachable, asked.mock.calls.length]).toEqual([true, 2]);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await watch.look())[0]?.reachable).toBe(false);
    clock.mockRestore();
  });

  test('/v1/network says what stands behind it, from the channel itself', async () => {
    const { body } = await get(undefined, '/v1/network');
    expect(body).toMatchObject({ channel: 'yinzheng', kind: 'fabric', consensus: 'BFT', blocks: 5 });
    expect(body.notice).toBeUndefined();
    bench.parts.index.database.exec(`UPDATE configuration SET consensus = 'yinzheng-embedded'`);
    const embedded = (await get(undefined, '/v1/network')).body;
    expect(embedded).toMatchObject({ kind: 'embedded', notice: ONE_MACHINE_NOTICE });
    bench.parts.index.database.exec(`UPDATE configuration SET consensus = 'BFT'`);
  });
});

function transferOf(name: string, from: Transfer['from'], to: Transfer['to'], sequence: number) {
  const id = idFromDigest('CT', hash(name));
  return { id, from, to, sequence, state: 'accepted' };
}

/** A peer whose last block has this number, whatever it is. */
function forkedAt(peer: FakePeer, number: number): BlockSource {
  const hash = peer.blocksNow.at(-1)?.hash ?? '';
  const { name, mspId } = peer;
  const blocks = peer.blocks.bind(peer);
  return {
    name,
    mspId,
    blocks,
    height: () => Promise.resolve(number + 1),
    newest: () => Promise.resolve({ number, hash }),
  };
}
