import { unzipSync } from 'fflate';
import { type Page } from 'playwright-core';
import { gatewayProcess } from '../../../cli/gateways.js';
import { chooseByKeys, choose, tabTo } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { digestsOf, registration } from '../../support/network/evidence-requests.js';
import {
  allRecorded,
  COMMIT_MS,
  HOSTILE_NAMES,
  recordsOf,
  refusal,
  saved,
  submitFiles,
  tellTime,
  textsOf,
} from './desks.js';

/** Files of the batch; a hundred by the environment (`scripts/soak pages`). */
const FILES = Number(process.env['YINZHENG_PAGE_FILES'] ?? 12);
const CLERK2_UNIT = '11500000MB1Y000382';
const HOURS_MS = 3_600_000;

/** 存证: the clerk's desk. */
export function describeClerk(stage: () => Stage): void {
  describe('存证台', () => {
    test('records a batch once on a double click, whatever files are called, and gives every receipt', async () => {
      const page = await stage().visit('/clerk', { as: 'clerk@chongqing' });
      const workers: string[] = [];
      page.on('worker', (worker) => workers.push(worker.url()));
      const anonymous: string[] = [];
      page.on('request', (request) => {
        // A large batch asks more often than an address may that many share.
        const known = request.headers()['authorization'] !== undefined;
        if (request.url().includes('/v1/verify') && !known) anonymous.push(request.url());
      });
      const texts = textsOf(FILES, 'batch');
      await page.getByLabel('案号').fill(stage().secret('=HYPERLINK("//x")（2026）渝01民初7号'));
      const started = performance.now();
      await submitFiles(stage(), page, texts, HOSTILE_NAMES);
      await allRecorded(page, texts.length);
      tellTime(`${FILES} files hashed and recorded`, started);
      expect(await recordsOf(stage(), texts)).toEqual(texts.map(() => 1));
      expect(anonymous).toEqual([]);
      expect(workers).toHaveLength(2); // One an algorithm, for all files.
      expect(await page.innerText('[aria-label=本机的登记单]')).toContain('<img src=x onerror=alert(1)>.txt');
      const names = Object.keys(unzipSync(await saved(page, () => page.click('text=全部回执（ZIP）'))));
      expect(names).toHaveLength(texts.length);
      tellTime('and all receipts saved', started);
      expect(names.filter((name) => /[\\/:*?"<>|\u202E]|^\./.test(name))).toEqual([]);
      const list = (await saved(page, () => page.click('text=登记清单（CSV）'))).toString();
      expect(list).toContain(`"'=cmd|calc!A1.csv"`);
      expect(list).toContain(`"'=HYPERLINK(""//x"")（2026）渝01民初7号"`);
      expect(list).toContain(digestsOf(texts[3] ?? '').sm3);
    });

    test('signs in, records, and opens the record by keyboard alone', async () => {
      const page = await stage().visit('/clerk');
      const [text = ''] = textsOf(1, 'keyboard');
      await tabTo(page, /^登录$/);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.posts button');
      await tabTo(page, /clerk@chongqing/);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.drop-zone');
      await chooseByKeys(page, /^证据种类/, '电子数据');
      await chooseByKeys(page, /^提交方与争议有无利害关系/, '否');
      const choosing = page.waitForEvent('filechooser'); // Before the key: Chromium takes a moment to tell of choosers.
      await tabTo(page, /把文件拖到这里/);
      await page.keyboard.press('Enter');
      const chooser = await choosing;
      await chooser.setFiles(stage().secretFile('键盘选择的文件.txt', text));
      await tabTo(page, /^登记 1 份文件$/);
      await page.keyboard.press('Enter');
      await allRecorded(page, 1);
      await tabTo(page, /^EV/);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[aria-label=保管与移交]');
      expect(await page.innerText('main')).toContain(digestsOf(text).sm3);
      expect(await recordsOf(stage(), [text])).toEqual([1]);
    });

    test('R14 goes on after a lost answer, a dead gateway and a closed page, and doubles nothing', async () => {
      const page = await stage().visit('/clerk', { as: 'clerk@zhejiang' });
      const texts = textsOf(8, 'lost');
      let answers = 0;
      await page.route('**/v1/evidence', async (route) => {
        answers += 1;
        if (answers !== 4) return route.continue();
        // The chain has this one, the page does not know; and then nobody answers any more.
        await route.fetch();
        killGateways(stage());
        return route.abort();
      });
      await submitFiles(stage(), page, texts);
      await page.getByText(/还有 \d 份没有登记完/).waitFor({ timeout: COMMIT_MS });
      expect(await refusal(page)).toEqual({
        words: expect.stringContaining('网关没有应答') as string,
        code: 'GATEWAY_DOWN',
      });
      await stage().network.up();
      await page.unroute('**/v1/evidence');
      await page.reload();
      await page.click('text=继续未完成的登记');
      await allRecorded(page, texts.length);
      expect(await recordsOf(stage(), texts)).toEqual(texts.map(() => 1));
    });

    test('asks to sign in again where the session ran out, and goes on with what was entered', async () => {
      const page = await stage().visit('/clerk', { as: 'notary@zhejiang', mintedMs: Date.now() - 2 * HOURS_MS });
      const texts = textsOf(1, 'expired');
      await submitFiles(stage(), page, texts);
      await page.getByText('登录已过期').waitFor();
      await page.click('.posts button:has-text("notary@zhejiang.example")');
      await allRecorded(page, 1);
      expect(await recordsOf(stage(), texts)).toEqual([1]);
    });

    test('says what the unit has recorded before, and records it again only when asked', async () => {
      const page = await stage().visit('/clerk', { as: 'clerk@beijing' });
      const texts = textsOf(1, 'again');
      await submitFiles(stage(), page, texts);
      await allRecorded(page, 1);
      await page.click('text=清除已登记的行');
      await submitFiles(stage(), page, texts);
      await page.getByText('本单位此前已存证').waitFor({ timeout: COMMIT_MS });
      expect(await recordsOf(stage(), texts)).toEqual([1]);
      await page.click('text=仍要再次登记');
      await page.getByText('已登记', { exact: true }).waitFor({ timeout: COMMIT_MS });
      expect(await recordsOf(stage(), texts)).toEqual([2]);
    });

    test('hands custody over; the receiver signs and objects, is refused in words, and the court decides', async () => {
      const id = await register(stage(), 'officer@chongqing');
      const giver = await stage().visit(`/clerk/record/${id}`, { as: 'officer@chongqing' });
      await handOver(giver);
      expect((await saved(giver, () => giver.click('text=下载证书（PDF）'))).subarray(0, 5).toString()).toBe('%PDF-');
      await object(giver);
      expect(await refusal(dialogOf(giver))).toEqual({
        words: '不得对本单位的记录提出或裁定异议',
        code: 'OBJECTION_OWN_RECORD',
      });

      const receiver = await stage().visit('/clerk/record', { as: 'clerk2@chongqing' });
      await receiver.click(`[aria-label=待本单位签收的移交] a:has-text("${id}")`);
      await receiver.getByRole('button', { name: '签收', exact: true }).dblclick();
      await receiver.getByText('已签收').waitFor({ timeout: COMMIT_MS });
      await object(receiver);
      await receiver.getByText('待裁定').waitFor({ timeout: COMMIT_MS });

      const court = await stage().visit(`/clerk/record/${id}`, { as: 'clerk@chongqing' });
      await court.click('text=裁定 >> nth=-1');
      await choose(court, '裁定结果', /^异议成立/, dialogOf(court));
      const decision = stage().secretFile('裁定书正本.pdf', 'the written decision stays here');
      await dialogOf(court).locator('input[type=file]').setInputFiles(decision);
      await dialogOf(court).getByRole('button', { name: '裁定', exact: true }).dblclick();
      await court.getByText('请随案保存盐值').waitFor({ timeout: COMMIT_MS });
      const { body } = await (await stage().network.restAs('clerk@chongqing')).get(`/v1/evidence/${id}`);
      expect([body.transfers, body.objections].map((list) => (list as readonly unknown[]).length)).toEqual([1, 1]);
    });

    test('corrects a record; the old one stays and names the new one', async () => {
      const id = await register(stage(), 'officer@guangdong');
      const page = await stage().visit(`/clerk/record/${id}`, { as: 'officer@guangdong' });
      await page.click('text=更正 >> nth=-1');
      const texts = textsOf(1, 'corrected');
      await dialogOf(page)
        .locator('input[type=file]')
        .setInputFiles(stage().secretFile('更正后的材料.txt', texts[0] ?? ''));
      await choose(page, '证据种类', '书证', dialogOf(page));
      await dialogOf(page).getByRole('button', { name: '更正存证' }).dblclick();
      await page.getByText('更正的原存证').waitFor({ timeout: COMMIT_MS });
      expect(await recordsOf(stage(), texts)).toEqual([1]);
      await page.getByRole('link', { name: id }).click();
      await page.getByText('该存证已有更正记录').waitFor();
      const anyone = await stage().visit('/verify');
      await anyone.setInputFiles('input[multiple]', stage().secretFile('更正后的材料.txt', texts[0] ?? ''));
      await anyone.locator('.facts > div', { hasText: '更正了' }).getByRole('button', { name: id }).click();
      await anyone.locator('[aria-labelledby=given]', { hasText: id }).waitFor();
      await anyone.waitForSelector('.answer');
    });

    test('keeps what was chosen apart by who is signed in, and what was being read is asked for again', async () => {
      const page = await stage().visit('/clerk', { as: 'officer@chongqing' });
      const texts = textsOf(2, 'reload');
      // Nothing is hashed before the page is left.
      await page.route('**/assets/hash-worker*', () => undefined);
      await submitFiles(stage(), page, texts);
      await page.getByText('正在登记').waitFor();
      await page.reload();
      await page.getByText('2 份文件在读取时页面被关闭').waitFor();
      await page.unroute('**/assets/hash-worker*');
      await submitFiles(stage(), page, texts);
      await allRecorded(page, 2);
      expect(await recordsOf(stage(), texts)).toEqual([1, 1]);
      await page.click('.tools button:has-text("officer")');
      await page.click('main .ant-btn-primary');
      await page.click('.posts button:has-text("clerk2@chongqing.example")');
      await page.waitForSelector('.drop-zone');
      expect(await page.locator('[aria-label=本机的登记单]').count()).toBe(0);
    });
  });
}

/** As a power cut would. */
function killGateways(stage: Stage): void {
  const { pid } = gatewayProcess(stage.network.folder);
  if (pid === undefined) throw new Error('gateways run');
  process.kill(pid, 'SIGKILL');
}

async function register(stage: Stage, user: string): Promise<string> {
  const { body } = await (await stage.network.restAs(user)).post('/v1/evidence', registration());
  return (body.record as { readonly id: string }).id;
}

async function handOver(page: Page): Promise<void> {
  await page.getByRole('button', { name: '移交', exact: true }).click();
  await choose(page, '接收机构', 'ChongqingMSP', dialogOf(page));
  await dialogOf(page)
    .getByLabel(/^接收单位/)
    .fill('11500000MB1Y000383');
  await choose(page, '目的', '案件移送', dialogOf(page));
  await dialogOf(page).getByRole('button', { name: '移交', exact: true }).click();
  await dialogOf(page).getByText('不是有效的统一社会信用代码').waitFor();
  await dialogOf(page)
    .getByLabel(/^接收单位/)
    .fill(CLERK2_UNIT);
  await dialogOf(page).getByRole('button', { name: '移交', exact: true }).dblclick();
  await page.getByText('待接收方签收').waitFor({ timeout: COMMIT_MS });
}

async function object(page: Page): Promise<void> {
  await page.getByRole('button', { name: '提出异议' }).click();
  await choose(page, '异议理由', '有相反证据', dialogOf(page));
  await dialogOf(page).getByRole('button', { name: '提出异议' }).click();
}

function dialogOf(page: Page) {
  return page.getByRole('dialog');
}
