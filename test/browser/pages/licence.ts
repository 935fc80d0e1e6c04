import { randomUUID } from 'node:crypto';
import { type Page } from 'playwright-core';
import QRCode from 'qrcode';
import { addDays, dayAt } from '../../../domain/calendar.js';
import { type Stage } from '../../support/browser/stage.js';
import {
  face,
  grantStatement,
  licenseId,
  makeHolder,
  MATTER,
  saltValues,
  signAs,
  TYPE_CODE,
  typeRequest,
  UNITS,
} from '../../support/license-requests.js';
import { type RestSession } from '../../support/network/rest-session.js';

/** Time before which the second page of a long trail was asked for. */
const OLDER = '2026-03-01T08:00:00.000Z';
const DOCUMENT = 'ab'.repeat(32);

/** 证照, for anyone and for holders. */
export function describeLicence(stage: () => Stage): void {
  describe('证照', () => {
    let issuer: RestSession;
    let serial = 2026100000;

    beforeAll(async () => {
      issuer = await stage().network.restAs('issuer@guangdong');
      expect((await issuer.post('/v1/license-types', typeRequest())).status).toBe(201);
    });

    const issue = async (key: string, digests = saltValues().digests): Promise<string> => {
      serial += 1;
      const id = licenseId(String(serial));
      const wanted = { requestId: randomUUID(), licenseId: id, face: face(digests), holder: { key } };
      expect((await issuer.post('/v1/licenses', wanted)).status).toBe(201);
      return id;
    };
    const operate = async (id: string, more: object) => {
      expect((await issuer.post(`/v1/licenses/${id}/operations`, { documentDigest: DOCUMENT, ...more })).status).toBe(
        201,
      );
    };

    test('tells anyone how a licence stands, on a day, where it is good, and which version took over', async () => {
      const id = await issue(makeHolder().key);
      const page = await stage().visit(`/licence?id=${id}`);
      expect(await verdict(page)).toBe('VALID');
      await page.locator('main').getByText('全国').first().waitFor(); // Asked for beside the standing.
      await operate(id, { operation: '03' });
      await page.reload();
      expect(await verdict(page)).toBe('SUSPENDED');
      await page.fill('input[type=date]', addDays(dayAt(Date.now()), -1));
      await page.click('button:has-text("查询")');
      await page.waitForSelector('[data-verdict=VALID]');
      await operate(id, { operation: '06' });
      await operate(id, { operation: '09', face: face(saltValues().digests) });
      await page.goto(stage().url(`/licence?id=${id}`));
      expect(await verdict(page)).toBe('SUPERSEDED');
      await page.click('[aria-label^="查看 1.2.156"]');
      await page.waitForSelector('[data-verdict=VALID]');
    });

    test('asks nobody about what is no identifier', async () => {
      const page = await stage().visit('/licence');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.fill('form .mono', `${licenseId('2026999999').slice(0, -1)}?`);
      await page.keyboard.press('Enter');
      expect(await page.innerText('#licence-id-help')).toContain('校验码');
      expect(asked.filter((url) => url.includes('/licenses/'))).toEqual([]);
    });

    test('a code is good once, however it comes back, and a grant that was taken back is not offered', async () => {
      const page = await stage().visit('/licence/mine');
      await page.click('text=生成新的密钥');
      const key = await page.innerText('[data-licence] .mono');
      const id = await issue(key);
      await page.fill('[data-licence] input:not([type=file])', id);
      await page.click('button:has-text("保存"):not(:has-text("公钥"))');
      await fillGrant(page);
      await page.click('button:has-text("签名并授权")');
      await page.click('button:has-text("出示亮证码")', { timeout: 30_000 });
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click('button:has-text("保存为文件")'),
      ]);
      const handed = await text(download.createReadStream());
      for (const outcome of ['[data-shown=status]', 'text=亮证码已使用']) {
        const counter = await stage().visit('/licence/counter', { as: 'officer@beijing' });
        await counter.fill('#code-text', handed);
        await counter.keyboard.press('Enter');
        await counter.waitForSelector(outcome);
      }
      await page.click('.ant-modal-close');
      await page.waitForSelector('[data-action=use]');
      expect(await page.innerText('[data-action=use]')).toContain(UNITS.beijing.unit);
      await page.click('button:has-text("撤回授权")');
      await page.waitForSelector('[data-action=revoke]');
      await page.waitForSelector('text=还没有授权。');
    });

    test('at the counter the content is compared here and never sent, twice pressed is used once', async () => {
      const holder = makeHolder();
      const { salted, digests } = saltValues();
      const id = await issue(holder.key, digests);
      const statement = grantStatement(id, { maxUses: 3 });
      const granted = await issuer.post(`/v1/licenses/${id}/grants`, signAs(holder, statement));
      expect(granted.status).toBe(201);
      const grantId = (granted.body.stored as { readonly id: string }).id;
      const page = await stage().visit('/licence/counter', { as: 'officer@beijing' });
      const sent: string[] = [];
      page.on('request', (request) => sent.push(request.postData() ?? ''));
      const codeOf = (values: object) => JSON.stringify({ licenseId: id, grantId, matterCode: MATTER, values });
      const hand = async (values: object) => {
        await page.fill('#code-text', codeOf(values));
        await page.dblclick('button:has-text("核验并使用一次")');
        await page.waitForSelector('[data-shown]');
      };
      const { holderName } = salted;
      await hand({ holderName });
      await page.waitForSelector('[data-shown=fits]');
      expect(await page.innerText('[data-field=MATCH]')).toContain(holderName?.value);
      expect(sent.join()).not.toContain(holderName?.value);
      expect(sent.join()).not.toContain(holderName?.salt);
      await page.click('button:has-text("下一位")');
      await hand({ holderName: { value: '另一人', salt: holderName?.salt } });
      await page.waitForSelector('[data-shown=differs]');
      await page.waitForSelector('[data-field=MISMATCH]');
      expect(sent.filter((body) => body.includes(grantId))).toHaveLength(2);
      expect(await page.innerText('main')).toMatch(/第几次使用\s+2/);
      await page.click('button:has-text("下一位")');
      stage().holdUp(await QRCode.toBuffer(codeOf({ holderName }), { scale: 4 }));
      await page.click('button:has-text("扫描亮证码")');
      await page.waitForSelector('[data-shown=fits]', { timeout: 30_000 });
      expect(await page.innerText('main')).toMatch(/第几次使用\s+3/);
      await page.fill('#code-text', '{"licenseId":"not repeated"}');
      await page.keyboard.press('Enter');
      expect(await page.innerText('main [role=alert]')).not.toContain('not repeated');
      expect(await stage().accessibility(page)).toEqual([]);
    });

    test('takes the file of the command line, and refuses another one without repeating it', async () => {
      const page = await stage().visit('/licence/mine', { language: 'en' });
      await page.setInputFiles(
        'input[accept*=json]',
        stage().file('strange.json', '{"privateKey":{"d":"do not repeat"}}'),
      );
      await page.waitForSelector('text=no holder file');
      const holder = makeHolder();
      const licence = {
        ...{ schema: 'yinzheng-holder/1', privateKey: holder.privateKey.export({ format: 'jwk' }) },
        ...{ licenseId: await issue(holder.key), values: { holderName: { value: '<b>张三</b>', salt: DOCUMENT } } },
      };
      await page.setInputFiles(
        'input[accept*=json]',
        stage().bytes('holder.json', Buffer.from(JSON.stringify(licence))),
      );
      await page.waitForSelector('text=<b>张三</b>');
      expect(await page.innerText('[data-licence] .mono')).toContain(TYPE_CODE);
      await page.reload();
      await page.waitForSelector('text=<b>张三</b>');
      await page.click('button:has-text("Sign and grant")');
      await page.getByText('Please enter Matter code').waitFor();
      await page.click('.tools button:has-text("中文")');
      await page.getByText('请输入事项编码').waitFor(); // What is wrong is told anew in the other language.
      expect(await longTrail(page)).toEqual([undefined, OLDER]);
    });
  });
}

/** Gives the page a trail of thousands and goes to its end. @returns what each page of it was asked to be before */
async function longTrail(page: Page): Promise<(string | undefined)[]> {
  const asked: (string | undefined)[] = [];
  await page.route('**/v1/citizens/me/trail', async (route) => {
    const header = (await route.request().headerValue('authorization')) ?? '';
    const text = Buffer.from(header.replace('Holder ', ''), 'base64url').toString();
    const { before } = (JSON.parse(text) as { readonly statement: { readonly before?: string } }).statement;
    asked.push(before);
    const entries = before === undefined ? trailOf(1_000) : trailOf(1);
    await route.fulfill({ json: { trail: entries, ...(before === undefined && { older: OLDER }) } });
  });
  await page.click('button:has-text("刷新")');
  const drawn = () => page.locator('.trail > li').count();
  await page.locator('.trail > li').nth(199).waitFor();
  expect(await drawn()).toBe(200);
  for (let count = 400; count <= 1_000; count += 200) {
    await page.click('button:has-text("更早的记录")');
    expect(await drawn()).toBe(count);
  }
  await page.click('button:has-text("更早的记录")');
  await page.locator('.trail > li').nth(1_000).waitFor();
  expect(await page.locator('button:has-text("更早的记录")').count()).toBe(0);
  return asked;
}

function trailOf(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ action: 'use', grantId: `LG${'0'.repeat(32)}`, receiver: UNITS.beijing, matterCode: MATTER },
    ...{
      purpose: 'government-service',
      outcome: 'used',
      txId: `${count}`.padEnd(59, '0') + `${index}`.padStart(5, '0'),
    },
    txTime: new Date(Date.parse(OLDER) + (count === 1 ? -1 : index)).toISOString(),
  }));
}

async function fillGrant(page: Page): Promise<void> {
  await page.click('#mspId');
  await page.click('.ant-select-item-option[title*=BeijingMSP]');
  await page.fill('#unit', UNITS.beijing.unit);
  await page.fill('#matterCode', MATTER);
  await page.click('#purpose');
  await page.click('.ant-select-item-option[title=办理政务服务]');
  await page.fill('#purposeText', '在北京办理迁移登记');
}

async function verdict(page: Page): Promise<string | null> {
  await page.waitForSelector('.licence-verdict');
  return page.getAttribute('.licence-verdict', 'data-verdict');
}

async function text(stream: Promise<NodeJS.ReadableStream>): Promise<string> {
  let whole = '';
  for await (const part of await stream) whole += String(part);
  return whole;
}
