import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Page } from 'playwright-core';
import { type Stage } from '../../support/browser/stage.js';
import { licenseId } from '../../support/license-requests.js';
import { registration } from '../../support/network/evidence-requests.js';
import { ROOT } from '../../support/source-tree.js';

/** What a citizen's first load may take, bytes as they travel. */
const FIRST_LOAD_BYTES_MAX = 350 * 1024;

/** Every screen of the desks, as who works there. */
const DESKS: [string, readonly string[]][] = [
  ['clerk@zhejiang', ['/clerk', '/clerk/record']],
  ['issuer@guangdong', ['/issuing/licence']],
  ['officer@beijing', ['/cross-region', '/cross-region/new']],
  ['admin@zhejiang', ['/cross-region/asked', '/cross-region/catalogue']],
  [
    'auditor@beijing',
    ['/audit', '/audit/record', '/audit/figures', '/audit/live', '/audit/network', '/audit/integrity'],
  ],
];

/** What windows are called; the last address is no page's. */
const TITLES = [
  ['/', '核验'],
  ['/licence/mine', '我的证照 · 证照'],
  ['/clerk', '提交存证 · 存证'],
  [`/cross-region/one/AT${'0'.repeat(32)}`, '跨域'],
  [`/audit/record/EV${'0'.repeat(32)}`, '时间线 · 审计'],
  ['/audit/network', '网络 · 审计'],
  ['/sign-in', '登录'],
  ['/nowhere/at/all', '没有这个页面'],
] as const;

/** What holds for every page: weight, access, language, sign-in. */
export function describeFrame(stage: () => Stage): void {
  describe('every page', () => {
    test.each([
      ['verify', '/verify'],
      ['licence', '/licence'],
    ])('%s loads within its budget', (name) => {
      const files = filesOf(`src/pages/${name}/${name}-page.tsx`);
      const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(ROOT, 'dist/web', file))).length, 0);
      expect(files.length).toBeGreaterThan(3);
      expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX);
    });

    test.each<[string, string, (page: Page) => Promise<unknown>]>([
      ['核验', '/verify', () => Promise.resolve()],
      ['核验 with an answer', '/verify', askAbsence],
      [
        '证照 with an answer',
        `/licence?id=${licenseId('2026555555')}`,
        (page) => page.waitForSelector('.licence-verdict'),
      ],
      ['证照 of a holder', '/licence/mine', (page) => page.click('.licence .ant-btn-primary')],
      ['the sign-in', '/clerk', openSignIn],
    ])('axe finds no violation on %s, in both languages, themes and widths, and it fits', async (_, path, prepare) => {
      const page = await stage().visit(path);
      await prepare(page);
      expect(await stage().accessibility(page)).toEqual([]);
    });

    test.each(DESKS)('axe finds no violation on the desks of %s, and they fit', async (as, paths) => {
      const page = await stage().visit(paths[0] ?? '', { as });
      for (const path of paths) {
        await page.goto(stage().url(path, as.split('@')[1]));
        await page.waitForSelector('main h2');
        await page.locator('main .ant-skeleton').first().waitFor({ state: 'hidden' });
        expect([path, await stage().accessibility(page)]).toEqual([path, []]);
      }
    });

    test('axe finds no violation on a record and in its open dialogs, and they fit', async () => {
      const clerk = await stage().network.restAs('clerk@zhejiang');
      const { body } = await clerk.post('/v1/evidence', registration());
      const { id } = body.record as { readonly id: string };
      const page = await stage().visit(`/clerk/record/${id}`, { as: 'clerk@zhejiang' });
      expect(await stage().accessibility(page)).toEqual([]);
      await page.evaluate("localStorage.setItem('yinzheng.language', 'zh')");
      await page.reload();
      for (const name of ['更正', '移交']) {
        await page.getByRole('button', { name, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        expect([name, await stage().accessibility(page)]).toEqual([name, []]);
        // In the page's language: the browser's own button would speak the browser's.
        expect(await page.locator('[role=dialog] input[type=file]:visible').count()).toBe(0);
        await page.goto(page.url());
        await page.evaluate("localStorage.setItem('yinzheng.language', 'zh')");
        await page.reload();
      }
    });

    test('what watches every page sees another host asked, and a file that is sent in any form', async () => {
      const page = await stage().visit('/verify');
      const text = `what this file holds ${process.pid}`;
      const { buffer } = stage().secretFile('a file of somebody.txt', text);
      const forms = [text, buffer.toString('hex'), Buffer.from(`{"${text}"}`).toString('base64url')];
      for (const form of forms) await page.evaluate(`fetch('/v1/network', { headers: { 'x-said': '${form}' } })`);
      await page.goto('http://elsewhere.invalid/').catch(() => undefined);
      const { foreign, leaks } = await stage().check();
      expect(leaks).toHaveLength(forms.length);
      expect(foreign).toEqual(['http://elsewhere.invalid/']);
    });

    test('is reached by keyboard, in the language that was chosen', async () => {
      const page = await stage().visit('/verify');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('跳到正文');
      await page.focus('.tools button');
      await page.keyboard.press('Enter');
      await page.focus('a[href="/licence"]');
      await page.keyboard.press('Enter');
      await page.waitForSelector('h1:has-text("Licence")');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await page.reload();
      expect(await page.innerText('h1')).toBe('Licence');
      expect(await page.title()).toContain('Licence');
    });

    test.each([
      ['/clerk/record', 'clerk@chongqing', 'EV 加 32 位十六进制数字', 'EV and 32 hex digits'],
      ['/audit/record', 'auditor@beijing', 'EV 或 AT 加 32 位十六进制数字', 'EV or AT and 32 hex digits'],
    ])('says what is wrong in the language of the moment: %s', async (path, as, chinese, english) => {
      const page = await stage().visit(path, { as });
      await page.fill('#id', 'nonsense');
      await page.keyboard.press('Enter');
      await page.getByText(chinese).waitFor();
      await page.click('.tools button:has-text("English")');
      await page.getByText(english).waitFor();
    });

    test('names the window after page and part, says where there is no page, and draws no line round its content', async () => {
      const page = await stage().visit('/verify', { as: 'auditor@beijing' });
      for (const [path, title] of TITLES) {
        await page.goto(stage().url(path, 'beijing'));
        await page.waitForSelector('h1');
        expect([path, await page.title()]).toEqual([path, `${title} · 印证链`]);
      }
      await page.getByRole('heading', { level: 1, name: '没有这个页面' }).waitFor();
      await page.focus('main a');
      await page.keyboard.press('Enter');
      await page.waitForSelector('h1:has-text("核验")');
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('none');
    });

    test('asks who is there where a page is for staff, remembers it over a reload, and signs out', async () => {
      const page = await stage().visit('/clerk');
      await openSignIn(page);
      await page.click('.posts button:has-text("clerk@chongqing.example")');
      await page.waitForSelector('.tools button:has-text("clerk")');
      await page.waitForSelector('h1');
      await page.reload();
      await page.waitForSelector('h1');
      // A phone is handed on as well: whose session it is stands there.
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.locator('.tools .user').innerText()).toBe('clerk');
      await page.click('.tools button:has-text("clerk")');
      await page.waitForSelector('text=请先登录');
    });
  });
}

/** A question that the ledger answers without holding anything. */
async function askAbsence(page: Page): Promise<void> {
  await page.fill('#question', '0'.repeat(128));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.answer', { timeout: 30_000 });
}

async function openSignIn(page: Page): Promise<void> {
  await page.click('main .ant-btn-primary');
  await page.waitForSelector('.posts button');
}

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Every file that a browser loads before a page is drawn, as the build wrote it down. */
function filesOf(page: string): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'dist/web/manifest.json'), 'utf8')) as Record<string, Chunk>;
  const seen = new Set<string>();
  const files = new Set<string>(['index.html']);
  const add = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    if (seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const other of chunk.imports ?? []) add(other);
  };
  add('index.html');
  add(page);
  return [...files];
}
