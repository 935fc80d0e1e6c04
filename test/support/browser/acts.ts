import { type Locator, type Page } from 'playwright-core';

/** Presses of Tab in which everything on a page must be reached. */
const TABS_MAX = 60;
/** Options of a list that are gone through by keyboard. */
const OPTIONS_MAX = 40;

/** Chooses a word of a list by mouse. @param label of the list @param within where more than one has that label */
export async function choose(
  page: Page,
  label: string | RegExp,
  option: string | RegExp,
  within: Locator | Page = page,
): Promise<void> {
  await within.getByLabel(label).click();
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
}

/** Goes to an element by Tab alone. @throws {Error} where the keyboard does not reach it */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    await page.keyboard.press('Tab');
    if (name.test(await focusedName(page))) return;
  }
  throw new Error(`the keyboard does not reach ${name.source}`);
}

/** Chooses a word of a list by keyboard alone. @throws {Error} where it is not reached */
export async function chooseByKeys(page: Page, label: RegExp, option: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.press('ArrowDown');
  const active = page.locator('.ant-select-dropdown:visible .ant-select-item-option-active');
  await active.waitFor();
  for (let presses = 0; presses < OPTIONS_MAX; presses += 1) {
    if ((await active.innerText()).includes(option)) {
      await page.keyboard.press('Enter');
      await active.waitFor({ state: 'hidden' });
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the keyboard does not reach ${option}`);
}

/** What a screen reader would call the element that has the focus, nearly. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { activeElement: at } = document;
    const label = at.labels?.[0]?.textContent ?? '';
    return at.getAttribute('aria-label') ?? (label === '' ? at.textContent : label);
  })()`);
}
