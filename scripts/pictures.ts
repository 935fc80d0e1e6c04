import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { packageRoot } from '../network/manager/package-root.js';
import { choose } from '../test/support/browser/acts.js';
import { type Look, Stage } from '../test/support/browser/stage.js';
import { digestsOf, registration } from '../test/support/network/evidence-requests.js';

const FOLDER = join(packageRoot(), 'docs', 'pictures');
const CONTRACT = '买卖合同（示例）：本文件只用于网页截图。 A sample contract, for pictures alone.';
const PHONE = 390;
/** A desk's window, narrow enough to be read in a row of three. */
const DESK = 880;
const COMMIT_MS = 60_000;

type Page = Awaited<ReturnType<Stage['visit']>>;

/** Takes the pictures of the README: a citizen's phone, a clerk's desk, an auditor's timeline. */
async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const stage = await Stage.open();
  try {
    const clerk = await stage.network.restAs('clerk@chongqing');
    await clerk.post('/v1/evidence', registration({ digests: digestsOf(CONTRACT) }));
    const id = await recordWithHistory(stage);
    await picture(stage, 'verify', ['/verify', { width: PHONE }], async (page) => {
      await page.setInputFiles('.drop input[multiple]', stage.file('买卖合同.pdf', CONTRACT));
      await page.waitForSelector('[data-answer=signers].VALID');
      await page.waitForSelector('[data-verdict=MATCH]');
      // From the answers down: the way in, and what was given, stand above.
      await page.evaluate("document.getElementById('answers').scrollIntoView()");
    });
    await picture(stage, 'clerk', ['/clerk', { as: 'clerk@chongqing', width: DESK }], async (page) => {
      await choose(page, '证据种类', '书证');
      const names = ['买卖合同.pdf', '送货单.pdf', '微信聊天记录.pdf'];
      await page.setInputFiles(
        '.drop-zone input',
        names.map((name) => stage.secretFile(name, `${name}：${CONTRACT}`)),
      );
      await page.getByRole('button', { name: `登记 ${names.length} 份文件` }).click();
      await page.getByText(`${names.length} / ${names.length} 份已登记`).waitFor({ timeout: COMMIT_MS });
      await page.evaluate("document.querySelector('fieldset').scrollIntoView()");
    });
    await picture(stage, 'audit', [`/audit/record/${id}`, { as: 'auditor@beijing', width: DESK }], async (page) => {
      await page.locator('.desk-list > li').nth(2).waitFor();
    });
    const faults = await stage.check();
    if (faults.console.length > 0) throw new Error(`the pages complained: ${faults.console.join('; ')}`);
  } finally {
    await stage.close();
  }
}

/** A record that another region looked up and objected to. @returns its id */
async function recordWithHistory({ network }: Stage): Promise<string> {
  const clerk = await network.restAs('clerk@chongqing');
  const { body } = await clerk.post('/v1/evidence', registration());
  const { id } = body.record as { readonly id: string };
  const officer = await network.restAs('officer@zhejiang');
  await officer.post(`/v1/evidence/${id}/accesses`, { purpose: 'examination', changed: false });
  const court = await network.restAs('clerk@beijing');
  await court.post(`/v1/evidence/${id}/objections`, { ground: 'contrary-evidence' });
  return id;
}

async function picture(
  stage: Stage,
  name: string,
  [path, look]: readonly [string, Look],
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await stage.visit(path, look);
  await prepare(page);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
