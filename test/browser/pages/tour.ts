import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Page } from 'playwright-core';
import { choose } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { ROOT } from '../../support/source-tree.js';
import { COMMIT_MS } from './desks.js';

const GATEWAYS: Readonly<Record<string, string>> = { 重庆: 'chongqing', 北京: 'beijing' };
/** What a step of docs/tour.md may tell somebody to do. */
const ACT =
  /打开(重庆|北京)网关的 `([^`]+)`|点「([^」]+)」|把「([^」]+)」选为「([^」]+)」|选择文件 `([^`]+)`|看到「([^」]+)」/g;

/** docs/tour.md, followed step by step: what it says is what people find. */
export function describeTour(stage: () => Stage): void {
  describe('导览', () => {
    const markdown = readFileSync(join(ROOT, 'docs/tour.md'), 'utf8');
    const steps = [...markdown.matchAll(/^(\d+)\. (.+)\n {3}- (.+)$/gm)];

    test('each step does something and is told in both languages', () => {
      expect(steps.map(([, number]) => Number(number))).toEqual(steps.map((_, index) => index + 1));
      expect(steps.length).toBeGreaterThan(5);
      // What a step does is all that it says: a sentence that the test would pass over fails here.
      for (const [, , zh = ''] of steps) expect(zh.replaceAll(ACT, '').replaceAll(/[，。]/g, '')).toBe('');
      const named = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      for (const [, , zh = '', en = ''] of steps) expect(named(en)).toEqual(named(zh));
    });

    test('leads through the pages as it says', async () => {
      const page = await stage().visit('/');
      const contract = `导览用的合同，内容不离开本机 ${process.pid}`;
      const files = new Map([
        ['contract.txt', stage().secretFile('contract.txt', contract)],
        ['changed.txt', stage().secretFile('changed.txt', `${contract}!`)],
      ]);
      for (const [, , zh = ''] of steps) {
        for (const act of zh.matchAll(ACT)) await follow(stage(), page, act, files);
      }
    });
  });
}

type Files = ReadonlyMap<string, ReturnType<Stage['secretFile']>>;

async function follow(stage: Stage, page: Page, act: readonly string[], files: Files): Promise<void> {
  const [, gateway, path = '', button, label, value = '', file, seen] = act as readonly (string | undefined)[];
  if (gateway !== undefined) await page.goto(stage.url(path, GATEWAYS[gateway]));
  else if (button !== undefined)
    await page.getByRole('main').or(page.getByRole('dialog')).getByText(button).last().click();
  else if (label !== undefined) await choose(page, label, value);
  else if (file !== undefined) {
    const chosen = files.get(file);
    if (chosen === undefined) throw new Error(`the tour prepares no ${file}`);
    await page.setInputFiles('.drop-zone input, .drop input[multiple]', chosen);
  } else
    await page
      .getByText(seen ?? '')
      .first()
      .waitFor({ timeout: COMMIT_MS });
}
