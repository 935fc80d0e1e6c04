import { randomUUID } from 'node:crypto';
import { type Page } from 'playwright-core';
import QRCode from 'qrcode';
import { DAY_MS } from '../../../domain/calendar.js';
import { type Alter, isShown, seedAnswers } from '../../support/browser/hostile/answers.js';
import { BROKEN, ENTRY, seed } from '../../support/browser/hostile/markup.js';
import { type Fitting, prepareToProvoke, Provoker } from '../../support/browser/hostile/provoke.js';
import { entriesOfSources, screensOfSources } from '../../support/browser/hostile/screens.js';
import { type Stage } from '../../support/browser/stage.js';
import { HOLDER } from '../../support/attestation-bench.js';
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
  UNITS,
  VALUES,
} from '../../support/license-requests.js';
import { AttestationDesk } from '../../support/network/attestation-desk.js';
import { digestsOf, registration } from '../../support/network/evidence-requests.js';

const PHONE = 390;
const FILE = 'the text of every hostile file';
const CLERK2 = { mspId: 'ChongqingMSP', unit: '11500000MB1Y000382' };
const KEY_FILE = HOLDER.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ENCODED = encodeURIComponent(ENTRY);
/** What stands in the address of every screen, whether it reads it or not. */
const ASKED = `?${['id', 'asOf', 'org', 'item', 'code', 'state'].map((name) => `${name}=${ENCODED}`).join('&')}#${ENCODED}`;
const plain: Alter = (_, answer) => answer;

/** One screen as it is provoked. */
interface Screen extends Partial<Fitting> {
  readonly screen: string;
  /** Its address, where that has an id; the route's own without it. */
  readonly path?: string;
  readonly alter?: Alter;
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Every text entry and every answer of every page, full of markup, broken characters and lengths. */
export function describeHostile(stage: () => Stage): void {
  describe('hostile', () => {
    const visited = new Set<string>();
    const filled = new Set<string>();
    const seeded = new Set<string>();
    let picture: string;
    let world: World;

    beforeAll(async () => {
      picture = (await QRCode.toBuffer(ENTRY)).toString('base64');
      world = await build(stage());
    });

    const people: [string | undefined, () => readonly Screen[]][] = [
      [undefined, () => anyone(world)],
      ['officer@beijing', () => asking(world)],
      ['officer@zhejiang', () => answering(world)],
      [
        'admin@zhejiang',
        () => [{ screen: '/cross-region/catalogue', entries: { answerDays: '5', escalateDays: '2' } }],
      ],
      ['issuer@guangdong', () => issuing(world)],
      ['clerk@chongqing', () => recording(world)],
      ['auditor@beijing', () => auditing(world)],
    ];

    test.each(people)('texts stay texts for %s, in every entry and every answer', async (as, screens) => {
      const alter = { now: plain };
      const page = await open(stage(), as, alter, seeded);
      const provoker = new Provoker(page);
      const pressed = new Map(screens().map(({ path }) => [path, new Set<string>()]));
      const faults: string[] = [];
      for (const { screen, path, ...more } of screens()) {
        alter.now = more.alter ?? plain;
        await page.goto(stage().url(path ?? screen + ASKED, as?.split('@')[1]));
        await page.waitForSelector('main h1');
        await more.prepare?.(page);
        const seen = await provoker.act(
          { file: FILE, picture, ...more },
          path === undefined ? undefined : pressed.get(path),
        );
        faults.push(...seen.faults.map((fault) => `${screen}: ${fault}`));
        visited.add(screen);
        for (const name of seen.filled) filled.add(name);
      }
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      expect(faults).toEqual([]);
    });

    test('what a browser kept is no longer what pages keep, or never was', async () => {
      const page = await stage().visit('/verify', { as: 'clerk@chongqing', width: PHONE });
      const kept = await page.evaluate<string>("sessionStorage.getItem('yinzheng.session')");
      const session = JSON.parse(kept) as { readonly who: object };
      for (const strange of [{ who: ENTRY }, { who: null }, { token: {} }, { who: { ...session.who, role: ENTRY } }]) {
        const text = JSON.stringify(JSON.stringify({ ...session, ...strange }));
        await page.evaluate(`sessionStorage.setItem('yinzheng.session', ${text});
          localStorage.setItem('yinzheng.theme', ${JSON.stringify(ENTRY)})`);
        await page.goto(stage().url('/clerk'));
        await page.getByText('请先登录').waitFor();
      }
    });

    test('no screen, no entry and no answer is left out', () => {
      expect([...visited].sort()).toEqual(screensOfSources());
      expect(entriesOfSources().filter((name) => !filled.has(name))).toEqual([]);
      // Whatever any page asked in any test before this one.
      expect([...stage().asked].filter((operation) => isShown(operation) && !seeded.has(operation))).toEqual([]);
    });
  });
}

/** A page of somebody, or of nobody, to whom every answer comes seeded. */
async function open(stage: Stage, as: string | undefined, alter: { now: Alter }, seeded: Set<string>): Promise<Page> {
  const page = await stage.visit('/licence', { width: PHONE, ...(as === undefined ? {} : { as }) });
  await prepareToProvoke(page);
  await seedAnswers(page, alter, seeded);
  await seedSession(page);
  return page;
}

/** What there is to be seen: each of it real, and in the state that its screen needs. */
interface World {
  readonly record: string;
  readonly txId: string;
  readonly offered: string;
  readonly attestation: string;
  readonly licence: string;
  readonly holderFile: string;
  readonly code: string;
}

async function build({ network }: Stage): Promise<World> {
  const clerk = await network.restAs('clerk@chongqing');
  const register = async (text: string) => {
    const { body } = await clerk.post('/v1/evidence', registration({ digests: digestsOf(text) }));
    return body.record as { readonly id: string; readonly txId: string };
  };
  const { id: record, txId } = await register(FILE);
  const { id: offered } = await register(randomUUID());
  const stranger = await network.restAs('clerk2@chongqing');
  const about = await Promise.all([
    stranger.post(`/v1/evidence/${record}/objections`, { ground: 'contrary-evidence' }),
    clerk.post(`/v1/evidence/${record}/accesses`, { purpose: 'examination', changed: false }),
    clerk.post(`/v1/evidence/${offered}/custody`, { to: CLERK2, purpose: 'transfer-of-case' }),
  ]);
  const refused = about.filter(({ status }) => status !== 201);
  if (refused.length > 0) throw new Error(refused.map(({ text }) => text).join());
  const desk = await AttestationDesk.open(network);
  const { id: attestation } = await desk.accepted();
  return { record, txId, offered, attestation, ...(await licenceOf(network)) };
}

async function licenceOf(network: Stage['network']): Promise<Pick<World, 'licence' | 'holderFile' | 'code'>> {
  const issuer = await network.restAs('issuer@guangdong');
  await issuer.post('/v1/license-types', typeRequest());
  const holder: TestHolder = makeHolder();
  const { salted, digests } = saltValues({ ...VALUES, holderName: ENTRY });
  const licence = licenseId('2026777001');
  const wanted = { requestId: randomUUID(), licenseId: licence, face: face(digests), holder: { key: holder.key } };
  const issued = await issuer.post('/v1/licenses', wanted);
  const statement = grantStatement(licence, { maxUses: 3 });
  const granted = await issuer.post(`/v1/licenses/${licence}/grants`, signAs(holder, statement));
  if (issued.status !== 201 || granted.status !== 201) throw new Error(JSON.stringify([issued.body, granted.body]));
  const { id: grantId } = granted.body.stored as { readonly id: string };
  const privateKey = holder.privateKey.export({ format: 'jwk' });
  return {
    licence,
    holderFile: JSON.stringify({ schema: 'yinzheng-holder/1', privateKey, licenseId: licence, values: salted }),
    code: JSON.stringify({ licenseId: licence, grantId, matterCode: MATTER, values: salted }),
  };
}

function anyone({ licence, holderFile, txId }: World): readonly Screen[] {
  const take = async (page: Page): Promise<void> => {
    const buffer = Buffer.from(holderFile);
    await page.setInputFiles('input[accept*=json]', { name: 'holder.json', mimeType: 'application/json', buffer });
    await page.waitForSelector('[data-action=grant]');
  };
  const grant = { unit: UNITS.beijing.unit, matterCode: MATTER, uses: '1', hours: '1' };
  return [
    { screen: '/' },
    { screen: '/verify', prepare: askTransaction(txId) },
    { screen: '/licence' },
    { screen: '/licence', path: `/licence?id=${licence}` },
    { screen: '/licence/mine', path: '/licence/mine?strange', prepare: take, entries: grant, alter: strangeGrant },
    { screen: '/licence/mine', entries: grant },
    { screen: '/sign-in' },
    { screen: '/audit', prepare: signIn },
  ];
}

function asking({ attestation, code }: World): readonly Screen[] {
  const path = `/cross-region/one/${attestation}`;
  const screen = '/cross-region/one/:id';
  const request = { legalBasis: 'SC716-10', number: '91330200MA2EXAMPLE', holderKey: HOLDER.publicPoint };
  return [
    { screen: '/licence/counter', entries: { 'code-text': code } },
    { screen: '/cross-region' },
    { screen: '/cross-region/asked' },
    { screen: '/cross-region/new', entries: request },
    { screen, path: `/cross-region/one/${ENCODED}` },
    { screen, path, alter: inState('ATTESTED') },
    { screen, path, alter: inState('ACCEPTED') },
    { screen, path, alter: inState('USED') },
  ];
}

function answering({ attestation }: World): readonly Screen[] {
  const inAMonth = new Date(Date.now() + 30 * DAY_MS).toISOString().slice(0, 16);
  const answer = { asOf: '2026-01-01T08:00', validUntil: inAMonth, sourceSystem: 'ZJ-LICENCE' };
  const screen = '/cross-region/one/:id';
  const path = `/cross-region/one/${attestation}`;
  return [
    { screen, path, alter: inState('REQUESTED'), entries: answer },
    { screen, path, alter: inState('ATTESTED', { preview: undefined }), file: KEY_FILE },
  ];
}

function issuing({ licence }: World): readonly Screen[] {
  const screen = '/issuing/licence/:id';
  return [
    { screen: '/issuing' },
    { screen: '/issuing', path: `/issuing?type=${TYPE_CODE}` },
    { screen: '/issuing/licence' },
    { screen, path: `/issuing/licence/${ENCODED}` },
    { screen, path: `/issuing/licence/${licence}` },
    { screen: '/issuing/types' },
  ];
}

function recording({ record, offered }: World): readonly Screen[] {
  const screen = '/clerk/record/:id';
  return [
    { screen: '/clerk', prepare: keepRows, file: randomUUID() },
    { screen: '/clerk/record' },
    { screen, path: `/clerk/record/${ENCODED}` },
    { screen, path: `/clerk/record/${record}`, entries: { unit: CLERK2.unit } },
    { screen, path: `/clerk/record/${offered}` },
  ];
}

function auditing({ record }: World): readonly Screen[] {
  const screen = '/audit/record/:id';
  return [
    { screen: '/audit' },
    ...['record', 'figures', 'live', 'network', 'integrity'].map((part) => ({ screen: `/audit/${part}` })),
    { screen, path: `/audit/record/${ENCODED}` },
    { screen, path: `/audit/record/${record}` },
  ];
}

function askTransaction(txId: string): NonNullable<Screen['prepare']> {
  return async (page) => {
    await page.fill('#question', txId);
    await page.click('fieldset label:has-text("交易编号")');
    await page.click('form button');
    await page.waitForSelector('[data-transaction]');
  };
}

/** By the dialog, as whoever stands first in it. */
async function signIn(page: Page): Promise<void> {
  await page.click('main .ant-btn-primary');
  await page.click('.posts button >> nth=0');
  await page.waitForSelector('.tools .user');
}

/** What was granted has a number that is none. */
const strangeGrant: Alter = (path, answer) =>
  path.endsWith('/grants') ? { ...answer, stored: { id: ENTRY } } : answer;

/** The gateway's own answer about an attestation, in another state and with an objection that waits. */
function inState(state: string, more: object = {}): Alter {
  return (path, answer) => {
    if (!/^\/v1\/attestations\/AT[0-9a-f]+$/.test(path)) return answer;
    const record = answer['record'] as Readonly<Record<string, unknown>>;
    const objection = {
      id: 'AO',
      attestationId: record['id'],
      ground: 'wrong-answer',
      by: record['requester'],
      txTime: '',
    };
    return { ...answer, record: { ...record, basis: 'consent', state, ...more }, objections: [objection] };
  };
}

/** What an older page, or nobody, kept for the desk of whoever is signed in. */
async function keepRows(page: Page): Promise<void> {
  const row = { requestId: ENTRY, order: 1, name: BROKEN, bytes: 7, mediaType: ENTRY, claimedAt: ENTRY };
  const declared = { kind: 'document', statements: {}, case: { text: ENTRY, salt: ENTRY, digest: ENTRY } };
  const refused = { stage: 'refused', problem: { code: ENTRY, details: { wanted: ENTRY } } };
  const recorded = { requestId: 'other', stage: 'recorded', record: { id: ENTRY, txId: ENTRY, blockNumber: 1 } };
  await page.waitForSelector('.drop-zone');
  await page.evaluate(`new Promise((done) => {
    const open = indexedDB.open('yinzheng-desk');
    open.onsuccess = () => {
      const { user } = JSON.parse(sessionStorage.getItem('yinzheng.session')).who;
      const kept = open.result.transaction('files', 'readwrite');
      for (const row of ${JSON.stringify([refused, recorded].map((each) => ({ ...row, declared, ...each })))})
        kept.objectStore('files').put({ ...row, user });
      kept.oncomplete = done;
    };
  })`);
  await page.reload();
  await page.getByText('REPLY_MALFORMED').waitFor();
}

/** Who is signed in has a hostile name, as the gateway says it in every answer. */
async function seedSession(page: Page): Promise<void> {
  const kept = await page.evaluate<string | null>("sessionStorage.getItem('yinzheng.session')");
  if (kept === null) return;
  const session = JSON.stringify(JSON.stringify(seed(JSON.parse(kept))));
  await page.evaluate(`sessionStorage.setItem('yinzheng.session', ${session})`);
}
