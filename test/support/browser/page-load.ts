import { type Browser, type CDPSession, type Page } from 'playwright-core';

/** What one cold load of a page took. */
export interface PageLoad {
  /** Bytes as they travelled, headers included. */
  readonly bytes: number;
  readonly requests: number;
  /** First contentful paint, milliseconds from the navigation's start. */
  readonly paintedMs: number;
  /** When what the page is for could be used and the last long task before a quiet window had ended, milliseconds. */
  readonly interactiveMs: number;
  /** Processor time that the page's main thread took, milliseconds, slowed; other programs do not lengthen it. */
  readonly workMs: number;
}

/** What to load, and what on it must be there to be used. */
export interface LoadPlan {
  readonly url: string;
  readonly control: string;
  /** As sessionStorage keeps it; nobody is signed in without it. */
  readonly session?: string;
  /** How many times slower than this machine the processor is made. */
  readonly slowdown: number;
}

/** A page is interactive once no task of 50 ms or more has run for so long (as Lighthouse defines it), milliseconds. */
const QUIET_MS = 5_000;

const WATCH = `globalThis.longTaskEndMs = 0;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.longTaskEndMs = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });`;

/** Loads a page with an empty cache on a slowed processor. */
export async function measureLoad(browser: Browser, { url, control, session, slowdown }: LoadPlan): Promise<PageLoad> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    await context.addInitScript(WATCH);
    if (session !== undefined) {
      await context.addInitScript(`sessionStorage.setItem('yinzheng.session', ${JSON.stringify(session)})`);
    }
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    const travelled = await watchBytes(devtools);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.goto(url);
    await page.locator(control).first().waitFor();
    const usableMs = await page.evaluate<number>('performance.now()');
    const longTaskEndMs = await quiet(page);
    const paintedMs = await page.evaluate<number>(
      "performance.getEntriesByName('first-contentful-paint')[0].startTime",
    );
    const { metrics } = await devtools.send('Performance.getMetrics');
    const workMs = 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
    return { ...travelled, paintedMs, interactiveMs: Math.max(usableMs, longTaskEndMs), workMs };
  } finally {
    await context.close();
  }
}

/** @returns counters that go on counting */
async function watchBytes(devtools: CDPSession): Promise<{ bytes: number; requests: number }> {
  const travelled = { bytes: 0, requests: 0 };
  await devtools.send('Network.enable');
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    travelled.bytes += encodedDataLength;
    travelled.requests += 1;
  });
  return travelled;
}

/** Waits for the quiet window. @returns when the last long task before it ended */
async function quiet(page: Page): Promise<number> {
  for (;;) {
    const { nowMs, endMs } = await page.evaluate<{ nowMs: number; endMs: number }>(
      '({ nowMs: performance.now(), endMs: globalThis.longTaskEndMs })',
    );
    if (nowMs - endMs >= QUIET_MS) return endMs;
    await page.waitForTimeout(QUIET_MS - (nowMs - endMs));
  }
}
