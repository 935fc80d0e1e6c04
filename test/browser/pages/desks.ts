import { type Download, type Locator, type Page } from 'playwright-core';
import { choose } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { digestsOf } from '../../support/network/evidence-requests.js';

/** A committed act may take this long on a loaded machine, milliseconds. */
export const COMMIT_MS = 30_000;
/** What a file of a batch may take beside that, milliseconds. */
const FILE_MS = 500;

/** Names that browsers, file systems, spreadsheets and readers' eyes obey; each file's content is its own. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)>.txt',
  'a\u202Efdp.exe',
  '../../etc/passwd',
  '=cmd|calc!A1.csv',
  '"\'&${7*7}.txt',
] as const;

/** Texts of files that no two tests share. */
export function textsOf(count: number, mark: string): string[] {
  return Array.from({ length: count }, (_, index) => `these bytes stay here: ${mark} ${index} ${process.pid}`);
}

/** Declares and chooses files at the clerk's desk and has them recorded by a double click. */
export async function submitFiles(
  stage: Stage,
  page: Page,
  texts: readonly string[],
  names: readonly string[] = [],
): Promise<void> {
  await choose(page, '证据种类', '书证');
  const files = texts.map((text, index) => stage.secretFile(names[index] ?? `卷宗材料第 ${index} 号.txt`, text));
  await page.setInputFiles('.drop-zone input', files);
  await page.getByRole('button', { name: `登记 ${texts.length} 份文件` }).dblclick();
}

/** Waits until the desk says that so many are recorded. */
export async function allRecorded(page: Page, count: number): Promise<void> {
  await page.getByText(`${count} / ${count} 份已登记`).waitFor({ timeout: 2 * COMMIT_MS + count * FILE_MS });
}

/** How many records the ledger has of each text, asked at another organisation. */
export async function recordsOf(stage: Stage, texts: readonly string[]): Promise<number[]> {
  const anyone = stage.network.restAsAnyone('beijing');
  return Promise.all(
    texts.map(async (text) => {
      const query = new URLSearchParams({ alg: 'sha-256', digest: digestsOf(text)['sha-256'] });
      const { body } = await anyone.get(`/v1/verify?${query.toString()}`);
      return (body.records as readonly unknown[]).length;
    }),
  );
}

/** Prints how long something took in the long version of these tests; a test asserts no time. */
export function tellTime(what: string, startedMs: number): void {
  if (process.env['YINZHENG_PAGE_FILES'] === undefined) return;
  process.stderr.write(`${what}: ${Math.round(performance.now() - startedMs)} ms\n`);
}

/** Does something that saves a file. @returns its bytes */
export async function saved(page: Page, act: () => Promise<unknown>): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return bytesOf(download);
}

/** How many buttons of the page's content would stand on paper. */
export async function buttonsOnPaper(page: Page): Promise<number> {
  await page.emulateMedia({ media: 'print' });
  const count = await page.locator('main button:visible').count();
  await page.emulateMedia({ media: 'screen' });
  return count;
}

/** A refusal as people read it: in their language, with the code beside it. */
export async function refusal(within: Locator | Page): Promise<{ readonly words: string; readonly code: string }> {
  const alert = within.locator('.problem').first();
  await alert.waitFor({ timeout: COMMIT_MS });
  return { words: await alert.locator('.ant-alert-title').innerText(), code: await alert.locator('code').innerText() };
}

/** Looks leave a page in another language and width. */
export async function toChinese(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1_280, height: 900 });
  // By script, because an open dialog covers the buttons.
  await page.evaluate("document.querySelector('.tools button').click()");
  await page.waitForSelector('html[lang^=zh]');
}

async function bytesOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}
