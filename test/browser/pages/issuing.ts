import { type Page } from 'playwright-core';
import { addDays, dayAt } from '../../../domain/calendar.js';
import {
  formatLicenseId,
  parseIssuerCode,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../../../domain/license-id.js';
import { choose } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { makeHolder, MATTER, saltValues, signAs, UNITS } from '../../support/license-requests.js';
import { COMMIT_MS, refusal, saved, toChinese } from './desks.js';

const TYPE = `${UNITS.guangdong.unit}022`;
const ISSUER = { as: 'issuer@guangdong' } as const;
/** The one request that takes what stands on a licence off the clerk's machine: to the own organisation's private data. */
const KEEP = /^POST .*\/v1\/licenses\/[^/]+\/fields$/;

/** What issues. */
const ISSUES = /^POST .*\/v1\/licenses$/;
const TODAY = dayAt(Date.now());
const RENEWED = formatLicenseId({
  ...{ typeCode: parseLicenseTypeCode(TYPE), issuerCode: parseIssuerCode(UNITS.guangdong.unit) },
  ...{ serial: parseLicenseSerial('20260000777'), version: 1 },
});

/** 发证: the licence story of `scripts/demo` by mouse and keyboard, and what may go wrong at the desk. */
export function describeIssuing(stage: () => Stage): void {
  describe('发证', () => {
    test('the story: type, key, issue, shown once in Beijing, suspended, and valid as of yesterday', async () => {
      const desk = await stage().visit('/issuing/types', ISSUER);
      await defineType(desk);
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      await desk.getByText('颁发此类证照').click();

      const holder = await stage().visit('/licence/mine');
      await holder.click('text=生成新的密钥');
      const key = stage().bytes('key.png', await holder.locator('.public-key svg').screenshot());

      const name = stage().secret('岭南示例贸易有限公司', KEEP);
      const keeps = requestsOf(desk, KEEP);
      await fillFace(desk, { name, number: stage().secret('粤证字第八六四二号', KEEP) });
      await desk.setInputFiles('input[accept="image/*"]', key);
      await desk.waitForSelector('#key[value^="B"]');
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      await desk.getByRole('button', { name: '颁发', exact: true }).dblclick();
      const id = await delivered(desk);
      expect(keeps).toHaveLength(1);
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      const values = await saved(desk, () => desk.getByRole('button', { name: '保存照面文件' }).click());

      await takeValues(holder, values);
      await holder.getByText(name).first().waitFor();
      const { code, handed } = await grantAndShow(stage(), holder);
      const counter = await stage().visit('/licence/counter', { as: 'officer@beijing' });
      await counter.setInputFiles('input[accept="image/*"]', code);
      await counter.waitForSelector('[data-shown=fits]', { timeout: COMMIT_MS });
      expect(await counter.innerText('[data-field=MATCH]')).toContain(name);
      await counter.getByRole('button', { name: '下一位' }).click();
      await counter.fill('#code-text', handed.toString());
      await counter.keyboard.press('Enter');
      expect(await refusal(counter)).toEqual({ words: '授权次数已用完', code: 'GRANT_EXHAUSTED' });
      await holder.click('.ant-modal-close');
      await holder.waitForSelector('[data-action=use]');
      expect(await exportOfKey(holder)).toBe('InvalidAccessError');

      const stale = await openLicence(stage(), id);
      await desk.getByText('打开这张证照').click();
      await operate(desk, '暂扣', '粤市监罚〔2026〕1号');
      await desk.waitForSelector('[data-operation="03"]', { timeout: COMMIT_MS });
      await desk.getByText('请随案保存盐值').waitFor();
      await standsAs(stage(), id, 'SUSPENDED');
      expect(await desk.getByRole('button', { name: '发还' }).count()).toBe(1);
      expect(await desk.getByRole('button', { name: '暂扣' }).count()).toBe(0);
      await operate(stale, '暂扣', '粤市监罚〔2026〕2号');
      expect(await refusal(stale.getByRole('dialog'))).toEqual({
        words: '证照的现状态不允许此操作',
        code: 'LICENSE_STATE',
      });
    });

    test('lost answers, a reload and a double click make one licence, whose values are kept in the end', async () => {
      const desk = await stage().visit(`/issuing?type=${TYPE}`, ISSUER);
      const issues = requestsOf(desk, ISSUES);
      await loseAnswers(desk, /\/v1\/licenses$/);
      await fillFace(desk, { name: stage().secret('珠江口示例有限公司', KEEP), number: '粤1' });
      await desk.fill('#key', makeHolder().key);
      await desk.getByRole('button', { name: '颁发', exact: true }).dblclick();
      await desk.getByText('证照可能已经登记').waitFor();
      expect((await refusal(desk)).code).toBe('GATEWAY_DOWN');
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      await desk.unrouteAll();
      await desk.route(/\/fields$/, (route) => route.abort());
      await desk.reload();
      await desk.getByRole('button', { name: '再试一次' }).first().dblclick();
      await desk.getByText('照面内容还没有存入本机构').waitFor({ timeout: COMMIT_MS });
      const id = await desk.innerText('[data-delivery=written] .mono >> nth=0');
      await desk.unrouteAll();
      await desk.reload();
      await desk.getByRole('button', { name: '再试一次' }).first().click();
      expect(await delivered(desk)).toBe(id);
      expect(new Set(issues).size).toBe(1);
      const guangdong = await stage().network.restAs('issuer@guangdong');
      const { body: history } = await guangdong.get(`/v1/licenses/${id}/history`);
      expect(history.acts).toHaveLength(1);
      const { body: kept } = await guangdong.get(`/v1/licenses/${id}/fields`);
      expect(kept.values).toMatchObject({ holderName: { value: '珠江口示例有限公司' } });
      expect(await desk.evaluate('Object.keys(sessionStorage).join()')).not.toContain('issuing');

      await desk.getByRole('button', { name: '办理下一件' }).click();
      await fillFace(desk, { name: '另一家有限公司', number: '粤2' });
      await desk.fill('#serial', id.split('.').at(-3) ?? '');
      await desk.fill('#key', makeHolder().key);
      await desk.getByRole('button', { name: '颁发', exact: true }).click();
      expect(await refusal(desk)).toEqual({ words: '该流水号已颁发证照', code: 'LICENSE_EXISTS' });
      expect(await desk.inputValue('#fields_holderName')).toBe('另一家有限公司');
    });

    test('is for the authority: another post, and another authority, are refused in words', async () => {
      const clerk = await stage().visit('/issuing', { as: 'clerk@chongqing' });
      expect(await clerk.innerText('main')).toMatch(/书记员.*不能使用此页面.*发证人员/s);
      const other = await stage().visit(`/issuing?type=${TYPE}`, { as: 'issuer@chongqing' });
      await other.getByText('不在该类型的颁发机关之列').waitFor();
      await fillFace(other, { name: '渝', number: '渝1' });
      await other.fill('#key', makeHolder().key);
      await other.getByRole('button', { name: '颁发', exact: true }).click();
      expect(await refusal(other)).toEqual({
        words: '只有颁发机关或其上级可以办理',
        code: 'LICENSE_AUTHORITY',
      });
    });

    test('renews, changes, enrols a lost key anew and deletes content, as the present standing permits', async () => {
      const guangdong = await stage().network.restAs('issuer@guangdong');
      const holder = makeHolder();
      const { salted, digests } = saltValues({ holderName: '张三', certificateNumber: '粤3' });
      const id = RENEWED;
      const days = { validFrom: addDays(TODAY, -60), validTo: addDays(TODAY, 40) };
      const wanted = { licenseId: id, face: { ...days, fields: digests }, holder: { key: holder.key } };
      expect((await guangdong.post('/v1/licenses', wanted)).status).toBe(201);
      expect((await guangdong.post(`/v1/licenses/${id}/fields`, { values: salted })).status).toBe(201);
      const asked = signAs(holder, { kind: 'license.renew', licenseId: id });
      expect((await guangdong.post(`/v1/licenses/${id}/renewal`, asked)).status).toBe(201);

      const desk = await stage().visit('/issuing/licence', ISSUER);
      await desk.fill('#id', 'nonsense');
      await desk.keyboard.press('Enter');
      await desk.getByText('证照标识不对').waitFor();
      await desk.click('.tools button:has-text("English")');
      await desk.getByText('This is no licence identifier').waitFor();
      await toChinese(desk);
      await desk.getByRole('region', { name: '待决定的延续申请' }).getByText(id).click();
      await desk.getByText('持证人已申请延续').waitFor();
      await desk.getByText('张三').waitFor();
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      await desk.getByRole('button', { name: '延续', exact: true }).click();
      await desk.fill('#validTo', addDays(TODAY, 400));
      await desk.fill('#fields_holderName', '张三丰');
      expect(await stage().accessibility(desk)).toEqual([]);
      await toChinese(desk);
      await desk.getByRole('dialog').locator('.ant-btn-primary').dblclick();
      const next = await delivered(desk);
      const { body } = await guangdong.get(`/v1/licenses/${next}/fields`);
      // What stays the same keeps its salt, so that the holder's proof of it stays good; what changed has a new one.
      expect(body.values).toMatchObject({
        certificateNumber: salted.certificateNumber,
        holderName: { value: '张三丰' },
      });
      expect(body.values).not.toMatchObject({ holderName: { salt: salted.holderName?.salt } });
      await desk.getByText('打开这张证照').click();
      await desk.waitForSelector('[data-operation="02"]');

      await desk.getByRole('button', { name: '登记持证人密钥' }).click();
      await desk.getByRole('dialog').locator('#key').fill(makeHolder().key);
      await desk.getByRole('dialog').locator('.ant-btn-primary').click();
      await desk.getByRole('dialog').waitFor({ state: 'hidden', timeout: COMMIT_MS });
      const late = signAs(holder, { kind: 'license.renew', licenseId: next });
      expect((await guangdong.post(`/v1/licenses/${next}/renewal`, late)).body.code).toBe('HOLDER_SIGNATURE');

      await desk.getByRole('button', { name: '删除照面内容' }).click();
      await desk.getByText('不能恢复').waitFor();
      await desk.getByRole('dialog').locator('.ant-btn-dangerous').click();
      await desk.getByText('已按请求删除').waitFor({ timeout: COMMIT_MS });
      await operate(desk, '注销', '粤市监注〔2026〕3号');
      await desk.waitForSelector('[data-operation="05"]', { timeout: COMMIT_MS });
      await desk.getByText('按现状态没有可办理的操作').waitFor();
    });
  });
}

/** Lets requests reach the gateway and loses what it answers. */
async function loseAnswers(page: Page, path: RegExp): Promise<void> {
  await page.route(path, async (route) => {
    await route.fetch();
    await route.abort();
  });
}

async function defineType(page: Page): Promise<void> {
  await page.fill('#number', TYPE.slice(-3));
  await choose(page, '证照种类', '营业执照');
  await page.getByRole('button', { name: '登记类型' }).dblclick();
  await page.waitForSelector(`[data-type="${TYPE}"]`, { timeout: COMMIT_MS });
}

async function fillFace(page: Page, { name, number }: { name: string; number: string }): Promise<void> {
  await page.fill('#validFrom', addDays(dayAt(Date.now()), -365));
  await page.fill('#fields_certificateNumber', number);
  await page.fill('#fields_holderName', name);
}

/** Waits until a licence is issued and its values are kept. @returns its identifier */
async function delivered(page: Page): Promise<string> {
  await page.waitForSelector('[data-delivery=kept]', { timeout: 2 * COMMIT_MS });
  return page.innerText('[data-delivery] .mono >> nth=0');
}

/** The idempotency key of each request of one kind, as they are sent. */
function requestsOf(page: Page, kind: RegExp): string[] {
  const found: string[] = [];
  page.on('request', (request) => {
    if (kind.test(`${request.method()} ${request.url()}`)) found.push(request.headers()['idempotency-key'] ?? '');
  });
  return found;
}

async function takeValues(holder: Page, values: Buffer): Promise<void> {
  const file = { name: 'licence-values.json', mimeType: 'application/json', buffer: values };
  await holder.setInputFiles('section[aria-label="收取照面文件"] input[accept*=json]', file);
  await holder.getByText('照面内容已收取').waitFor();
}

/** The holder grants Beijing one use of one field and shows a code for it, and then a second one, saved as a file. */
async function grantAndShow(stage: Stage, page: Page): Promise<{ readonly code: string; readonly handed: Buffer }> {
  await choose(page, '对方机构', 'BeijingMSP');
  await page.fill('#unit', UNITS.beijing.unit);
  await page.fill('#matterCode', MATTER);
  await choose(page, '用证目的', '办理政务服务');
  await page.fill('#purposeText', stage.secret('在北京办理跨省迁移登记'));
  await page.getByLabel('持证主体').check();
  await page.dblclick('button:has-text("签名并授权")');
  await page.waitForSelector('[data-grant]', { timeout: COMMIT_MS });
  await page.waitForSelector('[data-action=grant]');
  expect(await page.locator('[data-action=grant]').count()).toBe(1);
  await page.click('button:has-text("出示亮证码")');
  await page.waitForSelector('.code svg');
  expect(await page.innerText('.countdown')).toMatch(/还剩 1\d\d 秒/);
  const code = stage.bytes('code.png', await page.locator('.code svg').screenshot());
  await page.click('button:has-text("换一个新码")');
  const handed = await saved(page, () => page.click('button:has-text("保存为文件")'));
  return { code, handed };
}

async function openLicence(stage: Stage, id: string): Promise<Page> {
  const page = await stage.visit('/issuing/licence', ISSUER);
  await page.fill('#id', id);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-operation="01"]');
  return page;
}

async function operate(page: Page, name: string, document: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByLabel('文书号').last().fill(document);
  await page.getByRole('dialog').locator('.ant-btn-primary').click();
}

/** Asked by anybody, at another organisation, now; and as of yesterday, when it was good. */
async function standsAs(stage: Stage, id: string, now: string): Promise<void> {
  const page = await stage.visit(`/licence?id=${id}`, {}, 'beijing');
  await page.waitForSelector(`.licence-verdict[data-verdict=${now}]`);
  await page.fill('input[type=date]', addDays(dayAt(Date.now()), -1));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.licence-verdict[data-verdict=VALID]');
}

/** What the browser says to whoever wants the private half of a key that it keeps. */
function exportOfKey(page: Page): Promise<string> {
  return page.evaluate<string>(`new Promise((done) => {
    const open = indexedDB.open('yinzheng-holder');
    open.onsuccess = () => {
      const all = open.result.transaction('licences').objectStore('licences').getAll();
      all.onsuccess = () => crypto.subtle.exportKey('jwk', all.result[0].privateKey)
        .then(() => done('exported'), (error) => done(error.name));
    };
  })`);
}
