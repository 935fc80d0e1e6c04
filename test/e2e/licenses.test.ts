import { randomUUID } from 'node:crypto';

import {
  face,
  grantStatement,
  licenseId,
  makeHolder,
  MATTER,
  saltValues,
  signAs,
  type TestHolder,
  TYPE_CODE,
  typeRequest,
} from '../support/license-requests.js';
import { type RestReply, type RestSession } from '../support/network/rest-session.js';
import { TestNetwork } from '../support/network/test-network.js';

/** Races of each kind; more of them by the environment (`scripts/soak races`). */
const RACES = Number(process.env.YINZHENG_RACES ?? 20);
/** Races under way at the same time. */
const SIDE_BY_SIDE = 10;
const DOCUMENT = 'ab'.repeat(32);

describe('licences on the running network', () => {
  let network: TestNetwork;
  let issuer: RestSession;
  let officer: RestSession;
  let anyone: RestSession;
  let serial = 2026000000;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    issuer = await network.restAs('issuer@guangdong');
    officer = await network.restAs('officer@beijing');
    anyone = network.restAsAnyone();
    const defined = await issuer.post('/v1/license-types', typeRequest());
    expect([defined.status, defined.body.code]).toEqual([201, 'VALID']);
  });
  afterAll(() => network.close());

  const issueRequest = (holder: TestHolder, id: string): object => ({
    ...{ requestId: randomUUID(), licenseId: id, face: face(saltValues().digests), holder: { key: holder.key } },
  });
  const issue = async () => {
    serial += 1;
    const holder = makeHolder();
    const id = licenseId(String(serial));
    expect((await issuer.post('/v1/licenses', issueRequest(holder, id))).status).toBe(201);
    return { id, holder };
  };
  const grant = async ({ id, holder }: { id: string; holder: TestHolder }, more: object = {}): Promise<string> => {
    const { status, body } = await anyone.post(`/v1/licenses/${id}/grants`, signAs(holder, grantStatement(id, more)));
    expect([status, body.code]).toEqual([201, 'VALID']);
    return (body.stored as { id: string }).id;
  };
  const use = (id: string, grantId: string): Promise<RestReply> => {
    const request = { requestId: randomUUID(), grantId, matterCode: MATTER };
    return officer.post(`/v1/licenses/${id}/presentations`, request);
  };
  const statusOf = async (id: string, query = '') => (await anyone.get(`/v1/licenses/${id}/status${query}`)).body;

  test('issued in Guangdong, shown once in Beijing, suspended, and valid as of yesterday', async () => {
    const license = await issue();
    const { id, holder } = license;
    expect(await statusOf(id)).toMatchObject({ verdict: 'VALID', wording: { zh: '有效。' } });
    const grantId = await grant(license);
    const shown = await use(id, grantId);
    expect([shown.status, shown.body.stored]).toMatchObject([201, { sequence: 1, shown: id }]);
    const again = await use(id, grantId);
    expect([again.status, again.body.code]).toEqual([409, 'GRANT_EXHAUSTED']);
    const suspended = { operation: '03', documentDigest: DOCUMENT };
    expect((await issuer.post(`/v1/licenses/${id}/operations`, suspended)).status).toBe(201);
    expect(await statusOf(id)).toMatchObject({ verdict: 'SUSPENDED', statusName: { zh: '暂扣' } });
    const yesterday = new Date(Date.now() - 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
    expect(await statusOf(id, `?asOf=${yesterday}`)).toMatchObject({ verdict: 'VALID' });
    const trail = { kind: 'license.trail', licenseId: id, notAfter: new Date(Date.now() + 60_000).toISOString() };
    const signed = Buffer.from(JSON.stringify(signAs(holder, trail))).toString('base64url');
    const { body } = await anyone.get('/v1/citizens/me/trail', { headers: { authorization: `Holder ${signed}` } });
    expect((body.trail as { action: string }[]).map(({ action }) => action)).toEqual(['use', 'grant']);
  });

  const refused: readonly (readonly [string, () => Promise<RestReply>, number, string])[] = [
    [
      'a type that is not there',
      () => anyone.get(`/v1/license-types/${TYPE_CODE.slice(0, 18)}999`),
      404,
      'LICENSE_TYPE_NOT_FOUND',
    ],
    [
      'another check character',
      () => anyone.get(`/v1/licenses/${licenseId('2026000001').slice(0, -1)}-/status`),
      400,
      'ID_MALFORMED',
    ],
    [
      'a day to come',
      () => anyone.get(`/v1/licenses/${licenseId('2026000001')}/status?asOf=2099-01-01`),
      400,
      'REQUEST_MALFORMED',
    ],
    ['no signature', () => anyone.get('/v1/citizens/me/trail'), 401, 'UNAUTHENTICATED'],
    ['an officer who issues', () => officer.post('/v1/licenses', {}), 403, 'ROLE_NOT_ALLOWED'],
    [
      'the wrong authority',
      async () => {
        const session = await network.restAs('issuer@chongqing');
        return session.post('/v1/licenses', issueRequest(makeHolder(), licenseId('2026000777')));
      },
      403,
      'LICENSE_AUTHORITY',
    ],
  ];
  test.each(refused)('%s is refused with its code', async (_what, send, status, code) => {
    const reply = await send();
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });

  test(`${RACES} double issues: exactly one licence each`, async () => {
    const outcomes = await race(async (n) => {
      const id = licenseId(String(3026000000 + n));
      const requests = [issueRequest(makeHolder(), id), issueRequest(makeHolder(), id)];
      return Promise.all(requests.map((request) => issuer.post('/v1/licenses', request)));
    });
    expect(outcomes).toEqual(new Map([['201 409 LICENSE_EXISTS', RACES]]));
  });

  test(`${RACES} double uses of grants for one use: exactly one use each`, async () => {
    const licenses: Awaited<ReturnType<typeof issue>>[] = [];
    for (let n = 0; n < SIDE_BY_SIDE; n += 1) licenses.push(await issue());
    const outcomes = await race(async (n) => {
      const license = licenses[n % SIDE_BY_SIDE] ?? (await issue());
      const grantId = await grant(license);
      return Promise.all([use(license.id, grantId), use(license.id, grantId)]);
    });
    expect(outcomes).toEqual(new Map([['201 409 GRANT_EXHAUSTED', RACES]]));
  });

  test('the audit index follows all of it, and one code of a holder serves one of two at the same time', async () => {
    const license = await issue();
    const grantId = await grant(license, { mode: 'present', maxUses: 5 });
    const notAfter = new Date(Date.now() + 60_000).toISOString();
    const statement = { kind: 'license.present', licenseId: license.id, grantId, notAfter, nonce: randomUUID() };
    const presentation = signAs(license.holder, statement);
    const show = () => {
      const request = { requestId: randomUUID(), grantId, matterCode: MATTER, presentation };
      return officer.post(`/v1/licenses/${license.id}/presentations`, request);
    };
    expect(nameOf(await Promise.all([show(), show()]))).toBe('201 409 CODE_USED');
    const auditor = await network.restAs('auditor@beijing');
    expect((await auditor.get('/v1/audit/integrity')).body).toMatchObject({ verdict: 'SOUND', agreeing: 4 });
    const { body } = await auditor.get('/v1/audit/events?kind=license.used&limit=200');
    expect((body.events as { code: string }[]).filter(({ code }) => code === 'VALID').length).toBeGreaterThan(
      RACES / 2,
    );
  });
});

/** Runs all races, some side by side. @returns how often each outcome came. */
async function race(run: (n: number) => Promise<RestReply[]>): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < RACES; n = next++) {
      const name = nameOf(await run(n));
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return outcomes;
}

function nameOf(replies: readonly RestReply[]): string {
  const sorted = [...replies].sort((a, b) => a.status - b.status);
  return sorted.map(({ status, body }) => (status === 201 ? '201' : `${status} ${String(body.code)}`)).join(' ');
}
