import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { TestNetwork } from '../network/test-network.js';
import { ROOT } from '../source-tree.js';
import { launch } from './chromium.js';

/** How a page is opened. */
export interface Look {
  readonly language?: 'zh' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

/** What no page may do, as it was seen. */
interface Faults {
  readonly console: string[];
  readonly foreign: string[];
  readonly leaks: string[];
}

const WIDTH = 1_280;
const HEIGHT = 900;
/** Looks in which every state is judged for accessibility. */
const LOOKS = [
  ['zh', 'light'],
  ['zh', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
] as const;

/**
 * The running consortium and a browser in front of it, one for all tests of pages. Every page that it opens is watched:
 * {@link check} tells whether one wrote an error, broke the policy, asked another host or sent a byte of a file.
 */
export class Stage {
  readonly network: TestNetwork;
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pages-'));
  readonly #faults: Faults = { console: [], foreign: [], leaks: [] };
  readonly #secrets: string[] = [];
  #contexts: BrowserContext[] = [];

  private constructor(network: TestNetwork, browser: Browser) {
    this.network = network;
    this.#browser = browser;
  }

  static async open(): Promise<Stage> {
    execFileSync(join(ROOT, 'scripts/build-web'), ['--if-needed'], { stdio: 'ignore' });
    const [network, browser] = await Promise.all([TestNetwork.start({ gateways: true }), launch()]);
    return new Stage(network, browser);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.network.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Address of a page at an organisation's gateway. */
  url(path: string, organisation = 'chongqing'): string {
    return new URL(path, this.network.restAsAnyone(organisation).url).href;
  }

  /** Opens a page in a browser of its own, as somebody who was never here. */
  async visit(path: string, look: Look = {}, organisation = 'chongqing'): Promise<Page> {
    const { language = 'zh', theme = 'light', width = WIDTH } = look;
    const context = await this.#browser.newContext({ viewport: { width, height: HEIGHT } });
    this.#contexts.push(context);
    await context.addInitScript(`if (localStorage.getItem('yinzheng.language') === null) {
      localStorage.setItem('yinzheng.language', '${language}'); localStorage.setItem('yinzheng.theme', '${theme}'); }`);
    const page = await context.newPage();
    this.#watch(page);
    await page.goto(this.url(path, organisation));
    await page.waitForSelector('h1, .problem, main .ant-alert');
    return page;
  }

  /** A file on disk whose text must be in no request. @param text its whole content, at least 16 characters */
  file(name: string, text: string): string {
    this.#secrets.push(text.slice(0, 64));
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** As {@link file}, for bytes that may travel: receipts, trust roots, pictures. */
  bytes(name: string, bytes: Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** What was seen since the last call that no page may do; closes the pages. */
  async check(): Promise<Faults> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    this.#contexts = [];
    const { console, foreign, leaks } = this.#faults;
    return { console: console.splice(0), foreign: foreign.splice(0), leaks: leaks.splice(0) };
  }

  /** Violations that axe finds in the page as it stands, in both languages and both themes. */
  async accessibility(page: Page): Promise<string[]> {
    const found: string[] = [];
    for (const [language, theme] of LOOKS) {
      await dress(page, language, theme);
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      found.push(
        ...violations.map(
          ({ id, nodes }) => `${language} ${theme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
        ),
      );
    }
    return found;
  }

  #watch(page: Page): void {
    page.on('console', (message) => {
      // That the gateway refused something is Chromium's own note, and what some tests are about.
      const refusal = /^Failed to load resource: the server responded with a status of [45]/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !refusal) this.#faults.console.push(message.text());
    });
    page.on('pageerror', (error) => this.#faults.console.push(error.message));
    page.on('dialog', (dialog) => {
      this.#faults.console.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (hostname !== '127.0.0.1' && !['blob:', 'data:'].includes(protocol)) this.#faults.foreign.push(request.url());
      const sent = `${decodeURIComponent(request.url())} ${request.postData() ?? ''}`;
      if (this.#secrets.some((secret) => sent.includes(secret))) this.#faults.leaks.push(request.url());
    });
  }
}

/** Chooses language and theme by the page's own buttons, keeping its state. */
async function dress(page: Page, language: 'zh' | 'en', theme: 'light' | 'dark'): Promise<void> {
  const now = await page.evaluate<{ lang: string; theme: string }>(
    '({ lang: document.documentElement.lang, theme: document.documentElement.dataset.theme })',
  );
  // By script, because an open dialog covers the buttons.
  if (!now.lang.startsWith(language)) await page.evaluate("document.querySelector('.tools button').click()");
  if (now.theme !== theme) await page.evaluate("document.querySelectorAll('.tools button')[1].click()");
  await page.waitForFunction(
    `document.documentElement.lang.startsWith('${language}') && document.documentElement.dataset.theme === '${theme}'`,
  );
  // Colours change over a moment, and half-way ones have no contrast that anybody chose.
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)))');
}
