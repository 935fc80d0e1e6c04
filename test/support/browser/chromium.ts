import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { ROOT } from '../source-tree.js';

/** Where Debian puts it; `CHROMIUM` names another one. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** `describe`, or one skipped line where no Chromium is installed. */
export function describeInChromium(title: string, body: () => void): void {
  (existsSync(CHROMIUM) ? describe : describe.skip)(title, body);
}

/** Starts Chromium without a window. @param switches more of its own */
export function launch(switches: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', ...switches],
    // Its blocker of windows stays, as people have it.
    ignoreDefaultArgs: ['--disable-popup-blocking'],
  });
}

/** Joins a module and what it imports into one script for a browser. @param entry from the root */
export function bundle(entry: string): string {
  const options = ['--bundle', '--format=iife', '--platform=browser', '--target=es2023'];
  return execFileSync(join(ROOT, 'node_modules/esbuild/bin/esbuild'), [join(ROOT, entry), ...options], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}
