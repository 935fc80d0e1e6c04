import { randomUUID } from 'node:crypto';

import { digestsOf, directRegistration, registration } from '../support/network/evidence-requests.js';
import { textOf } from '../support/network/peer-connection.js';
import { type RestSession } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';

interface Submitted {
  readonly id: string;
  readonly txId: string;
  readonly digests: ReturnType<typeof digestsOf>;
}

/** Rows of the requirements that can be seen from outside, each by its number; R02 and R14 have files of their own. */
describe('requirements', () => {
  let network: TestNetwork;
  let anyone: RestSession;
  let clerk: RestSession;
  let officer: RestSession;
  let notary: RestSession;
  let court: RestSession;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    anyone = network.restAsAnyone('guangdong');
    clerk = await network.restAs('clerk@chongqing');
    officer = await network.restAs('officer@beijing');
    notary = await network.restAs('notary@zhejiang');
    court = await network.restAs('clerk@zhejiang');
  });
  afterAll(() => network.close());

  const submit = async (more: object = {}, by: RestSession = clerk): Promise<Submitted> => {
    const request = registration(more);
    const { status, body } = await by.post('/v1/evidence', request);
    expect(status).toBe(201);
    const { id } = body.record as { id: string };
    return { id, txId: String(body.txId), digests: request.digests };
  };
  const verify = async (algorithm: string, digest: string, id = '') => {
    const { status, body } = await anyone.get(`/v1/verify?alg=${algorithm}&digest=${digest}${id && `&id=${id}`}`);
    expect(status).toBe(200);
    return body as { verdict: string; records: Readonly<Record<string, unknown>>[] };
  };
  const entryOf = (body: Readonly<Record<string, unknown>>) => (body.entry as { id: string }).id;

  test('R01 the submitter is whom the certificate names, and a body that names one is refused', async () => {
    for (const stray of [{ submitter: { mspId: 'ZhejiangMSP' } }, { actor: 'notary' }, { role: 'notary' }]) {
      const { status, body } = await clerk.post('/v1/evidence', registration(stray));
      expect([status, body.code]).toEqual([400, 'REQUEST_MALFORMED']);
    }
    const { id } = await submit();
    const { body } = await officer.get(`/v1/evidence/${id}`);
    expect((body.record as { submitter: object }).submitter).toEqual({
      mspId: 'ChongqingMSP',
      name: 'clerk@chongqing.example',
      role: 'clerk',
      unit: '11500000MB1Y00011A',
      region: '500000',
    });
  });

  test('R04 sha-256 and sm3 are kept by name; md5, sha-1 and wrong lengths are refused; case does not matter', async () => {
    const { digests } = registration();
    const codeFor = async (given: object) => {
      const { status, body } = await clerk.post('/v1/evidence', registration({ digests: given }));
      return [status, body.code];
    };
    expect(await codeFor({ ...digests, md5: '0'.repeat(32) })).toEqual([400, 'ALGORITHM_REFUSED']);
    expect(await codeFor({ ...digests, 'sha-1': '0'.repeat(40) })).toEqual([400, 'ALGORITHM_REFUSED']);
    expect(await codeFor({ ...digests, sm3: digests.sm3.slice(1) })).toEqual([400, 'DIGEST_MALFORMED']);
    expect(await codeFor({ ...digests, sm3: `g${digests.sm3.slice(1)}` })).toEqual([400, 'DIGEST_MALFORMED']);
    expect(await codeFor({})).toEqual([400, 'DIGEST_MALFORMED']);
    const upper = { 'sha-256': digests['sha-256'].toUpperCase(), sm3: digests.sm3.toUpperCase() };
    await submit({ digests: upper });
    expect(await verify('sm3', digests.sm3)).toMatchObject({ verdict: 'MATCH', records: [{ digests }] });
    expect(await verify('sha-256', upper['sha-256'])).toMatchObject({ verdict: 'MATCH' });
  });

  test('R05 a SHA-256 value asked as SM3 is NOT_FOUND, and the other way round', async () => {
    const { digests, id } = await submit();
    expect(await verify('sm3', digests['sha-256'])).toMatchObject({ verdict: 'NOT_FOUND', records: [] });
    expect(await verify('sha-256', digests.sm3)).toMatchObject({ verdict: 'NOT_FOUND', records: [] });
    expect(await verify('sm3', digests['sha-256'], id)).toMatchObject({ verdict: 'MISMATCH' });
  });

  test('R07 nothing changes or deletes a record: a correction is a new one, and the old one verifies for ever', async () => {
    const old = await submit();
    const correction = registration();
    const { status, body } = await clerk.post(`/v1/evidence/${old.id}/supersede`, correction);
    expect(status).toBe(201);
    const successor = (body.record as { id: string }).id;
    expect(successor).not.toBe(old.id);
    expect(await verify('sha-256', old.digests['sha-256'])).toMatchObject({
      verdict: 'MATCH_SUPERSEDED',
      records: [{ id: old.id, supersededBy: successor }],
    });
    expect(await verify('sha-256', correction.digests['sha-256'])).toMatchObject({
      verdict: 'MATCH',
      records: [{ id: successor, supersedes: old.id }],
    });
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect((await clerk.send(method, `/v1/evidence/${old.id}`, { body: correction })).status).toBe(405);
    }
    const contract = network.connectAs('clerk@chongqing').network.getContract('yinzheng', 'evidence');
    for (const name of ['update', 'delete', 'remove', 'put', 'overwrite']) {
      await expect(contract.submitTransaction(name, JSON.stringify({ id: old.id }))).rejects.toThrow();
    }
    const again = await clerk.post(`/v1/evidence/${old.id}/supersede`, registration());
    expect([again.status, again.body.code]).toEqual([409, 'EVIDENCE_SUPERSEDED']);
    const other = await notary.post(`/v1/evidence/${successor}/supersede`, registration());
    expect([other.status, other.body.code]).toEqual([403, 'NOT_OWNER']);
  });

  test('R08 the same request twice is one record with one transaction, also at the same time', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const request = registration();
    const replies = await Promise.all([1, 2, 3].map(() => clerk.post('/v1/evidence', request, key)));
    const late = await clerk.post('/v1/evidence', request, key);
    expect(late.status).toBe(200);
    const txIds = [...replies, late].map(({ body }) => body.txId);
    expect(new Set(txIds).size).toBe(1);
    expect((await verify('sm3', request.digests.sm3)).records).toHaveLength(1);
    const reused = await clerk.post('/v1/evidence', registration(), key);
    expect([reused.status, reused.body.code]).toEqual([409, 'REQUEST_REUSED']);
  });

  test('R08 two organisations may record the same file, and all records are listed, earliest first', async () => {
    const { digests, id: first } = await submit();
    const { id: second } = await submit({ digests }, notary);
    const { id: third } = await submit({ digests }, officer);
    const { verdict, records } = await verify('sha-256', digests['sha-256']);
    expect(verdict).toBe('MATCH');
    expect(records.map(({ id }) => id)).toEqual([first, second, third]);
    expect(records.map(({ registeredBy }) => (registeredBy as { mspId: string }).mspId)).toEqual([
      'ChongqingMSP',
      'ZhejiangMSP',
      'BeijingMSP',
    ]);
  });

  test('R11 every verdict that a ledger which answers can give is given, always with status 200', async () => {
    const plain = await submit();
    const contested = await submit();
    const annulled = await submit();
    const superseded = await submit();
    await officer.post(`/v1/evidence/${contested.id}/objections`, { ground: 'source-disputed' });
    const filed = await officer.post(`/v1/evidence/${annulled.id}/objections`, { ground: 'unlawful-collection' });
    const decision = { decision: 'upheld', documentDigest: digestsOf('decision').sm3 };
    const path = `/v1/evidence/${annulled.id}/objections/${entryOf(filed.body)}/decision`;
    expect((await court.post(path, decision)).status).toBe(201);
    await clerk.post(`/v1/evidence/${superseded.id}/supersede`, registration());
    const verdicts = [];
    for (const { digests } of [plain, contested, annulled, superseded, registration()]) {
      verdicts.push((await verify('sha-256', digests['sha-256'])).verdict);
    }
    verdicts.push((await verify('sha-256', contested.digests['sha-256'], plain.id)).verdict);
    expect(verdicts).toEqual([
      'MATCH',
      'MATCH_CONTESTED',
      'MATCH_ANNULLED',
      'MATCH_SUPERSEDED',
      'NOT_FOUND',
      'MISMATCH',
    ]);
  });

  test('R15 an objection shows at once and leaves the digest result alone; a decision closes it', async () => {
    const { id, digests } = await submit();
    const own = await clerk.post(`/v1/evidence/${id}/objections`, { ground: 'source-disputed' });
    expect([own.status, own.body.code]).toEqual([409, 'OBJECTION_OWN_RECORD']);
    const contrary = digestsOf('contrary evidence');
    const filed = await officer.post(`/v1/evidence/${id}/objections`, { ground: 'contrary-evidence', contrary });
    const objection = entryOf(filed.body);
    expect(await verify('sm3', digests.sm3)).toMatchObject({
      verdict: 'MATCH_CONTESTED',
      records: [{ id, objections: [{ id: objection, ground: 'contrary-evidence', contrary }] }],
    });
    const decision = { decision: 'rejected', documentDigest: digestsOf('decision').sm3 };
    const path = `/v1/evidence/${id}/objections/${objection}/decision`;
    const byOwner = await clerk.post(path, decision);
    expect([byOwner.status, byOwner.body.code]).toEqual([409, 'OBJECTION_OWN_RECORD']);
    expect((await court.post(path, decision)).status).toBe(201);
    expect(await verify('sm3', digests.sm3)).toMatchObject({
      verdict: 'MATCH',
      records: [{ objections: [{ decision: { decision: 'rejected' } }] }],
    });
    const twice = await (await network.restAs('clerk@beijing')).post(path, decision);
    expect([twice.status, twice.body.code]).toEqual([409, 'OBJECTION_DECIDED']);
  });

  test('R16 the six statements before recording are kept, and what was not declared is shown as such', async () => {
    const silent = await submit();
    expect((await verify('sm3', silent.digests.sm3)).records[0]?.statements).toEqual({
      source: 'undeclared',
      generation: 'undeclared',
      storage: 'undeclared',
      notarised: 'undeclared',
      thirdPartyWitness: 'undeclared',
      corroboration: 'undeclared',
    });
    const statements = {
      source: 'own-system',
      generation: 'automatic',
      storage: 'original-medium',
      notarised: 'no',
      thirdPartyWitness: 'yes',
      corroboration: 'yes',
    };
    const told = await submit({ statements, interest: 'party' });
    expect((await verify('sm3', told.digests.sm3)).records[0]).toMatchObject({ statements, interest: 'party' });
    const free = await clerk.post('/v1/evidence', registration({ statements: { source: 'a friend gave it to me' } }));
    expect([free.status, free.body.code]).toEqual([400, 'REQUEST_MALFORMED']);
  });

  test('R20 custody moves with two signatures, stays with one, and its chain has no hole', async () => {
    const { id } = await submit();
    const to = { mspId: 'ZhejiangMSP', unit: '12330200MB2Y00013W' };
    const custodyPath = `/v1/evidence/${id}/custody`;
    const custody = async () =>
      ((await clerk.get(`/v1/evidence/${id}`)).body as { custody: { holder: object; pending?: string } }).custody;
    const stranger = await officer.post(custodyPath, { to, purpose: 'examination' });
    expect([stranger.status, stranger.body.code]).toEqual([403, 'CUSTODY_NOT_HOLDER']);
    const offered = await clerk.post(custodyPath, { to, purpose: 'notarisation' });
    const transfer = entryOf(offered.body);
    expect(offered.body.entry).toMatchObject({ state: 'pending', from: { mspId: 'ChongqingMSP' }, to });
    expect(await custody()).toMatchObject({ holder: { mspId: 'ChongqingMSP' }, pending: transfer });
    const second = await clerk.post(custodyPath, { to: { ...to, unit: '12330200MB2Y00099P' }, purpose: 'return' });
    expect([second.status, second.body.code]).toEqual([409, 'CUSTODY_PENDING']);
    const wrong = await officer.post(`${custodyPath}/${transfer}/answer`, { answer: 'accepted' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'CUSTODY_NOT_RECEIVER']);
    expect((await notary.post(`${custodyPath}/${transfer}/answer`, { answer: 'accepted' })).status).toBe(201);
    expect((await custody()).holder).toEqual(to);
    const access = { purpose: 'examination', changed: true };
    const unexplained = await notary.post(`/v1/evidence/${id}/accesses`, access);
    expect([unexplained.status, unexplained.body.code]).toEqual([400, 'DIGEST_MALFORMED']);
    const justified = { ...access, justificationDigest: digestsOf('why').sm3 };
    expect((await notary.post(`/v1/evidence/${id}/accesses`, justified)).status).toBe(201);
    const { body } = await clerk.get(`/v1/audit/records/${id}/timeline`);
    expect(body).toMatchObject({ custodyGap: null, holder: to });
    expect((body.events as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'evidence.registered',
      'evidence.handed-over',
      'evidence.transfer-answered',
      'evidence.accessed',
    ]);
  });

  test('R20 a pending hand-over cannot be settled without the peers of both organisations', async () => {
    const { id } = await submit();
    const to = { mspId: 'ZhejiangMSP', unit: '12330200MB2Y00013W' };
    const offered = await clerk.post(`/v1/evidence/${id}/custody`, { to, purpose: 'notarisation' });
    const contract = network.connectAs('notary@zhejiang').network.getContract('yinzheng', 'evidence');
    const request = { requestId: randomUUID(), evidenceId: id, transferId: entryOf(offered.body), answer: 'accepted' };
    const options = { arguments: [JSON.stringify(request)], endorsingOrganizations: ['ZhejiangMSP', 'BeijingMSP'] };
    await expect(contract.submit('answerTransfer', options)).rejects.toThrow(/ENDORSEMENT_POLICY_FAILURE|code 10/);
    const { body } = await clerk.get(`/v1/evidence/${id}`);
    expect(body.custody).toMatchObject({ holder: { mspId: 'ChongqingMSP' } });
  });

  test('a request whose time is made up is endorsed by nobody', async () => {
    const connection = network.connectAs('clerk@chongqing');
    const contract = connection.network.getContract('yinzheng', 'evidence');
    const unskewed = await contract.evaluateTransaction('register', JSON.stringify(directRegistration()));
    expect(textOf(unskewed)).toContain('evidence/1');
    jest.useFakeTimers({ now: Date.now() - 6 * 60_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] });
    const proposal = contract.newProposal('register', { arguments: [JSON.stringify(directRegistration())] });
    jest.useRealTimers();
    await expect(proposal.endorse()).rejects.toMatchObject({
      details: [{ message: expect.stringContaining('TIME_SKEW') as string }],
    });
  });
});
