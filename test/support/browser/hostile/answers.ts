import { type Page, type Route } from 'playwright-core';

import { seed, unseed } from './markup.js';
import { operationOf } from './screens.js';

/** Bytes that organisations signed, whose hostile forms the corpus of receipts has, and files that are saved unread. */
const UNREAD = /\/v1\/(trust-root|receipts)\b|\/export\./;
/** Where the pages show words that they do not know as they are. */
const OPEN_WORDS = /^\/v1\/audit\/(events|live|records)\b/;

/** Acts after which a page reads everything anew: of their answers only a refusal is shown, by the one part for all. */
const THROWN_AWAY =
  /^POST \/v1\/(catalogue|attestations\/\{id\}\/|evidence\/\{id\}\/(?!supersede)|licenses\/\{id\}\/(grants\/|renewal|fields\/purge))/;

/** Acts of the issuing desk whose entries take nothing hostile: its own stories drive them, and no seeded answer comes. */
const CLOSED_ACTS = /^POST \/v1\/(license-types|licenses|licenses\/\{id\}\/(fields|holder))$/;

/** Whether pages show anything of what an operation answers, `GET /v1/evidence/{id}`. */
export function isShown(operation: string): boolean {
  return ![UNREAD, THROWN_AWAY, CLOSED_ACTS].some((each) => each.test(operation));
}

/** Changes an answer before it is seeded: a state that days would bring. */
export type Alter = (path: string, answer: Readonly<Record<string, unknown>>) => object;

/**
 * Has every answer that a page reads come with markup in all its texts; what the page sends goes to the gateway without.
 * @param alter may be changed while the page is open @param seeded is told the operations whose answers were
 */
export async function seedAnswers(page: Page, alter: { now: Alter }, seeded: Set<string>): Promise<void> {
  await page.route('**/v1/**', async (route) => {
    const url = cleaned(route.request().url());
    const { pathname } = new URL(url);
    seeded.add(operationOf(route.request().method(), url) ?? pathname);
    if (UNREAD.test(pathname)) return route.continue({ url });
    try {
      await (pathname === '/v1/audit/live' ? fulfilFeed(route, url) : fulfil(route, url, alter.now));
    } catch {
      await route.abort().catch(() => undefined); // The page was left meanwhile.
    }
  });
}

async function fulfil(route: Route, url: string, alter: Alter): Promise<void> {
  const text = route.request().postData();
  const postData = text === null ? {} : { postData: JSON.stringify(unseed(JSON.parse(text))) };
  const response = await route.fetch({ url, ...postData });
  const { pathname } = new URL(url);
  if (response.headers()['content-type']?.includes('event-stream') === true) {
    const body = (await response.text()).replaceAll(/^data: ?(.*)$/gm, (_, data: string) => `data: ${seedJson(data)}`);
    return route.fulfill({ response, body });
  }
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  const json = seed(response.ok() ? alter(pathname, answer) : answer, OPEN_WORDS.test(pathname) && response.ok());
  return route.fulfill({ response, json });
}

/** The feed never ends by itself: the newest acts, as it would tell them. */
async function fulfilFeed(route: Route, url: string): Promise<void> {
  const response = await route.fetch({ url: new URL('/v1/audit/events?order=newest&limit=20', url).href });
  const { events } = (await response.json()) as { readonly events: readonly object[] };
  const body = events.map((event) => `event: act\ndata: ${JSON.stringify(seed(event, true))}\n\n`).join('');
  return route.fulfill({ status: 200, contentType: 'text/event-stream', body });
}

function seedJson(json: string): string {
  return JSON.stringify(seed(JSON.parse(json)));
}

function cleaned(address: string): string {
  const url = new URL(address);
  const parts = url.pathname.split('/').map((part) => encodeURIComponent(String(unseed(decodeURIComponent(part)))));
  url.pathname = parts.join('/');
  for (const [name, value] of [...url.searchParams]) url.searchParams.set(name, String(unseed(value)));
  return url.href;
}
