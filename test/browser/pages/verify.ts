import { randomUUID } from 'node:crypto';
import { type Page } from 'playwright-core';
import QRCode from 'qrcode';
import { matchWording } from '../../../domain/wording.js';
import { compactReceipt, readReceipt, toBase64Url } from '../../../proof/format/compact.js';
import { STEPS } from '../../../proof/verify/finding.js';
import { type Stage } from '../../support/browser/stage.js';
import { digestsOf, registration } from '../../support/network/evidence-requests.js';
import { CORPUS_FOLDER } from '../../support/receipts/corpus.js';
import { refusal } from './desks.js';

/** A loaded machine may look at a picture of the camera so seldom, milliseconds. */
const CAMERA_MS = 30_000;

/** A record and the file that it is about. */
interface Recorded {
  readonly id: string;
  readonly txId: string;
  readonly txTime: string;
  readonly text: string;
  readonly receipt: Buffer;
}

/** 核验, by mouse and keyboard. */
export function describeVerify(stage: () => Stage): void {
  describe('核验', () => {
    let recorded: Recorded;

    beforeAll(async () => {
      recorded = await record(stage());
    });

    test('shows every step before any runs, and says that files stay here', async () => {
      const page = await stage().visit('/verify');
      expect(await page.locator('.steps .WAITING').count()).toBe(STEPS.length);
      expect(await page.innerText('.privacy')).toContain('不上传');
      // Buttons are called what stands on them: the library's icons have English names of their own.
      for (const name of ['选择文件', '扫描二维码', '上传二维码图片', '登录']) {
        await page.getByRole('button', { name, exact: true }).waitFor();
      }
    });

    test('R06 R12 R24 judges a file by what organisations sign, and sends its digests alone', async () => {
      const page = await stage().visit('/verify', { theme: 'dark' });
      const bodies: string[] = [];
      page.on('request', (request) => bodies.push(...(request.method() === 'POST' ? [request.postData() ?? ''] : [])));
      await choose(page, stage().file('合同 <img src=x onerror=alert(1)>.txt', recorded.text));
      expect(await answers(page)).toEqual(['VALID', 'VALID', 'VALID']);
      const text = await page.innerText('body');
      const { id, txTime } = recorded;
      for (const part of [matchWording({ algorithm: 'sha-256', id, txTime }).zh, '第十六条', '未说明', '<img src=x']) {
        expect(text).toContain(part);
      }
      expect(text).not.toMatch(/真实有效|具有法律效力/);
      expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([
        { digests: digestsOf(recorded.text) },
        { id: recorded.id },
      ]);
      await page.emulateMedia({ media: 'print' });
      await page.waitForSelector('html[data-theme=light]');
      for (const left of ['.as-of', '.ask', '.head']) expect(await page.locator(left).isVisible()).toBe(false);
      expect(await page.locator('main button:visible').count()).toBe(0);
    });

    test('R13 names both digests where file and number do not fit, and accuses nobody', async () => {
      const page = await stage().visit('/verify', { language: 'en' });
      await page.fill('#question', recorded.id);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.answer');
      const other = `another file altogether ${randomUUID()}`;
      await choose(page, stage().file('other.txt', other));
      await page.waitForSelector('[data-verdict=MISMATCH]');
      await page.getByText('Chongqing (ChongqingMSP)').waitFor();
      await page.getByText("Online Litigation Rules of the People's Courts, Article 19").waitFor();
      const text = await page.innerText('body');
      for (const digest of [digestsOf(other), digestsOf(recorded.text)]) expect(text).toContain(digest['sha-256']);
      expect(await page.innerText('[aria-labelledby=ledger]')).not.toMatch(/forge|fake/i);
      await page.waitForSelector('[data-answer=intact].INVALID');
    });

    test('R14 an absence is signed too, and an outage is no absence', async () => {
      const page = await stage().visit('/verify');
      const path = stage().file('unknown.txt', `nobody recorded this ${randomUUID()}`);
      await choose(page, path);
      expect(await page.getAttribute('.verdict', 'data-verdict')).toBe('NOT_FOUND');
      expect(await answers(page)).toEqual(['SKIPPED', 'SKIPPED', 'VALID']);
      await page.route('**/v1/verify', (route) => route.fulfill({ status: 502, body: 'bad gateway' }));
      await page.click('text=重新开始');
      await page.setInputFiles('input[multiple]', path);
      await page.waitForSelector('[data-verdict=UNVERIFIABLE_NOW]', { timeout: 30_000 });
      await page.unroute('**/v1/verify');
      await page.click('[aria-labelledby=ledger] button:has-text("再试一次")');
      await page.waitForSelector('[data-verdict=NOT_FOUND]');
    });

    test('R05 asks which algorithm a digest of 64 digits is of', async () => {
      const page = await stage().visit('/verify');
      await page.fill('#question', digestsOf(recorded.text)['sha-256']);
      await page.keyboard.press('Enter');
      expect(await page.locator('.answer').count()).toBe(0);
      await page.click('label:has-text("SM3")');
      await page.click('form button');
      await page.waitForSelector('[data-verdict=NOT_FOUND]');
      await page.click('label:has-text("SHA-256")');
      await page.click('form button');
      await page.waitForSelector('[data-verdict=MATCH]');
    });

    test('R24 a transaction leads to its record, alone or beside a file; one that is not there is told as such', async () => {
      const page = await stage().visit('/verify');
      await askTransaction(page, recorded.txId);
      await page.waitForSelector('[data-transaction=found]');
      await page.waitForSelector('[data-answer=signers].VALID');
      expect(await answers(page)).toEqual(['SKIPPED', 'VALID', 'VALID']);
      expect(await page.innerText('[aria-labelledby=transaction]')).toContain(recorded.id);
      await choose(page, stage().file('other.txt', 'another file'));
      await page.waitForSelector('[data-verdict=MISMATCH]');
      await page.click('text=重新开始');
      await askTransaction(page, '0'.repeat(64));
      await page.waitForSelector('[data-transaction=missing]');
      expect(await page.locator('.answer, [data-verdict]').count()).toBe(0);
    });

    test('judges a receipt without asking anybody, under a trust root of one’s own', async () => {
      const page = await stage().visit('/verify');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await choose(
        page,
        stage().bytes('trust-root.json', (await stage().network.restAsAnyone().download('/v1/trust-root')).bytes),
        stage().bytes('record.yz', recorded.receipt),
        stage().file('contract.txt', recorded.text),
      );
      await page.waitForSelector('[data-answer=intact].VALID'); // Hashing the file takes longer than the receipt.
      expect(await answers(page)).toEqual(['VALID', 'VALID', 'VALID']);
      expect(await page.innerText('[aria-labelledby=trust]')).toContain('您自己的文件');
      expect(asked.filter((path) => path.startsWith('/v1/') && path !== '/v1/trust-root')).toEqual([]);
      await choose(page, `${CORPUS_FOLDER}/trust-root.json`);
      await page.waitForSelector('[data-answer=signers].INVALID, [data-answer=signers].ERROR');
    });

    test('calls a damaged receipt by its name, does not say that nobody recorded it, and shows it on a phone', async () => {
      const page = await stage().visit('/verify', { width: 390 });
      await choose(page, stage().bytes('damaged.yz', recorded.receipt.subarray(0, recorded.receipt.length / 2)));
      await page.waitForSelector('[data-step=format].INVALID');
      expect(await page.evaluate('document.getElementById("given").getBoundingClientRect().top')).toBeLessThan(100);
      expect(await page.locator('[data-verdict]').count()).toBe(0);
    });

    test('takes the receipt of a certificate out of its address and out of a picture, unseen by the gateway', async () => {
      const compact = toBase64Url(await compactReceipt(await readReceipt(recorded.receipt)));
      const page = await stage().visit(`/#${compact}`);
      await page.waitForSelector('.answer');
      expect(await answers(page)).toEqual(['SKIPPED', 'VALID', 'VALID']);
      await page.click('text=重新开始');
      const code = await QRCode.toBuffer(`https://verify.example/#${compact}`, { scale: 4 });
      await page.setInputFiles('input[accept="image/*"]', stage().bytes('code.png', code));
      await page.waitForSelector('.answer');
      expect(await answers(page)).toEqual(['SKIPPED', 'VALID', 'VALID']);
      await page.click('text=查询现在的状态');
      await page.waitForSelector(`[aria-labelledby=given] >> text=${recorded.id}`);
      await page.waitForSelector('[data-answer=signers].VALID');
    });

    test('reads the receipt of a certificate through the camera, and a short code, and turns the camera off', async () => {
      const compact = toBase64Url(await compactReceipt(await readReceipt(recorded.receipt)));
      const page = await stage().visit('/verify');
      for (const text of [`https://verify.example/#${compact}`, recorded.id]) {
        stage().holdUp(await QRCode.toBuffer(text, { scale: 4 }));
        await page.click('text=扫描二维码');
        await page.waitForSelector('.answer', { timeout: CAMERA_MS });
        expect(await page.locator('video').count()).toBe(0);
        await page.waitForSelector('[data-answer=signers].VALID');
        await page.click('text=重新开始');
      }
    });

    test('says so in words where the reader of codes does not load, and reads the picture later', async () => {
      const page = await stage().visit('/verify');
      const code = await QRCode.toBuffer(recorded.id, { scale: 4 });
      const picture = stage().bytes('later.png', code);
      stage().holdUp(code);
      await page.route('**/assets/qr-worker*', (route) => route.fulfill({ status: 204 }));
      await page.setInputFiles('input[accept="image/*"]', picture);
      expect(await refusal(page)).toEqual({
        words: expect.stringContaining('识别二维码的程序没有载入') as string,
        code: 'CODE_READER_DOWN',
      });
      await page.click('text=扫描二维码');
      expect((await refusal(page.getByRole('dialog'))).code).toBe('CODE_READER_DOWN');
      await page.unroute('**/assets/qr-worker*');
      await page.click('.ant-modal-close');
      await page.setInputFiles('input[accept="image/*"]', picture);
      await page.waitForSelector('.answer');
      expect(await page.locator('.problem').count()).toBe(0);
    });

    test('hashes a large file beside the page, which goes on', async () => {
      const page = await stage().visit('/verify');
      const text = `${randomUUID()} `.repeat(430_000);
      const frames = page.evaluate<number>(
        `new Promise((done) => { let n = 0; let last = performance.now(); let worst = 0;
          const tick = (now) => { worst = Math.max(worst, now - last); last = now; n += 1;
            document.querySelector('.digests') ? done(n) : requestAnimationFrame(tick); };
          requestAnimationFrame(tick); })`,
      );
      await page.setInputFiles('input[multiple]', stage().file('large.bin', text));
      await page.waitForSelector('[role=progressbar]');
      await page.waitForSelector('.digests', { timeout: 60_000 });
      expect(await frames).toBeGreaterThan(5);
      expect(await page.innerText('.digests')).toContain(digestsOf(text).sm3);
    });
  });
}

async function record(stage: Stage): Promise<Recorded> {
  const text = `这一文件的内容不得离开本机 ${randomUUID()}`;
  const clerk = await stage.network.restAs('clerk@chongqing');
  const { body } = await clerk.post('/v1/evidence', registration({ digests: digestsOf(text) }), {
    'idempotency-key': randomUUID(),
  });
  const { id, txId, txTime } = body.record as Pick<Recorded, 'id' | 'txId' | 'txTime'>;
  return { id, txId, txTime, text, receipt: Buffer.from(String(body.receipt), 'base64') };
}

async function askTransaction(page: Page, txId: string): Promise<void> {
  await page.fill('#question', txId);
  await page.click('fieldset label:has-text("交易编号")');
  await page.click('form button');
  await page.waitForSelector('[data-transaction]');
}

async function choose(page: Page, ...files: readonly string[]): Promise<void> {
  await page.setInputFiles('input[multiple]', [...files]);
  await page.waitForSelector('.answer', { timeout: 30_000 });
}

/** Status of the three answers, in their order. */
async function answers(page: Page): Promise<string[]> {
  const names = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.answer')].map((each) => each.className)",
  );
  return names.map((name) => name.split(' ')[1] ?? '');
}
