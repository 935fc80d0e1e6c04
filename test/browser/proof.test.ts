import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page } from 'playwright-core';
import { verifyReceipt } from '../../proof/verify/verify-receipt.js';
import { bundle, describeInChromium, launch } from '../support/browser/chromium.js';
import { type PageCase, type PageResult } from '../support/browser/corpus-in-page.js';
import { readCorpus } from '../support/receipts/corpus.js';

jest.setTimeout(300_000);

/** What corpus-in-page.ts puts on the page. */
declare function judgeCases(cases: readonly PageCase[], pure: boolean): Promise<readonly PageResult[]>;

describeInChromium('the verifier in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'proof-page-'));
  const corpus = readCorpus();
  const cases = corpus.map(({ name, receipt, trust, question }) => ({
    name,
    receipt: Buffer.from(receipt).toString('base64'),
    trust,
    question,
  }));

  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    writeFileSync(join(folder, 'empty.html'), '<!doctype html><title>proof</title>');
    await page.goto(`file://${join(folder, 'empty.html')}`);
    await page.addScriptTag({ content: bundle('test/support/browser/corpus-in-page.ts') });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  test('finds in every receipt of the corpus what it finds in Node', async () => {
    const found = await page.evaluate((each) => judgeCases(each, false), cases);
    const inNode = await Promise.all(
      corpus.map(async ({ name, receipt, trust, question }) => {
        const { verdict, findings } = await verifyReceipt(receipt, trust, question);
        return { name, verdict, findings: findings.map(({ step, status, code }) => `${step} ${status} ${code}`) };
      }),
    );
    expect(found).toEqual(inNode);
    expect(found.map(({ verdict }) => verdict)).toEqual(corpus.map(({ expected }) => expected.verdict));
  });

  test('and so it does without Web Crypto, but for algorithms that need it', async () => {
    const plain = cases.filter(({ name }) => !name.startsWith('timestamp'));
    const found = await page.evaluate((each) => judgeCases(each, true), plain);
    const wanted = corpus.filter(({ name }) => !name.startsWith('timestamp'));
    expect(found.map(({ verdict }) => verdict)).toEqual(wanted.map(({ expected }) => expected.verdict));
  });
});
