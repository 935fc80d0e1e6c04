import { type Page } from 'playwright-core';
import { choose, chooseByKeys, tabTo } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { AttestationDesk, ITEM_ID } from '../../support/network/attestation-desk.js';
import { buttonsOnPaper, COMMIT_MS, refusal, saved } from './desks.js';

const ITEM = 'ZJ-DESK-STATUS';
const MATTER = '000120013000';
const OTHER_MATTER = '000120013001';
const HOSTILE = '<b onclick=alert(1)>甬江</b>';

/** 跨域: two offices talk. */
export function describeCrossRegion(stage: () => Stage): void {
  describe('跨域', () => {
    let desk: AttestationDesk;

    beforeAll(async () => {
      desk = await AttestationDesk.open(stage().network);
    });

    const countOf = async (itemId: string): Promise<number> => {
      const { body } = await desk.asker.get('/v1/attestations?side=asked&limit=200');
      return (body.attestations as readonly { itemId: string }[]).filter((each) => each.itemId === itemId).length;
    };

    test('two regions ask, answer, preview, countersign and use once; another matter is refused in words', async () => {
      await publish(await stage().visit('/cross-region/catalogue', { as: 'admin@zhejiang' }));
      const asking = await stage().visit('/cross-region/catalogue', { as: 'officer@beijing' });
      const key = await ask(asking);
      const path = new URL(asking.url()).pathname;
      expect(await countOf(ITEM)).toBe(1);

      const answering = await stage().visit('/cross-region', { as: 'officer@zhejiang' });
      await answering.click(`a:has-text("${ITEM}")`);
      await answering.getByText(HOSTILE).waitFor();
      await answer(answering, stage());
      await release(answering, stage().bytes('holder-key.pem', key));

      await asking.goto(stage().url(path, 'beijing'));
      await countersignByKeys(asking);
      await asking.getByRole('button', { name: '使用', exact: true }).click();
      const use = asking.getByRole('dialog');
      await use.getByLabel(/^用于的事项编码/).fill(OTHER_MATTER);
      await use.getByLabel(/^决定文书号/).fill('京海许 2026-7');
      await use.getByRole('button', { name: '使用核验结果' }).click();
      expect(await refusal(use)).toEqual({ words: '不得用于申请之外的事项', code: 'ATTESTATION_MATTER' });
      await use.getByLabel(/^用于的事项编码/).fill(MATTER);
      await use.getByRole('button', { name: '使用核验结果' }).dblclick();
      await asking.getByText('已使用', { exact: true }).waitFor({ timeout: COMMIT_MS });
      const close = asking.getByRole('button', { name: '办结', exact: true });
      await close.waitFor();
      expect(await buttonsOnPaper(asking)).toBe(0);
      await close.click();
      await choose(asking, '办理结果', '准予', asking.getByRole('dialog'));
      await asking.getByRole('dialog').getByRole('button', { name: '办结' }).dblclick();
      await asking.getByText('已办结', { exact: true }).waitFor({ timeout: COMMIT_MS });
      const { body } = await desk.asker.get(`${path.replace('/cross-region/one', '/v1/attestations')}/history`);
      // Asked, answered, previewed, countersigned, used and closed, each once although every button was pressed twice.
      expect(body.acts).toHaveLength(6);
    });

    test('refuses with a reason, by keyboard, and a lost answer makes no second refusal', async () => {
      const { id } = await desk.request();
      const page = await stage().visit(`/cross-region/one/${id}`, { as: 'officer@zhejiang' });
      await tabTo(page, /^拒绝$/);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.keyboard.press('Enter'); // The focus is back where it was.
      await page.getByRole('dialog').waitFor();
      await chooseByKeys(page, /^拒绝理由/, '不属本单位职责');
      await tabTo(page, /^补充说明/);
      await page.keyboard.type('<script>alert(1)</script>请向原发证机关申请');
      await page.route(
        '**/refuse',
        async (route) => {
          await route.fetch(); // The chain has it, the page does not know.
          await route.abort();
        },
        { times: 1 },
      );
      await tabTo(page, /^拒绝核验$/);
      await page.keyboard.press('Enter');
      expect(await refusal(page.getByRole('dialog'))).toMatchObject({ code: 'GATEWAY_DOWN' });
      await page.keyboard.press('Enter');
      await page.getByText('已拒绝').first().waitFor({ timeout: COMMIT_MS });
      await page.getByText('<script>alert(1)</script>请向原发证机关申请').waitFor();
      const { body } = await desk.answerer.get(`/v1/attestations/${id}/history`);
      expect(body.acts).toHaveLength(2);
    });

    test('withdraws a wrong answer; an objection waits until it is resolved, and what cannot be done is not offered', async () => {
      const { id } = await desk.accepted();
      const objecting = await stage().visit(`/cross-region/one/${id}`, { as: 'clerk@beijing' });
      await objecting.click('text=提出异议');
      await choose(objecting, '异议理由', /./, objecting.getByRole('dialog'));
      await objecting.getByRole('dialog').getByRole('button', { name: '对核验提出异议' }).dblclick();
      await objecting.getByText('异议待处理，暂不得使用').waitFor({ timeout: COMMIT_MS });

      const asking = await stage().visit(`/cross-region/one/${id}`, { as: 'officer@beijing' });
      await asking.getByText('异议待处理期间不得使用').waitFor();
      expect(await asking.getByRole('button', { name: '使用' }).count()).toBe(0);

      const answering = await stage().visit(`/cross-region/one/${id}`, { as: 'officer@zhejiang', language: 'en' });
      await answering.getByText('Resolve it below').waitFor();
      await answering.getByRole('button', { name: 'Resolve' }).click();
      await choose(answering, 'Resolution', /./, answering.getByRole('dialog'));
      await answering
        .locator('[role=dialog] input[type=file]')
        .setInputFiles(stage().secretFile('written answer.pdf', 'the written answer stays here'));
      await answering.getByRole('dialog').getByRole('button', { name: 'Resolve' }).dblclick();
      await answering.getByText('Keep the salt with the case').waitFor({ timeout: COMMIT_MS });
      expect(await stage().accessibility(answering)).toEqual([]);
      const { body } = await desk.asker.get(`/v1/attestations/${id}`);
      expect(
        (body.objections as readonly { resolution?: object }[]).map((each) => each.resolution !== undefined),
      ).toEqual([true]);
    });

    test('shows what is overdue in red and says so', async () => {
      await desk.request();
      const page = await stage().visit('/verify', { as: 'officer@zhejiang' });
      // Days cannot be waited for: the gateway's own answer, as it would be a week later.
      await page.route('**/v1/attestations?**', async (route) => {
        const response = await route.fetch();
        const list = (await response.json()) as { attestations: readonly { state: string; dueAt: string }[] };
        const late = new Date(Date.now() - 50 * 3_600_000).toISOString();
        const lines = list.attestations.map((line) =>
          line.state === 'REQUESTED' ? { ...line, dueAt: late, overdue: true } : line,
        );
        await route.fulfill({ response, json: { ...list, attestations: lines } });
      });
      await page.click('a[href="/cross-region"]');
      const line = page.locator('.desk-overdue', { hasText: ITEM_ID }).first();
      await line.waitFor();
      expect(await line.locator('.desk-late').innerText()).toContain('已逾期 2 天');
      const colour = "getComputedStyle(document.querySelector('.desk-overdue .desk-late')).color";
      expect(await page.evaluate(colour)).toBe('rgb(179, 32, 29)');
    });
  });
}

async function publish(page: Page): Promise<void> {
  await page.click('text=发布事项');
  const item = page.getByRole('dialog');
  await item.getByLabel(/^事项标识/).fill(ITEM);
  await item.getByLabel('答复单位').fill('12330200MB2Y0003XF');
  await choose(page, '共享属性', '有条件共享', item);
  await item.getByLabel('法律依据').fill('SC716-11');
  await item.getByLabel('可核验字段').fill('status,validUntil,');
  await item.getByLabel('适用事项编码').fill(`${MATTER},`);
  await choose(page, '申请依据', '持证人同意', item);
  await item.getByLabel(/^答复时限/).fill('5');
  await item.getByLabel(/^逾期后/).fill('2');
  await item.getByRole('button', { name: '发布事项' }).dblclick();
  await page.getByText(ITEM).waitFor({ timeout: COMMIT_MS });
}

/** @returns the private key that the page made for the holder */
async function ask(page: Page): Promise<Buffer> {
  await page.locator('li', { hasText: ITEM }).getByRole('link', { name: '申请核验' }).click();
  await choose(page, /^事项编码/, MATTER);
  await choose(page, '应用场景', '行政许可');
  await page.getByLabel(/^本单位办理的法律依据/).fill('SC716-10');
  await choose(page, '申请核验的字段', '状态');
  await page.keyboard.press('Escape');
  await choose(page, '申请依据', '持证人同意');
  const pem = await saved(page, () => page.click('text=生成并保存私钥文件'));
  await choose(page, '证件类型', /^001/);
  await page.getByLabel('证件号码').fill('91330200MA2EXAMPLE');
  await page.getByLabel('姓名或名称').fill(HOSTILE);
  await page.getByLabel('用途说明').fill('在北京办理食品经营许可');
  await page.click('text=提交申请');
  await page.getByText('请先作出承诺').waitFor();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: '提交申请' }).dblclick();
  await page.getByText('已申请，待答复').waitFor({ timeout: COMMIT_MS });
  return pem;
}

async function answer(page: Page, stage: Stage): Promise<void> {
  await page.click('text=核验并答复');
  const dialog = page.getByRole('dialog');
  await choose(page, '核验结论', '有效', dialog);
  await dialog.getByLabel('结论截至时间').fill(localTime(-3_600_000));
  await dialog.getByLabel(/^查询的系统/).fill('ZJ-LICENCE');
  await dialog.getByLabel('结论有效期至').fill('2099-01-01T08:00');
  await dialog.getByText('须在今后 366 天之内').waitFor();
  await dialog.getByLabel('结论有效期至').fill(localTime(30 * 86_400_000));
  await dialog
    .locator('input[type=file]')
    .setInputFiles(stage.secretFile('查询结果截图.png', 'what was seen stays here'));
  await dialog.getByLabel('状态').fill(HOSTILE);
  await dialog.getByRole('button', { name: '核验并答复' }).dblclick();
  await page.getByText('等待持证人预览').waitFor({ timeout: COMMIT_MS });
}

async function release(page: Page, keyFile: string): Promise<void> {
  await page.getByRole('button', { name: '持证人预览' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(HOSTILE).waitFor();
  await choose(page, '持证人的决定', '持证人同意提供', dialog);
  await dialog.locator('input[type=file]').setInputFiles(keyFile);
  await dialog.getByRole('button', { name: '签名并登记' }).dblclick();
  await page.locator('.facts').getByText('持证人同意提供').waitFor({ timeout: COMMIT_MS });
}

async function countersignByKeys(page: Page): Promise<void> {
  await page.getByRole('button', { name: '会签' }).waitFor();
  await tabTo(page, /^会签$/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('两地签署同一哈希值').waitFor();
  await tabTo(page, /^会签$/);
  await page.keyboard.press('Enter');
  await page.getByText('双方会签，已出具').waitFor({ timeout: COMMIT_MS });
}

/** A time from now as a form takes it, `2026-03-01T08:00`, by the clock of this machine. */
function localTime(fromNowMs: number): string {
  const offsetMs = new Date().getTimezoneOffset() * 60_000;
  return new Date(Date.now() + fromNowMs - offsetMs).toISOString().slice(0, 16);
}
