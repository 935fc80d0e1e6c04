import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { toBase64Url } from '../../proof/format/compact.js';
import { trustRootFingerprints } from '../../proof/trust/parse.js';
import { STEPS } from '../../proof/verify/finding.js';
import { describeInChromium, launch } from '../support/browser/chromium.js';
import { type ReceiptCase } from '../support/receipts/case.js';
import { CORPUS_FOLDER, readCorpus } from '../support/receipts/corpus.js';
import { FILE } from '../support/receipts/subjects.js';
import { ROOT } from '../support/source-tree.js';

jest.setTimeout(300_000);

const TRUST = join(CORPUS_FOLDER, 'trust-root.json');
const receiptOf = (name: string) => join(CORPUS_FOLDER, name, 'receipt.yz');

describeInChromium('the page of one file', () => {
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'verify-page-'));
  const html = join(folder, 'verify.html');
  const original = join(folder, '合同.txt');
  const requests: string[] = [];

  beforeAll(async () => {
    execFileSync(
      process.execPath,
      ['--no-deprecation', 'node_modules/ts-node/dist/bin.js', 'scripts/build-verify-page.ts', html],
      { cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') } },
    );
    writeFileSync(original, FILE);
    browser = await launch();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${html}`);
  });

  afterEach(async () => {
    await page.close();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const give = async (name: string, file = original) => {
    await page.setInputFiles('#file', file);
    await page.setInputFiles('#trust', TRUST);
    await page.setInputFiles('#receipt', receiptOf(name));
    await page.waitForSelector('#answers article');
  };
  const all = (selector: string, value: string) =>
    page.evaluate<string[]>(`[...document.querySelectorAll('${selector}')].map((each) => each.${value})`);
  const answers = async () => (await all('#answers article', 'className')).map((name) => name.split(' ')[1]);

  test('shows every step before any of them runs', async () => {
    expect(await page.$$eval('#steps li.WAITING', (items) => items.length)).toBe(STEPS.length);
    expect(await page.$$eval('#answers article', (cards) => cards.length)).toBe(0);
  });

  test('gives three answers apart, the fingerprints and the lines of the law', async () => {
    await give('record');
    expect(await answers()).toEqual(['VALID', 'VALID', 'VALID']);
    const text = await page.innerText('body');
    const { trust } = readCorpus()[0] as ReceiptCase;
    const { 'sha-256': sha256, sm3 } = trustRootFingerprints(trust);
    for (const part of [sha256, sm3, '第十六条', '第十九条', 'Article 19', '未说明', '可以认定'])
      expect(text).toContain(part);
    expect(text).not.toMatch(/真实有效|具有法律效力/);
  });

  test.each([
    ['another file', 'record', ['INVALID', 'VALID', 'VALID'], 'FILE_MISMATCH'],
    ["a clerk's signature", 'client_certificate_endorser_fail', ['ERROR', 'ERROR', 'INVALID'], 'ENDORSER_NOT_PEER'],
    ['an objection', 'contested_fail', ['VALID', 'INVALID', 'VALID'], 'STANDING_MATCH_CONTESTED'],
    ['bytes that are no receipt', 'cut_short_fail', ['ERROR', 'ERROR', 'ERROR'], 'CBOR_MALFORMED'],
  ])('names the step that %s fails', async (_, name, wanted, code) => {
    await give(name, code === 'FILE_MISMATCH' ? TRUST : original);
    expect(await answers()).toEqual(wanted);
    expect(await all('#steps li', 'dataset.code')).toContain(code);
  });

  test('takes the receipt out of its address, and what is dropped on it by its content', async () => {
    const compact = readCorpus().find(({ name }) => name === 'record_compact') as ReceiptCase;
    await page.goto(`file://${html}#r=${toBase64Url(compact.receipt)}`);
    await page.reload();
    const content = JSON.stringify(JSON.stringify(compact.trust));
    const dropped = await page.evaluateHandle(
      `(() => { const t = new DataTransfer(); t.items.add(new File([${content}], 'whatever.bin')); return t; })()`,
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
    await page.waitForSelector('#answers article');
    expect(await answers()).toEqual(['SKIPPED', 'VALID', 'VALID']);
  });

  test.each([
    ['desktop', 1280],
    ['phone', 375],
  ])('fits a %s without scrolling sideways', async (name, width) => {
    await page.setViewportSize({ width, height: 900 });
    await give('record');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.screenshot({ path: join(process.env['SCREENSHOTS'] ?? folder, `${name}.png`), fullPage: true });
  });

  test('asks no server for anything', () => {
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });
});
