import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Page } from 'playwright-core';
import { type Stage } from '../../support/browser/stage.js';
import { licenseId } from '../../support/license-requests.js';
import { ROOT } from '../../support/source-tree.js';

/** What a citizen's first load may take, bytes as they travel. */
const FIRST_LOAD_BYTES_MAX = 350 * 1024;
const PHONE = 390;

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
    ])('axe finds no violation on %s, in both languages and both themes', async (_, path, prepare) => {
      const page = await stage().visit(path);
      await prepare(page);
      expect(await stage().accessibility(page)).toEqual([]);
    });

    test.each(['/verify', '/licence', '/licence/mine', '/clerk'])('%s fits a phone', async (path) => {
      for (const language of ['zh', 'en'] as const) {
        const page = await stage().visit(path, { width: PHONE, language });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE);
      }
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

    test('asks who is there where a page is for staff, remembers it over a reload, and signs out', async () => {
      const page = await stage().visit('/clerk');
      await openSignIn(page);
      await page.click('.posts button:has-text("clerk@chongqing.example")');
      await page.waitForSelector('.tools button:has-text("clerk")');
      await page.waitForSelector('h1');
      await page.reload();
      await page.waitForSelector('h1');
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
