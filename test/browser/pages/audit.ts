import { type Page } from 'playwright-core';
import { choose, tabTo } from '../../support/browser/acts.js';
import { type Stage } from '../../support/browser/stage.js';
import { registration } from '../../support/network/evidence-requests.js';
import { COMMIT_MS, refusal, saved, tellTime } from './desks.js';

/** Acts in the table that is paged; ten thousand by the environment (`scripts/soak pages`). */
const ROWS = Number(process.env['YINZHENG_PAGE_ROWS'] ?? 60);
const PAGE_ROWS = 50;
const IN_FLIGHT = 50;
const ABSENT = `EV${'0'.repeat(32)}`;

/** 审计: an auditor sees everything. */
export function describeAudit(stage: () => Stage): void {
  describe('审计', () => {
    const visit = (path: string) => stage().visit(path, { as: 'auditor@beijing' });
    const register = async (): Promise<{ readonly id: string; readonly txId: string }> => {
      const { body } = await (await stage().network.restAs('clerk@chongqing')).post('/v1/evidence', registration());
      return { id: (body.record as { id: string }).id, txId: String(body.txId) };
    };

    test('another region looks a record up at the desk, and the auditor finds both acts by keyboard', async () => {
      const { id, txId } = await register();
      const officer = await stage().visit('/clerk/record', { as: 'officer@zhejiang' });
      await officer.fill('#id', id);
      await officer.keyboard.press('Enter');
      await officer.click('text=登记调取');
      await choose(officer, '目的', '查验', officer.getByRole('dialog'));
      await officer.getByRole('dialog').getByRole('button', { name: '登记调取' }).dblclick();
      await officer.getByText('officer@zhejiang.example').waitFor({ timeout: COMMIT_MS });

      const page = await visit('/audit');
      await tabTo(page, /^编号、交易、岗位或单位/);
      await page.keyboard.type(txId);
      await page.keyboard.press('Enter');
      await page.locator('.desk-list > li').nth(1).waitFor({ state: 'hidden' });
      await tabTo(page, new RegExp(`^${id}$`));
      await page.keyboard.press('Enter');
      await page.getByText('保管链完整').waitFor();
      expect(await actsOn(page)).toEqual(['存证登记', '调取']);
      expect(await page.innerText('.desk-list')).toMatch(
        /区块 \d+ · 交易序号 0（从 0 起）[^]*背书机构：\w+MSP、\w+MSP/,
      );
    });

    test('narrows, pages and exports what was done, and says what a record that is not there is', async () => {
      const { id } = await register();
      const page = await visit('/audit');
      await choose(page, '机构', 'ChongqingMSP');
      await choose(page, '行为', '存证登记');
      await page.click('button:has-text("检索")');
      const others = page.locator('.desk-list > li strong').filter({ hasNotText: '存证登记' });
      await others.first().waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: id }).waitFor();
      const csv = (await saved(page, () => page.click('text=导出 CSV'))).toString();
      const lines = (await saved(page, () => page.click('text=导出 NDJSON'))).toString().trim().split('\n');
      const found = lines.map((line) => (JSON.parse(line) as { readonly evidenceId: string }).evidenceId);
      expect(found).toContain(id);
      expect(csv.trim().split('\n')).toHaveLength(lines.length + 1);
      await page.goto(stage().url(`/audit/record/${ABSENT}`, 'beijing'));
      expect(await refusal(page)).toEqual({ words: '账本没有这一存证编号', code: 'EVIDENCE_NOT_FOUND' });
      expect(await page.getByRole('button', { name: '再试一次' }).count()).toBe(0); // It would not help.
    });

    test('hears of a new act at once, and of what came while it was not listening', async () => {
      const page = await visit('/audit/live');
      await page.getByText('已连接').waitFor();
      const first = await register();
      await page.getByText(first.id).waitFor({ timeout: COMMIT_MS });
      await page.click('button:has-text("暂停")');
      const second = await register();
      await page.click('button:has-text("继续")');
      await page.getByText(second.id).waitFor({ timeout: COMMIT_MS });
      expect(await page.getByText(first.id).count()).toBe(1);
    });

    test('counts, compares peers, and reads the whole chain again', async () => {
      const page = await visit('/audit/figures');
      await page.getByText('按日（北京时间）').waitFor();
      expect(await page.innerText('figure:has-text("按行为")')).toMatch(/存证登记\s+有效 \d+/);
      await page.click('a[href="/audit/network"]');
      await page.getByText('4 / 4 个节点与本网关索引的链一致').waitFor({ timeout: COMMIT_MS });
      await page.click('a[href="/audit/integrity"]');
      await page.click('button:has-text("开始检查")');
      await page.getByText(/^完整：4 个节点/).waitFor({ timeout: COMMIT_MS });
    });

    test('pages through a long table without growing, however long it is', async () => {
      const clerk = await stage().network.restAs('clerk@beijing');
      for (let done = 0; done < ROWS; done += IN_FLIGHT) {
        const wanted = Array.from({ length: Math.min(IN_FLIGHT, ROWS - done) }, () => registration());
        const replies = await Promise.all(wanted.map((each) => clerk.post('/v1/evidence', each)));
        expect(replies.filter(({ status }) => status !== 201)).toEqual([]);
      }
      const started = performance.now();
      const page = await visit('/audit');
      await page
        .locator('.desk-list > li')
        .nth(PAGE_ROWS - 1)
        .waitFor();
      tellTime(`the first page of ${ROWS} acts`, started);
      const first = await page.innerText('.desk-list > li >> nth=0');
      for (const [button, place] of [
        ['较旧的一页', '第 2 页'],
        ['较新的一页', '第 1 页'],
      ] as const) {
        await page.click(`button:has-text("${button}")`);
        await page.getByText(place).waitFor();
        await page.locator('.desk-list[aria-busy=false]').waitFor();
      }
      tellTime('and one page on and back', started);
      expect(await page.locator('.desk-list > li').count()).toBe(PAGE_ROWS);
      expect(await page.innerText('.desk-list > li >> nth=0')).toBe(first);
      const csv = await saved(page, () => page.click('text=导出 CSV'));
      tellTime('and all of it exported', started);
      expect(csv.toString().split('\n').length).toBeGreaterThan(ROWS);
    });

    test('is for auditors, and says so to everybody else', async () => {
      const page = await stage().visit('/audit', { as: 'officer@zhejiang' });
      expect(await page.innerText('main')).toContain(
        '当前岗位（跨区域经办人员）不能使用此页面。可用的角色：审计人员。',
      );
    });
  });
}

function actsOn(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    "[...document.querySelectorAll('.desk-list > li strong')].map((each) => each.textContent)",
  );
}
