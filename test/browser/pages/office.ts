import { type Page } from 'playwright-core';
import { Office, type TokenKind } from '../../support/browser/office.js';
import { type Stage } from '../../support/browser/stage.js';
import { allRecorded, recordsOf, refusal, submitFiles, textsOf } from './desks.js';

const CLERK = 'clerk@chongqing.example';

/** 登录 at an office's own OpenID provider: authorization code with PKCE, in a window beside the page. */
export function describeOffice(stage: () => Stage): void {
  describe('登录, at the provider of an office', () => {
    let office: Office;
    beforeAll(async () => {
      office = await Office.open(stage().network);
    });
    afterAll(() => office.close());

    const visit = (kind: TokenKind) => stage().visit(office.url('/clerk', kind));

    test('goes on with what was entered where the session ran out, asks anew after signing out, tells refusals', async () => {
      const page = await visit('access');
      await page.click('main .ant-btn-primary');
      await signIn(await signInWindow(page));
      await page.waitForSelector('.drop-zone');

      await page.evaluate(SPOIL_TOKEN);
      await page.reload();
      const texts = textsOf(1, 'office');
      await submitFiles(stage(), page, texts);
      await page.getByText('登录已过期').waitFor();
      // The provider knows who is there, asks nothing, and the window is gone again.
      await closed(await signInWindow(page));
      await allRecorded(page, 1);
      expect(await recordsOf(stage(), texts)).toEqual([1]);

      await page.click('.tools button:has-text("clerk")');
      await page.click('main .ant-btn-primary');
      await (await signInWindow(page)).click('[value=cancel]');
      expect((await refusal(page)).code).toBe('SIGN_IN_CANCELLED');
      await office.setAudience('https://other.example');
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
  });
}

/** The window that the dialog's button opens. */
async function signInWindow(page: Page): Promise<Page> {
  const [opened] = await Promise.all([
    page.waitForEvent('popup'),
    page
      .getByRole('dialog')
      .getByRole('button', { name: /打开登录窗口/ })
      .click(),
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
  await page.context().route(`${office.provider}/auth?**`, (route) => {
    const url = new URL(route.request().url());
    url.searchParams.set(parameter, 'of-somebody-else-entirely');
    return route.continue({ url: url.href });
  });
}
