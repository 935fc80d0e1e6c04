import { type Page } from 'playwright-core';
import QRCode from 'qrcode';
import { addDays, dayAt } from '../../../domain/calendar.js';
import {
  formatLicenseId,
  type LicenseId,
  parseIssuerCode,
  parseLicenseSerial,
  parseLicenseTypeCode,
} from '../../../domain/license-id.js';
import { choose, tabTo } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { askingByDuty, item, MATTER, SUBJECT } from '../../support/attestation-bench.js';
import { makeHolder, saltValues, signAs, typeRequest, UNITS } from '../../support/license-requests.js';
import { publicAnswer } from '../../support/network/attestation-desk.js';
import { type RestSession } from '../../support/network/rest-session.js';
import { COMMIT_MS, refusal, toChinese } from './desks.js';

const TYPE = `${UNITS.guangdong.unit}023`;
const ISSUER = { as: 'issuer@guangdong' } as const;
const TODAY = dayAt(Date.now());
const ENROL = '登记持证人密钥';
/** What is offered for a licence that is good and ends in more than a month. */
const OF_A_GOOD_ONE = ['变更', '延续', '暂扣', '办理转出', '注销', '吊销', '撤销', '其他状态', ENROL];
const VALUE_NAME = '岭南试办有限公司';

/** 证照办理: every operation of the desk, and what the holder's side has of it. */
export function describeIssuingActs(stage: () => Stage): void {
  describe('证照办理', () => {
    let guangdong: RestSession;
    let serial = 20268000;

    beforeAll(async () => {
      guangdong = await stage().network.restAs('issuer@guangdong');
      const authorities = [UNITS.guangdong, UNITS.chongqing];
      const type = typeRequest({ typeCode: TYPE, fields: { holderName: 'private' }, authorities });
      expect((await guangdong.post('/v1/license-types', type)).status).toBe(201);
    });

    /** @param validTo days from today */
    const issue = async (key: string, { validTo = 400, salted = saltValues({ holderName: VALUE_NAME }) } = {}) => {
      serial += 1;
      const id = idOf(String(serial));
      const face = { validFrom: addDays(TODAY, -60), validTo: addDays(TODAY, validTo), fields: salted.digests };
      expect((await guangdong.post('/v1/licenses', { licenseId: id, face, holder: { key } })).status).toBe(201);
      return id;
    };
    const open = async (id: string): Promise<Page> => {
      const page = await stage().visit(`/issuing/licence/${id}`, ISSUER);
      await page.waitForSelector('[data-operation="01"]');
      return page;
    };
    const isAccessible = async (page: Page): Promise<void> => {
      expect(await stage().accessibility(page)).toEqual([]);
      await toChinese(page);
    };

    test('walks a licence through what is reversible, and offers what each standing permits', async () => {
      const page = await open(await issue(makeHolder().key));
      await offers(page, OF_A_GOOD_ONE);
      await begin(page, '暂扣');
      await page.getByLabel('文书文件').check();
      await page.setInputFiles(
        '.ant-modal input[type=file]',
        stage().secretFile('处罚决定书.ofd', '暂扣决定书的全部正文内容'),
      );
      await page.fill('#effective', `${addDays(TODAY, 2)}T08:00:00`);
      await confirm(page);
      expect((await refusal(page.getByRole('dialog'))).code).toBe('LICENSE_DATES'); // Not in the future.
      await page.fill('#effective', '');
      await isAccessible(page);
      await confirm(page);
      await stands(page, 'SUSPENDED', '03');
      await offers(page, ['发还', '注销', '吊销', '撤销', ENROL]);
      await operate(page, '发还');
      await stands(page, 'VALID', '06');
      await offers(page, OF_A_GOOD_ONE);

      await begin(page, '变更');
      await page.getByText('请全部重新填写').waitFor();
      await page.fill('#fields_holderName', '岭南试办（更名）有限公司');
      await page.setInputFiles('.ant-modal input[type=file]', stage().secretFile('证照.ofd', '证照的版式文件全部正文'));
      await confirm(page);
      await page.waitForSelector('[data-delivery=kept]', { timeout: 2 * COMMIT_MS });
      await page.waitForSelector('.licence-verdict[data-verdict=SUPERSEDED]', { timeout: COMMIT_MS });
      await offers(page, []);
      await page.getByText('此版本已变更').getByRole('link').click();
      await stands(page, 'VALID', '09');

      await begin(page, '办理转出');
      await choose(page, '转入机关的机构', 'ChongqingMSP');
      await page.fill('.ant-modal #unit', UNITS.chongqing.unit);
      await confirm(page, '粤市监转〔2026〕1号');
      await stands(page, 'TRANSFERRING', '05');
      await offers(page, ['取消转出', ENROL]);
      await operate(page, '取消转出');
      await stands(page, 'VALID', '10');
      await operate(page, '其他状态');
      await stands(page, 'OTHER', '07');
      await page.getByText('按现状态没有可办理的操作').waitFor();
    });

    test('ends licences, one by keyboard alone, and says in words what is too late', async () => {
      const [revoked, annulled, expired] = await Promise.all([
        issue(makeHolder().key).then(open),
        issue(makeHolder().key).then(open),
        issue(makeHolder().key, { validTo: -1 }).then(open),
      ]);
      await offers(expired, ['登记过期失效', '注销', ENROL]);
      await begin(expired, '登记过期失效');
      await confirm(expired);
      await stands(expired, 'EXPIRED', '04');
      await offers(expired, ['注销', ENROL]);

      const stale = await open(revoked.url().split('/').at(-1) ?? '');
      await begin(revoked, '吊销');
      await confirm(revoked, '粤市监罚〔2026〕9号');
      await stands(revoked, 'REVOKED', '05');
      await revoked.getByText('吊销。').waitFor();
      await offers(revoked, ['注销', ENROL]);
      await operate(stale, '撤销');
      expect(await refusal(stale.getByRole('dialog'))).toEqual({
        words: '证照的现状态不允许此操作',
        code: 'LICENSE_STATE',
      });

      await tabTo(annulled, /^撤销$/);
      await annulled.keyboard.press('Enter');
      await annulled.getByRole('dialog').waitFor();
      await tabTo(annulled, /文书号/);
      await tabTo(annulled, /文书号/);
      await annulled.keyboard.type('粤市监撤〔2026〕1号');
      await tabTo(annulled, /^撤销$/);
      await annulled.keyboard.press('Enter');
      await stands(annulled, 'ANNULLED', '05');
      const yesterday = addDays(TODAY, -1);
      const id = annulled.url().split('/').at(-1) ?? '';
      const { body } = await guangdong.get(`/v1/licenses/${id}/status?asOf=${yesterday}`);
      expect(body.verdict).toBe('ANNULLED');
    });

    test('keeps values from a file, shows them as a code, enrols keys by camera, and refuses a renewal', async () => {
      const holder = await stage().visit('/licence/mine');
      await holder.click('text=生成新的密钥');
      const key = await holder.innerText('[data-licence] .mono');
      const salted = saltValues({ holderName: VALUE_NAME });
      const id = await issue(key, { validTo: 40, salted });
      const desk = await open(id);
      const file = (licenseId: string): string =>
        JSON.stringify({ schema: 'yinzheng-licence-values/1', licenseId, holderKey: key, values: salted.salted });
      const restore = 'input[aria-label="从照面文件补存"]';
      await desk.setInputFiles(restore, stage().bytes('other.json', Buffer.from(file(idOf('20268999')))));
      await desk.getByText('这不是这张证照的照面文件').waitFor();
      await desk.setInputFiles(restore, stage().bytes('values.json', Buffer.from(file(id))));
      await desk.getByText(VALUE_NAME).waitFor({ timeout: COMMIT_MS });
      await desk.getByRole('button', { name: '显示照面二维码' }).click();
      await isAccessible(desk);
      const code = desk.locator('.handed-code svg');
      const picture = stage().bytes('values.png', await code.screenshot());
      await desk.keyboard.press('Escape');
      // What the desk shows again does not say whose key it is: the holder's own licence number does.
      await holder.fill('[data-licence] input:not([type=file])', id);
      await holder.click('button:has-text("保存"):not(:has-text("公钥"))');
      await holder.setInputFiles('section[aria-label="收取照面文件"] input[accept="image/*"]', picture);
      await holder.getByText('照面内容已收取').waitFor();
      await holder.getByText(VALUE_NAME).first().waitFor();

      await holder.dblclick('button:has-text("申请延续")');
      await holder.getByText('延续申请已登记').waitFor({ timeout: COMMIT_MS });
      await desk.reload();
      await desk.getByText('持证人已申请延续').waitFor();
      await begin(desk, '不予延续');
      await confirm(desk, '粤市监延〔2026〕1号');
      await desk.getByText('请随案保存盐值').waitFor({ timeout: COMMIT_MS });
      await desk.getByText('持证人已申请延续').waitFor({ state: 'hidden', timeout: COMMIT_MS });

      const [next, guardian] = [makeHolder(), makeHolder()];
      stage().holdUp(await QRCode.toBuffer(next.key, { scale: 6 }));
      await begin(desk, ENROL);
      await desk.fill('.ant-modal #guardianKey', 'no key');
      await desk.getByText('公钥是 87 个字符的 P-256 公钥点').first().waitFor();
      await desk.getByRole('dialog').getByRole('button', { name: '扫描公钥' }).click();
      await desk.waitForSelector(`.ant-modal #key[value="${next.key}"]`, { timeout: COMMIT_MS });
      await desk.fill('.ant-modal #guardianKey', guardian.key);
      await isAccessible(desk);
      await confirm(desk);
      await desk.locator('.ant-modal').waitFor({ state: 'hidden', timeout: COMMIT_MS });
      const ask = async (by: typeof next) =>
        (await guangdong.post(`/v1/licenses/${id}/renewal`, signAs(by, { kind: 'license.renew', licenseId: id }))).body
          .code;
      expect(await ask(next)).toBe('GUARDIAN_REQUIRED');
      expect(await ask(guardian)).toBe('VALID');
      await holder.click('button:has-text("刷新")');
      expect((await refusal(holder)).code).toBe('HOLDER_SIGNATURE');
      await begin(desk, '删除照面内容');
      await isAccessible(desk);
    });

    test('lets a licence go, which another region takes over on its attestation, and the holder sees who asked', async () => {
      const holder = await stage().visit('/licence/mine');
      await holder.click('text=生成新的密钥');
      const id = await issue(await holder.innerText('[data-licence] .mono'));
      await holder.fill('[data-licence] input:not([type=file])', id);
      await holder.click('button:has-text("保存"):not(:has-text("公钥"))');
      await holder.getByText('还没有授权，也没有人查看过。').waitFor();
      const desk = await open(id);
      await begin(desk, '办理转出');
      await choose(desk, '转入机关的机构', 'ChongqingMSP');
      await desk.fill('.ant-modal #unit', '1234');
      await desk.getByText('须为 18 位统一社会信用代码').waitFor();
      await desk.fill('.ant-modal #unit', UNITS.chongqing.unit);
      await confirm(desk, '粤市监转〔2026〕2号');
      await stands(desk, 'TRANSFERRING', '05');
      const newSerial = '20269000001';
      const attestationId = await attest(stage(), id, idOf(newSerial, UNITS.chongqing.unit));

      await holder.click('button:has-text("刷新")');
      const line = holder.locator('[data-action="attestation.requested"]');
      await line.waitFor();
      expect(await line.innerText()).toMatch(/申请核验.*ChongqingMSP.*行政许可/s);
      expect(await holder.locator('.trail').innerText()).not.toContain('其他交易');

      const taker = await stage().visit(`/issuing?type=${TYPE}`, { as: 'issuer@chongqing' });
      await taker.getByLabel('转入', { exact: true }).check();
      await taker.fill('#fields_holderName', VALUE_NAME);
      await taker.fill('#key', makeHolder().key);
      await taker.getByRole('button', { name: '颁发', exact: true }).click();
      await taker.getByText('转入须填其中一项').waitFor();
      await taker.fill('#attestation', attestationId);
      await taker.getByRole('button', { name: '颁发', exact: true }).click();
      expect((await refusal(taker)).code).toBe('TRANSFER_ATTESTATION'); // It was used for another number.
      await taker.fill('#serial', newSerial);
      await taker.getByRole('button', { name: '颁发', exact: true }).dblclick();
      await taker.waitForSelector('[data-delivery=kept]', { timeout: 2 * COMMIT_MS });
      await taker.getByText('打开这张证照').click();
      await stands(taker, 'VALID', '08');
      await desk.reload();
      await desk.waitForSelector('.licence-verdict[data-verdict=TRANSFERRED]', { timeout: COMMIT_MS });
      await offers(desk, [ENROL]);
    });

    test('revises a type: one field more', async () => {
      const page = await stage().visit(`/issuing/types?type=${TYPE}`, ISSUER);
      await page.getByRole('button', { name: '修订此类型' }).click();
      const form = page.getByRole('region', { name: '修订证照类型' });
      await form.getByRole('button', { name: '增加字段' }).click();
      await page.fill('#fields_1_name', 'companyCode');
      await choose(page, '可见性', '单位代码', form.locator('.type-row').nth(1));
      await form.getByRole('button', { name: '登记类型' }).dblclick();
      await page.getByRole('region', { name: '定义证照类型' }).waitFor({ timeout: COMMIT_MS });
      const { body } = await guangdong.get(`/v1/license-types/${TYPE}`);
      expect(body.type).toMatchObject({ fields: { holderName: 'private', companyCode: 'unit-code' } });
    });
  });
}

function idOf(serial: string, issuer: string = UNITS.guangdong.unit): LicenseId {
  return formatLicenseId({
    ...{ typeCode: parseLicenseTypeCode(TYPE), issuerCode: parseIssuerCode(issuer) },
    ...{ serial: parseLicenseSerial(serial), version: 1 },
  });
}

/** The buttons that the desk offers, in their order. */
async function offers(page: Page, names: readonly string[]): Promise<void> {
  const offered = page.getByRole('region', { name: '可办理' });
  await offered.waitFor();
  await expect(offered.getByRole('button').allInnerTexts()).resolves.toEqual(names);
}

async function begin(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
}

/** @param document the number of the decision that an act rests on, where it does */
async function confirm(page: Page, document?: string): Promise<void> {
  if (document !== undefined) await page.getByRole('dialog').getByRole('textbox', { name: '文书号' }).fill(document);
  await page.getByRole('dialog').locator('.ant-btn-primary').dblclick();
}

async function operate(page: Page, name: string): Promise<void> {
  await begin(page, name);
  await confirm(page, `${name}〔2026〕1号`);
}

/** What anybody is told, which the desk shows, and the act in the history. */
async function stands(page: Page, verdict: string, operation: string): Promise<void> {
  await page.waitForSelector(`.licence-verdict[data-verdict=${verdict}]`, { timeout: 2 * COMMIT_MS });
  await page.waitForSelector(`[data-operation="${operation}"]`, { timeout: COMMIT_MS });
  await page.locator('.ant-modal').waitFor({ state: 'hidden' });
}

/** Chongqing's window asks whether a licence is let go, Guangdong says so, and it is used for the new one. @returns its number */
async function attest(stage: Stage, licence: LicenseId, newLicence: LicenseId): Promise<string> {
  const { network } = stage;
  const admin = await network.restAs('admin@guangdong');
  const more = { itemId: 'GD-LET-GO', unit: '12440000MB3Y00023L', licence: true, transferOut: true };
  expect((await admin.post('/v1/catalogue', item(955, more))).status).toBe(201);
  const [asker, answerer] = [await network.restAs('officer@chongqing'), await network.restAs('officer@guangdong')];
  const { payloadDigest: _, requestId: __, ...asking } = askingByDuty(1) as Record<string, unknown>;
  const wanted = { ...asking, item: { mspId: 'GuangdongMSP', itemId: 'GD-LET-GO' }, licence, payload: SUBJECT };
  const step = async (window: RestSession, path: string, body: object) => {
    const reply = await window.post(path, body);
    expect([reply.status, reply.body.code]).toEqual([201, 'VALID']);
    return reply.body.attestation as { readonly id: string; readonly answer?: { readonly digest: string } };
  };
  const { id } = await step(asker, '/v1/attestations', wanted);
  const at = `/v1/attestations/${id}`;
  const { answer } = await step(answerer, `${at}/answer`, {
    ...publicAnswer(),
    answer: 'CONSISTENT',
    asOf: new Date().toISOString(),
  });
  await step(asker, `${at}/accept`, { digest: answer?.digest });
  await step(asker, `${at}/use`, { matter: MATTER, decisionReference: 'ab'.repeat(32), newLicence });
  return id;
}
