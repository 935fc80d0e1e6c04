import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { mintToken } from '../../../cli/issuer.js';
import { resolveUser } from '../../../cli/users.js';
import { TestNetwork } from '../network/test-network.js';
import { ROOT } from '../source-tree.js';
import { cameraSwitches, writeFilm } from './camera.js';
import { launch } from './chromium.js';
import { operationOf } from './hostile/screens.js';
import { measureLoad } from './page-load.js';
import { Secrets } from './secrets.js';

/** How a page is opened. */
export interface Look {
  readonly language?: 'zh' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  /** Who is signed in, `clerk@chongqing`, at the gateway of the own organisation; nobody without it. */
  readonly as?: string;
  /** When the token was minted, Unix milliseconds: one of two hours ago has run out, though the page does not know. */
  readonly mintedMs?: number;
}

/** A file as it is given to a page that must send neither its name nor its bytes. */
export interface SecretFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** What no page may do, as it was seen. */
interface Faults {
  readonly console: string[];
  readonly foreign: string[];
  readonly leaks: string[];
}

const WIDTH = 1_280;
const HEIGHT = 900;
/** A phone in everybody's pocket, CSS pixels. */
const PHONE = 390;
/** The narrowest that a page must fit, CSS pixels. */
const NARROW = 320;
/**
 * Looks in which every state is judged for accessibility: names depend on the language, contrasts on the theme, and
 * what is hidden on the width, so that two see each of them.
 */
const LOOKS = [
  ['zh', 'light', WIDTH],
  ['en', 'dark', PHONE],
] as const;
const TOKEN_SECONDS = 3_600;
const FILM = 'camera.y4m';

/**
 * The running consortium and a browser in front of it, one for all tests of pages. Every page that it opens is watched:
 * {@link check} tells whether one wrote an error, broke the policy, asked another host or sent a byte of a file.
 */
export class Stage {
  readonly network: TestNetwork;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #faults: Faults = { console: [], foreign: [], leaks: [] };
  readonly #secrets = new Secrets();
  readonly #asked = new Set<string>();
  #contexts: BrowserContext[] = [];
  #expected: RegExp | undefined;

  private constructor(network: TestNetwork, browser: Browser, folder: string) {
    this.network = network;
    this.#browser = browser;
    this.#folder = folder;
  }

  static async open(): Promise<Stage> {
    execFileSync(join(ROOT, 'scripts/build-web'), ['--if-needed'], { stdio: 'ignore' });
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    const switches = cameraSwitches(join(folder, FILM));
    const [network, browser] = await Promise.all([TestNetwork.start({ gateways: true }), launch(switches)]);
    return new Stage(network, browser, folder);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.network.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Address of a page at an organisation's gateway; one that is whole stays as it is. */
  url(path: string, organisation = 'chongqing'): string {
    return new URL(path, this.network.restAsAnyone(organisation).url).href;
  }

  /** Opens a page in a browser of its own, as somebody who was never here. */
  async visit(path: string, look: Look = {}, organisation = look.as?.split('@')[1] ?? 'chongqing'): Promise<Page> {
    const { language = 'zh', theme = 'light', width = WIDTH } = look;
    const context = await this.#browser.newContext({
      viewport: { width, height: HEIGHT },
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    const session = look.as === undefined ? undefined : await this.#session(look.as, organisation, look.mintedMs);
    // The empty document of a window that is about to go somewhere has no storage.
    await context.addInitScript(`if (origin !== 'null' && localStorage.getItem('yinzheng.language') === null) {
      localStorage.setItem('yinzheng.language', '${language}'); localStorage.setItem('yinzheng.theme', '${theme}');
      ${session === undefined ? '' : `sessionStorage.setItem('yinzheng.session', ${JSON.stringify(session)});`} }`);
    context.on('page', (opened) => {
      this.#watch(opened);
    });
    const page = await context.newPage();
    await page.goto(this.url(path, organisation));
    await page.waitForSelector('h1, .problem, main .ant-alert');
    return page;
  }

  /** A cold load of a page on a slowed processor. @param plan whose `path` is at the gateway of whoever is signed in */
  async load(plan: {
    readonly path: string;
    readonly control: string;
    readonly as?: string;
    readonly slowdown: number;
  }) {
    const { path, control, as, slowdown } = plan;
    const organisation = as?.split('@')[1] ?? 'chongqing';
    const session = as === undefined ? {} : { session: await this.#session(as, organisation) };
    return measureLoad(this.#browser, { url: this.url(path, organisation), control, slowdown, ...session });
  }

  /** A file on disk whose text must be in no request. @param text its whole content, at least 16 characters */
  file(name: string, text: string): string {
    this.#secrets.add(text.slice(0, 64));
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** A file for a page whose text and name must be in no request. @param text at least 16 characters */
  secretFile(name: string, text: string): SecretFile {
    this.#secrets.add(text.slice(0, 64), name);
    return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) };
  }

  /** A text that is entered and must be in no request, but for one kind. @param mayGo its method and address */
  secret(text: string, mayGo?: RegExp): string {
    if (mayGo === undefined) this.#secrets.add(text);
    else this.#secrets.addBut(text, mayGo);
    return text;
  }

  /** As {@link file}, for bytes that may travel: receipts, trust roots, pictures. */
  bytes(name: string, bytes: Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** Holds a picture before the camera of every page that opens it from now on. @param picture a PNG */
  holdUp(picture: Buffer): void {
    writeFilm(join(this.#folder, FILM), picture);
  }

  /** What Chromium itself will note of what a test does to a page, until {@link check}. */
  expect(notes: RegExp): void {
    this.#expected = notes;
  }

  /** Every operation that a page asked of a gateway so far, as the document names it: `GET /v1/evidence/{id}`. */
  get asked(): ReadonlySet<string> {
    return this.#asked;
  }

  /** What was seen since the last call that no page may do; closes the pages. */
  async check(): Promise<Faults> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    this.#contexts = [];
    const { console, foreign, leaks } = this.#faults;
    const expected = this.#expected;
    this.#expected = undefined;
    const unexpected = console.splice(0).filter((text) => expected?.test(text) !== true);
    return { console: unexpected, foreign: foreign.splice(0), leaks: leaks.splice(0) };
  }

  /** Violations that axe finds in the page as it stands, in each look, and whether it must be scrolled sideways. */
  async accessibility(page: Page): Promise<string[]> {
    const found: string[] = [];
    for (const [language, theme, width] of LOOKS) {
      await page.setViewportSize({ width, height: HEIGHT });
      await dress(page, language, theme);
      if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe.source);
      const sideways = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (sideways > width) found.push(`${language} ${theme} is ${sideways} wide on a screen of ${width}`);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      found.push(
        ...violations.map(
          ({ id, nodes }) => `${language} ${theme} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
        ),
      );
    }
    // 1,280 pixels at 400 percent (WCAG 2, 1.4.10), in the language that needs more room.
    await page.setViewportSize({ width: NARROW, height: HEIGHT });
    const sideways = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (sideways > NARROW) found.push(`is ${sideways} wide on a screen of ${NARROW}`);
    return found;
  }

  /** What the page keeps of somebody who signed in. */
  async #session(user: string, organisation: string, mintedMs = Date.now()): Promise<string> {
    const { name } = resolveUser(this.network.topology.organisations, user);
    const { token } = await mintToken(this.network.folder.issuer, name, TOKEN_SECONDS, mintedMs);
    const fresh = await this.network.restWithToken(name, organisation);
    const { body: who } = await fresh.get('/v1/me');
    return JSON.stringify({ token, expiresAt: new Date(Date.now() + TOKEN_SECONDS * 1_000).toISOString(), who });
  }

  #watch(page: Page): void {
    page.on('console', (message) => {
      // That the gateway refused something, or is gone, is Chromium's own note, and what some tests are about.
      const { url } = message.location();
      const refusal = /^Failed to load resource/.test(message.text()) && new URL(url).pathname.startsWith('/v1/');
      if (['error', 'warning'].includes(message.type()) && !refusal) this.#faults.console.push(message.text());
    });
    page.on('pageerror', (error) => this.#faults.console.push(error.message));
    page.on('dialog', (dialog) => {
      // Whether to leave a page that is at work is the page's own question, and a test that leaves says yes.
      if (dialog.type() !== 'beforeunload') this.#faults.console.push(`a dialog: ${dialog.message()}`);
      void dialog.accept().catch(() => undefined);
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (hostname !== '127.0.0.1' && !['blob:', 'data:'].includes(protocol)) this.#faults.foreign.push(request.url());
      if (this.#secrets.within(request)) this.#faults.leaks.push(request.url());
      const operation = operationOf(request.method(), request.url());
      if (operation !== undefined) this.#asked.add(operation);
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
