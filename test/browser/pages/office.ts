import { setTimeout } from 'node:timers/promises';

import { type Page } from 'playwright-core';
import { pollFor } from '../../../network/manager/poll.js';
import { Office, type TokenKind } from '../../support/browser/office.js';
import { type Stage } from '../../support/browser/stage.js';
import { allRecorded, recordsOf, refusal, submitFiles, textsOf } from './desks.js';

const CLERK = 'clerk@chongqing.example';
/** A code that lasts one second is over by then. */
const CODE_LATE_MS = 2_100;
/** A click counts for five seconds at most, and for one window. */
const CLICKED_MS_MAX = 6_000;
/** The dialog and the provider's addresses are there by then. */
const DIALOG_MS_MAX = 30_000;
const WINDOW_BUTTON = /打开登录窗口|Open the sign-in window/;

/** 登录 at an office's own OpenID provider: authorization code with PKCE, in a window beside the page. */
export function describeOffice(stage: () => Stage): void {
  describe('登录, at the provider of an office', () => {
    let office: Office;
    beforeAll(async () => {
      office = await Office.open(stage().network);
    });
    afterEach(() => office.behave());
    afterAll(() => office.close());

    const visit = (kind: TokenKind) => stage().visit(office.url('/clerk', kind));
    /** Signs in, with a token that runs out before anything is done. */
    const visitRunOut = async (kind: TokenKind): Promise<Page> => {
      const page = await visit(kind);
      await page.click('main .ant-btn-primary');
      await signIn(await signInWindow(page));
      await page.waitForSelector('.drop-zone');
      await page.evaluate(SPOIL_TOKEN);
      await page.reload();
      return page;
    };

    test('goes on with what was entered where the session ran out, asks anew after signing out, tells refusals', async () => {
      const page = await visitRunOut('access');
      const texts = textsOf(1, 'office');
      await submitFiles(stage(), page, texts);
      await page.getByText('登录已过期').waitFor();
      // The provider knows who is there, asks nothing, and the window is gone again.
      await closed(await signInWindow(page));
      await allRecorded(page, 1);
      expect(await recordsOf(stage(), texts)).toEqual([1]);

      await page.click('.tools button:has-text("clerk")');
      await endAtProvider(stage(), page);
      await page.click('main .ant-btn-primary');
      await (await signInWindow(page)).click('[value=cancel]');
      expect((await refusal(page)).code).toBe('SIGN_IN_CANCELLED');
      await office.behave({ audience: 'https://other.example' });
      await signIn(await signInWindow(page));
      await page.getByText('TOKEN_REFUSED').waitFor();
      expect(await stage().accessibility(page)).toEqual([]);
    });

    test('takes no answer of another state or nonce, and sends the ID token where the pages are its audience', async () => {
      const page = await visit('id');
      await page.click('main .ant-btn-primary');
      await alterOnTheWay(page, office, 'state');
      const stranger = await signInWindow(page);
      await enter(stranger);
      await stranger.waitForURL(office.url('/sign-in', 'id'));
      await alterOnTheWay(page, office, 'nonce');
      await signIn(await signInWindow(page));
      await page.getByText('PROVIDER_MISMATCH').waitFor();
      await stranger.getByText('没有页面在等待这次登录').waitFor();
      expect(await page.evaluate("sessionStorage.getItem('yinzheng.session')")).toBeNull();

      await page.context().unrouteAll();
      await signIn(await signInWindow(page));
      await page.waitForSelector('.drop-zone');
      const kept = await page.evaluate<string>("sessionStorage.getItem('yinzheng.session')");
      expect(JSON.parse(kept)).toMatchObject({ who: { user: CLERK, role: 'clerk' } });
    });

    test('keeps what was entered while the provider is away, hangs up, or lets no page ask, and says so', async () => {
      const page = await visitRunOut('id');
      stage().expect(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|blocked by CORS policy|net::ERR_FAILED/);
      await office.away(async () => {
        await submitFiles(stage(), page, textsOf(1, 'provider away'));
        await told(page, 'PROVIDER_DOWN', '身份认证服务没有应答');
      });
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: '再试一次' }).click();
      await dialog.locator('.problem').waitFor({ state: 'detached' });

      await office.behave({ hangsUpAt: '/token' });
      await enter(await signInWindow(page));
      await told(page, 'PROVIDER_DOWN', '没有应答');
      await office.behave({ closedToPages: true });
      // From now on the provider knows who is there, and its window comes and goes.
      await closed(await signInWindow(page));
      await told(page, 'PROVIDER_DOWN', '不许本站访问');
      expect(await stage().accessibility(page)).toEqual([]);
      await office.behave();
      await closed(await signInWindow(page));
      await page.getByText(/1 (\/ 1 份已登记|of 1 recorded)/).waitFor();
    });

    test('tells what the provider refuses, a code that came too late, and a window that was closed or blocked', async () => {
      const page = await visit('id');
      await page.click('main .ant-btn-primary');
      await office.behave({ codeSeconds: 1 });
      stage().expect(/status of 400/);
      // Where the code is redeemed: the provider's redirect, which brings it, is not the browser's to hold up.
      await page.route('**/token', async (route) => {
        await setTimeout(CODE_LATE_MS);
        await route.continue();
      });
      await enter(await signInWindow(page));
      await told(page, 'PROVIDER_REFUSED', 'invalid_grant');
      await page.unrouteAll();
      await office.behave();

      // The window cannot be watched from here: it says to open it again.
      await (await signInWindow(page)).close();
      await page.getByText('窗口已关闭的，可以重新打开').waitFor();
      expect(await stage().accessibility(page)).toEqual([]);
      await signIn(await signInWindow(page));
      await page.waitForSelector('.drop-zone');
    });

    test('says so where the browser lets no window open', async () => {
      const page = await visit('id');
      const devtools = await page.context().newCDPSession(page);
      // Nobody clicks, so that the browser's own blocker is at work; whatever else looks at the page counts as a click.
      const run = async (expression: string): Promise<unknown> =>
        (await devtools.send('Runtime.evaluate', { expression, userGesture: false })).result.value;
      const wasOpened = "(() => { const w = open('about:blank'); w?.close(); return w !== null; })()";
      const blocks = await pollFor(CLICKED_MS_MAX, async () => (await run(wasOpened)) === false || undefined);
      // A headless shell, as the old builds are, has no blocker (ADR 0061).
      if (blocks === undefined) return;
      await run("document.querySelector('main .ant-btn-primary').click()");
      const button = "document.querySelector('[role=dialog] .ant-btn-primary:enabled')";
      await pollFor(DIALOG_MS_MAX, async () => (await run(`${button} !== null`)) === true || undefined);
      await run(`${button}.click()`);
      await told(page, 'WINDOW_BLOCKED', '浏览器拦住了登录窗口');
      await signIn(await signInWindow(page));
      await page.waitForSelector('.drop-zone');
    });
  });
}

/** Waits for a refusal in the dialog, in words and with its code. */
async function told(page: Page, code: string, words: string): Promise<void> {
  const alert = page.getByRole('dialog').locator('.problem', { hasText: words });
  await alert.locator('code', { hasText: code }).waitFor();
}

/** Signs out of the provider too, whose window then closes; whoever comes back is asked who they are. */
async function endAtProvider(stage: Stage, page: Page): Promise<void> {
  const notice = page.getByRole('status').filter({ hasText: /的登录仍然有效|Sign out there too/ });
  await notice.waitFor();
  expect(await stage.accessibility(page)).toEqual([]);
  const [opened] = await Promise.all([
    page.waitForEvent('popup'),
    notice.getByRole('button', { name: 'Sign out there too' }).click(),
  ]);
  await Promise.all([closed(opened), opened.click('[value=yes]', { noWaitAfter: true })]);
  await notice.waitFor({ state: 'detached' });
}

/** The window that the dialog's button opens. */
async function signInWindow(page: Page): Promise<Page> {
  const [opened] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('dialog').getByRole('button', { name: WINDOW_BUTTON }).click(),
  ]);
  return opened;
}

async function enter(window: Page): Promise<void> {
  await window.fill('[name=login]', CLERK);
  await window.click('[value=sign-in]', { noWaitAfter: true });
}

/** Signs in, in a window that then closes by itself. */
async function signIn(window: Page): Promise<void> {
  await Promise.all([closed(window), enter(window)]);
}

async function closed(window: Page): Promise<void> {
  if (!window.isClosed()) await window.waitForEvent('close');
}

/** What the gateway takes for nobody's, though the page does not know. */
const SPOIL_TOKEN = `sessionStorage.setItem('yinzheng.session',
  JSON.stringify({ ...JSON.parse(sessionStorage.getItem('yinzheng.session')), token: 'run.out' }))`;

/** Has the provider answer to something else than what the page asked. */
async function alterOnTheWay(page: Page, office: Office, parameter: 'state' | 'nonce'): Promise<void> {
  await page.context().unrouteAll();
  await page.context().route(`${office.provider}/**/auth?**`, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set(parameter, 'of-somebody-else-entirely');
    return route.continue({ url: url.href });
  });
}
