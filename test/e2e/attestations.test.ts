import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { type Attestation } from '../../domain/attestation-record.js';
import { MATTER, OTHER_MATTER } from '../support/attestation-bench.js';
import { searchFolder } from '../support/network/byte-search.js';
import { AttestationDesk, subject, told, ITEM_ID } from '../support/network/attestation-desk.js';
import { type RestReply } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';

/** A person who does not exist, and what is told about them. */
const SEEDS = ['11010519491231002X', '张三丰', '13800138000', '1987-06-05'];
/** A name whose payload is purged again. */
const PURGED = '欧阳无名氏';

/** Races of each kind; more of them by the environment. */
const RACES = Number(process.env.YINZHENG_RACES ?? 20);

const refusalOf = ({ status, body }: RestReply) => [status, body.code];
const use = (matter = MATTER) => ({ requestId: randomUUID(), matter, decisionReference: 'ab'.repeat(32) });

describe('cross-region attestations on a running network', () => {
  let network: TestNetwork;
  let desk: AttestationDesk;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    desk = await AttestationDesk.open(network);
  });
  afterAll(() => network.close());

  test('Beijing asks, Zhejiang answers, the holder releases, both sign; used once, for the one matter', async () => {
    const payload = subject({ name: SEEDS[1], purpose: `联系电话 ${SEEDS[2] ?? ''}` });
    const { id, state } = await desk.request(payload);
    expect(state).toBe('REQUESTED');
    const seen = await desk.answerer.get(`/v1/attestations/${id}/payloads`);
    expect(seen.body.payloads).toMatchObject([{ part: 'subject', verdict: 'INTACT', payload }]);
    const values = told({ validUntil: SEEDS[3] ?? '' });
    const answered = await desk.answer(id, { payload: values });
    const early = await desk.asker.get(`/v1/attestations/${id}/payloads`);
    expect((early.body.payloads as { part: string }[]).map(({ part }) => part)).toEqual(['subject']);
    const preview = await desk.answerer.get(`/v1/attestations/${id}/preview`);
    expect(preview.body).toMatchObject({ digest: answered.answer?.digest, payload: values });
    await desk.release(answered);
    const late = await desk.asker.get(`/v1/attestations/${id}/payloads`);
    expect(late.body.payloads).toContainEqual(expect.objectContaining({ part: 'answer', payload: values }));
    await desk.step(desk.asker, id, 'accept', { digest: answered.answer?.digest });
    expect(refusalOf(await desk.asker.post(`/v1/attestations/${id}/use`, use(OTHER_MATTER)))).toEqual([
      403,
      'ATTESTATION_MATTER',
    ]);
    await desk.step(desk.asker, id, 'use', use());
    expect(refusalOf(await desk.asker.post(`/v1/attestations/${id}/use`, use()))).toEqual([409, 'ATTESTATION_USED']);
    await desk.step(desk.asker, id, 'close', { requestId: randomUUID(), outcome: 'granted' });
  });

  test('a request sent again answers 200 with the same record', async () => {
    const payload = subject();
    const requestId = randomUUID();
    const first = await desk.request(payload, { requestId });
    const { answerer, asker } = desk;
    const { body } = await asker.get(`/v1/attestations/${first.id}`);
    expect(body).toMatchObject({ record: first, timing: { overdue: false }, wording: { zh: '已申请，待答复' } });
    const key = { 'idempotency-key': randomUUID() };
    const refusal = { code: 'NOT_COMPETENT' };
    const path = `/v1/attestations/${first.id}/refuse`;
    const [once, again] = [await answerer.post(path, refusal, key), await answerer.post(path, refusal, key)];
    expect([once.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(once.body);
  });

  test('lists show what waits and until when; timelines show every act with both endorsers', async () => {
    const { id } = await desk.accepted();
    const waiting = await desk.answerer.get('/v1/attestations?side=received&state=ACCEPTED');
    expect(waiting.body.attestations).toContainEqual(
      expect.objectContaining({ id, asker: 'BeijingMSP', overdue: false, state: 'ACCEPTED' }),
    );
    const auditor = await network.restAs('auditor@beijing');
    const { body } = await auditor.get(`/v1/audit/records/${id}/timeline`);
    const events = body.events as { kind: string; endorsers: string[] }[];
    expect(events.map(({ kind }) => kind)).toEqual(
      ['requested', 'answered', 'previewed', 'accepted'].map((act) => `attestation.${act}`),
    );
    for (const { endorsers } of events) expect(endorsers).toEqual(['BeijingMSP', 'ZhejiangMSP']);
    const stranger = await network.restAs('officer@guangdong');
    expect(refusalOf(await stranger.get(`/v1/audit/records/${id}/timeline`))).toEqual([403, 'ATTESTATION_NOT_PARTY']);
    expect(refusalOf(await stranger.get(`/v1/attestations/${id}/payloads`))).toEqual([403, 'ATTESTATION_NOT_PARTY']);
  });

  test('one item of the catalogue, the block of an act and the metrics are told to who asks', async () => {
    const { asker } = desk;
    await desk.accepted();
    const { body } = await asker.get(`/v1/catalogue/ZhejiangMSP/${ITEM_ID}`);
    expect(body.item).toMatchObject({ mspId: 'ZhejiangMSP', itemId: ITEM_ID });
    const auditor = await network.restAs('auditor@beijing');
    const { events } = (await auditor.get('/v1/audit/events?kind=attestation.requested&limit=1')).body;
    const [{ blockNumber, txId }] = events as [{ blockNumber: number; txId: string }];
    const block = await auditor.get(`/v1/audit/blocks/${blockNumber}`);
    expect(block.text).toContain(txId);
    const metrics = await network.restAsAnyone().get('/metrics');
    expect([metrics.status, metrics.text]).toEqual([200, expect.stringContaining('yinzheng_outbox_open{')]);
  });

  test('a third organisation objects; upheld, the attestation is withdrawn and its decision flagged', async () => {
    const { id } = await desk.accepted();
    await desk.step(desk.asker, id, 'use', use());
    const clerk = await network.restAs('clerk@chongqing');
    const filed = await clerk.post(`/v1/attestations/${id}/objections`, { ground: 'wrong-answer' });
    expect(filed.status).toBe(201);
    const { id: objectionId } = filed.body.entry as { id: string };
    const resolution = { resolution: 'upheld', documentDigest: 'cd'.repeat(32) };
    await desk.answerer.post(`/v1/attestations/${id}/objections/${objectionId}/resolution`, resolution);
    const { body } = await desk.asker.get('/v1/attestations?side=asked&state=WITHDRAWN');
    expect(body.attestations).toContainEqual(
      expect.objectContaining({ id, code: 'objection-upheld', flagged: ['ab'.repeat(32)] }),
    );
  });

  test('both sides state their counts of the month, and the contract compares', async () => {
    const period = new Date().toISOString().slice(0, 7);
    const compare = () => desk.asker.get(`/v1/reconciliations/ZhejiangMSP/${period}`);
    const { body } = await compare();
    expect(body).toMatchObject({ verdict: 'WAITING' });
    const { asked, received } = body.counted as { asked: { requested: number }; received: object };
    expect(asked.requested).toBeGreaterThan(2);
    await desk.asker.post('/v1/reconciliations', { counterparty: 'ZhejiangMSP', period, asked, received });
    const other = { counterparty: 'BeijingMSP', period, asked: received };
    const wrong = { ...asked, requested: asked.requested + 1 };
    await desk.answerer.post('/v1/reconciliations', { ...other, received: wrong });
    expect((await compare()).body).toMatchObject({
      verdict: 'DIFFERENT',
      differences: [{ asker: 'BeijingMSP', count: 'requested', answererSays: asked.requested + 1 }],
    });
    await desk.answerer.post('/v1/reconciliations', { ...other, received: asked });
    expect((await compare()).body).toMatchObject({ verdict: 'AGREED', differences: [] });
  });

  test(
    'of two officers who use or answer at once, exactly one succeeds',
    async () => {
      const race = async (n: number): Promise<void> => {
        const { id } = await desk.request();
        const answer = () => desk.answerer.post(`/v1/attestations/${id}/answer`, answerOf(n));
        expect(winners(await Promise.all([answer(), answer()]), 'ATTESTATION_STATE')).toBe(1);
        const { body } = await desk.asker.get(`/v1/attestations/${id}`);
        const record = body.record as Attestation;
        await desk.release(record);
        await desk.step(desk.asker, id, 'accept', { digest: record.answer?.digest });
        const spend = () => desk.asker.post(`/v1/attestations/${id}/use`, use());
        expect(winners(await Promise.all([spend(), spend()]), 'ATTESTATION_USED')).toBe(1);
      };
      // Ten at a time, so that rivals also meet strangers in their block.
      for (let n = 0; n < RACES; n += 10) await Promise.all(Array.from({ length: 10 }, (_, each) => race(n + each)));
    },
    60_000 + RACES * 2_000,
  );

  test('a purge leaves the verdict: 已删除', async () => {
    const { id } = await desk.request(subject({ name: PURGED }));
    await desk.step(desk.answerer, id, 'refuse', { requestId: randomUUID(), code: 'NOT_COMPETENT' });
    await desk.step(desk.answerer, id, 'purge', { requestId: randomUUID(), ground: 'purpose-achieved' });
    for (const window of [desk.asker, desk.answerer]) {
      const { body } = await window.get(`/v1/attestations/${id}/payloads`);
      expect(body.payloads).toEqual([
        expect.objectContaining({ part: 'subject', verdict: 'DELETED', digest: expect.any(String) as string }),
      ]);
      expect(JSON.stringify(body)).toContain('已删除');
    }
  });

  test('R28 nothing of a payload stands in a file of organisations that are no party, in blocks, logs or answers', async () => {
    expect(searchReplies()).toEqual([]);
    await network.down();
    await network.up(); // A purge that a reader kept waiting is carried out at the next block or start.
    await network.down();
    const root = network.folder.root;
    const found = await searchFolder(root, SEEDS);
    expect(await searchFolder(root, [PURGED])).toEqual([]);
    const places = [...new Set(found.map(({ place }) => place))];
    // It does stand where it belongs, so the search sees these files.
    expect(places.some((place) => place.includes(join('ledgers', 'peer0.zhejiang')))).toBe(true);
    // Neither blocks nor logs nor indexes of gateways, and no peer but the two parties'.
    // The embedded network's folders, and those of Fabric's own peers.
    const folders = 'index|private|ledgersData[/\\\\](pvtdataStore|stateLeveldb)|transientstore';
    const entitled = new RegExp(`[/\\\\]ledgers[/\\\\]peer0\\.(beijing|zhejiang)\\.example[/\\\\](${folders})`);
    expect(places.filter((place) => !entitled.test(place))).toEqual([]);
  });

  function searchReplies(): string[] {
    const text = JSON.stringify(desk.replies.map(({ body }) => body));
    return SEEDS.filter((seed) => text.includes(seed));
  }
});

function answerOf(n: number): object {
  return {
    requestId: randomUUID(),
    answer: n % 2 === 0 ? 'VALID' : 'INVALID',
    asOf: new Date(Date.now() - 60_000).toISOString(),
    sourceSystem: 'ZJ-LICENCE',
    validUntil: new Date(Date.now() + 86_400_000).toISOString(),
    evidenceDigest: 'ef'.repeat(32),
  };
}

/** How many succeeded; all others must have been refused with this code. */
function winners(replies: readonly RestReply[], code: string): number {
  const lost = replies.filter(({ status }) => status !== 201);
  expect(lost.map(({ body }) => body.code)).toEqual(lost.map(() => code));
  return replies.length - lost.length;
}
