import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GatewayError } from '@hyperledger/fabric-gateway';
import { ClassicLevel } from 'classic-level';

import { searchBytes, searchFolder } from '../support/network/byte-search.js';
import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { digestsOf, directRegistration, registration } from '../support/network/evidence-requests.js';
import { type RestReply, type RestSession } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';

/** A person who does not exist: number with a valid check digit, mobile, name, address. */
const SEEDS = ['11010519491231002X', '13800138000', '张三', 'zhangsan@example.com'];
const ALL = SEEDS.join(' ');

type Body = Readonly<Record<string, unknown>>;

describe('R28 personal data written wherever a text fits is refused or goes nowhere', () => {
  let network: TestNetwork;
  let outside: string;
  let clerk: RestSession;
  let id: string;
  const replies: RestReply[] = [];

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    outside = await mkdtemp(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'outside-'));
    clerk = await network.restAs('clerk@chongqing');
    const { body } = await clerk.post('/v1/evidence', registration());
    ({ id } = body.record as { id: string });
  });
  afterAll(async () => {
    await network.close();
    await rm(outside, { recursive: true, force: true });
  });

  const keep = async (work: Promise<RestReply>): Promise<RestReply> => {
    const reply = await work;
    replies.push(reply);
    return reply;
  };

  test('the search finds what is there, in every form and in compressed databases', async () => {
    const folder = join(outside, 'control');
    await mkdir(join(folder, 'index'), { recursive: true });
    const database = new ClassicLevel(join(folder, 'index'));
    for (let n = 0; n < 200; n += 1) await database.put(`key ${n}`, `${'x'.repeat(500)}${SEEDS[2] ?? ''} ${n}`);
    await database.close();
    await writeFile(join(folder, 'log'), JSON.stringify({ body: Buffer.from(`a ${ALL}`).toString('base64') }));
    const found = await searchFolder(folder, SEEDS);
    expect(new Set(found.map(({ text }) => text))).toEqual(new Set(SEEDS));
    expect(found.some(({ place, text }) => place.includes('index key') && text === '张三')).toBe(true);
    for (const form of ['\\u5f20\\u4e09', '%E5%BC%A0%E4%B8%89', 'e5bca0e4b889', Buffer.from('张三', 'utf16le')]) {
      expect(searchBytes('here', Buffer.from(form), ['张三'])).toHaveLength(1);
    }
  });

  const writes = (): readonly { readonly path: string; readonly body: Body }[] => [
    { path: '/v1/evidence', body: { ...registration(), ...everyMember() } },
    { path: `/v1/evidence/${id}/supersede`, body: { ...registration(), ...everyMember() } },
    {
      path: `/v1/evidence/${id}/objections`,
      body: { ground: 'source-disputed', detailDigest: digestsOf('d').sm3, contrary: digestsOf('c') },
    },
    {
      path: `/v1/evidence/${id}/objections/OB${'0'.repeat(32)}/decision`,
      body: { decision: 'rejected', documentDigest: digestsOf('d').sm3 },
    },
    {
      path: `/v1/evidence/${id}/custody`,
      body: {
        to: { mspId: 'ZhejiangMSP', unit: '12330200MB2Y00013W' },
        purpose: 'return',
        authorityDigest: digestsOf('a').sm3,
      },
    },
    { path: `/v1/evidence/${id}/custody/CT${'0'.repeat(32)}/answer`, body: { answer: 'accepted' } },
    {
      path: `/v1/evidence/${id}/accesses`,
      body: { purpose: 'examination', changed: false, authorityDigest: digestsOf('a').sm3 },
    },
    { path: '/v1/verify', body: { digests: digestsOf('v'), id } },
  ];

  test('in every member of every request, as a value and as a name', async () => {
    for (const { path, body } of writes()) {
      for (const seed of [...SEEDS, ALL]) {
        const seeded = [...seedLeaves(body, seed), { ...body, note: seed }, { ...body, [seed]: '' }, [seed], seed];
        for (const each of seeded) {
          const { status } = await keep(clerk.post(path, each));
          // Told apart from a request that was refused for another reason: nothing seeded is ever accepted.
          expect([path, JSON.stringify(each), status]).toEqual([path, JSON.stringify(each), 400]);
        }
      }
    }
  });

  test('in headers, queries, paths and bodies that do not parse', async () => {
    for (const seed of [...SEEDS, ALL]) {
      const text = encodeURIComponent(seed);
      const headers = Object.fromEntries(
        ['user-agent', 'referer', 'cookie', 'x-request-id', 'x-forwarded-for', 'traceparent', 'accept-language'].map(
          (name) => [name, text],
        ),
      );
      const ascii = /^[\x20-\x7e]+$/.test(seed) ? { ...headers, 'x-note': seed } : headers;
      expect((await keep(clerk.post('/v1/evidence', registration(), ascii))).status).toBe(201);
      await keep(clerk.post('/v1/evidence', registration(), { 'idempotency-key': text }));
      await keep(clerk.get(`/v1/evidence/${text}`));
      await keep(clerk.get(`/${text}`));
      await keep(clerk.send('POST', '/v1/evidence', { text: `{"note": "${seed}` }));
      await keep(
        clerk.send('POST', '/v1/evidence', { text: seed, headers: { 'content-type': `text/plain; ${text}` } }),
      );
      await keep(network.restAsAnyone().get(`/v1/verify?alg=${text}&digest=${text}`));
      await keep(network.restAsAnyone().get(`/v1/verify?alg=sm3&digest=${digestsOf('q').sm3}&${text}=${text}`));
      await keep(network.restAsAnyone().get('/v1/evidence', { headers: { authorization: `Bearer ${text}` } }));
      await keep((await network.restWithToken(seed, 'chongqing')).post('/v1/evidence', registration()));
      const auditor = await network.restAs('auditor@beijing');
      for (const name of ['actor', 'org', 'kind', 'from', 'to', 'cursor', 'limit', text]) {
        await keep(auditor.get(`/v1/audit/events?${name}=${text}`));
      }
    }
  });

  test('in file names, case numbers and reasons of the commands', async () => {
    const data = ['--data', network.folder.root];
    const file = join(outside, `${SEEDS.join('_')}.txt`);
    await writeFile(file, ALL);
    const [submitted] = (await yinzhengJson('submit', file, '--case', ALL, ...data)) as [{ id: string }];
    const as = ['--as', 'officer@chongqing'];
    await yinzhengJson('object', submitted.id, '--ground', 'source-disputed', '--detail', ALL, ...as, ...data);
    expect(await yinzhengJson('verify', file, ...data)).toMatchObject({ verdict: 'MATCH_CONTESTED' });
    for (const parameters of [
      ['submit', file, '--request', ALL],
      ['submit', file, '--statement', `source=${ALL}`],
      ['submit', file, '--kind', ALL],
      ['submit', file, '--as', ALL],
      ['object', ALL, '--ground', ALL, ...as],
      ['handover', submitted.id, '--to', `ZhejiangMSP:${SEEDS[0] ?? ''}`, '--purpose', 'return', ...as],
      ['handover', submitted.id, '--to', 'ZhejiangMSP:12330200MB2Y00013W', '--purpose', 'return', '--as', ALL],
      ['audit', ALL],
      ['audit', '--org', ALL],
      [ALL],
    ]) {
      expect((await yinzheng(...parameters, ...data)).exit).not.toBe(0);
    }
  });

  test('past the gateway: in requests, surplus arguments, names and transient data', async () => {
    const connection = network.connectAs('clerk@chongqing');
    const contract = connection.contract('yinzheng');
    const request = JSON.stringify(directRegistration({ note: ALL }));
    const calls: readonly [name: string, parameters: readonly string[]][] = [
      ['evidence:register', [request]],
      ['evidence:register', [ALL]],
      ['evidence:register', [JSON.stringify(directRegistration()), ALL]],
      ['evidence:get', [ALL]],
      ['evidence:get', [id, ALL]],
      ['evidence:find', ['sm3', digestsOf('p').sm3, ALL]],
      ['evidence:find', [ALL, ALL, ALL]],
      ['evidence:history', [id, ALL]],
      ['consortium:get', [ALL]],
      [`evidence:${ALL}`, []],
      [ALL, [ALL]],
    ];
    for (const [name, parameters] of calls) {
      const refused = contract.submit(name, { arguments: [...parameters] });
      await expect(refused).rejects.toThrow(GatewayError);
    }
    const transientData = Object.fromEntries(SEEDS.map((seed) => [seed, seed]));
    await contract.submit('evidence:register', { arguments: [JSON.stringify(directRegistration())], transientData });
  });

  test('none of it is in any answer, nor anywhere in the data folder: blocks, state, indexes, logs', async () => {
    const audited = await network.restAs('auditor@beijing');
    expect((await audited.get('/v1/audit/integrity')).body).toMatchObject({ verdict: 'SOUND' });
    expect(replies.length).toBeGreaterThan(400);
    const echoes = replies.flatMap(({ text, headers }) =>
      searchBytes('reply', Buffer.from(`${text}\n${JSON.stringify([...headers])}`), SEEDS),
    );
    expect(echoes).toEqual([]);
    await network.down();
    expect(await searchFolder(network.folder.root, SEEDS)).toEqual([]);
  });
});

/** Members that may be left out, so that each of them is tried. */
function everyMember(): Body {
  return {
    requestId: randomUUID(),
    caseReference: digestsOf('case').sm3,
    interest: 'none',
    statements: { source: 'self-made', generation: 'manual', detailDigest: digestsOf('s').sm3 },
  };
}

/** A copy of the body for each text in it, with the seed in that place. */
function seedLeaves(body: Body, seed: string): Body[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null) {
      return seedLeaves(value as Body, seed).map((inner) => ({ ...body, [name]: inner }));
    }
    return [{ ...body, [name]: seed }];
  });
}
