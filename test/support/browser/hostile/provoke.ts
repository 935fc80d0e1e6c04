import { type Page, type Request } from 'playwright-core';

import { BROKEN, ENTRY } from './markup.js';

/** Buttons that one screen is asked for at most. */
const PRESSES_MAX = 25;
const SETTLE_MS = 10_000;

/** What is entered where a form takes nothing else, by the entry's name; and the files that are chosen. */
export interface Fitting {
  readonly entries?: Readonly<Record<string, string>>;
  /** Text of every file that is no picture. */
  readonly file: string;
  /** A PNG in base64, for entries of pictures. */
  readonly picture: string;
}

/** Puts {@link IN_PAGE} into every page of a browser context. */
export async function prepareToProvoke(page: Page): Promise<void> {
  await page.context().addInitScript(IN_PAGE);
}

/** What was done on a screen: names of the entries that were filled, and what was seen that no page may do. */
export interface Provoked {
  readonly filled: readonly string[];
  readonly faults: readonly string[];
}

/** Fills every entry of a page's screens, and of each dialog that its buttons open, with hostile texts and presses every button. */
export class Provoker {
  readonly #page: Page;
  readonly #under = new Set<Request>();
  #sent = 0;
  #filled: string[] = [];
  #faults: string[] = [];

  /** @param page that has {@link prepareToProvoke} behind it */
  constructor(page: Page) {
    this.#page = page;
    const ended = (request: Request): void => void this.#under.delete(request);
    page.on('request', (request) => {
      this.#sent += 1;
      this.#under.add(request);
    });
    page
      .on('requestfinished', ended)
      .on('requestfailed', ended)
      .on('framenavigated', () => {
        this.#under.clear();
      });
  }

  /** @param pressed names of the buttons that need no more pressing; those that are pressed are added */
  async act(fitting: Fitting, pressed = new Set<string>()): Promise<Provoked> {
    [this.#filled, this.#faults] = [[], []];
    await this.#look('at first');
    for (const text of [BROKEN, ENTRY]) await this.#enter('main', { text, fitting, fits: fitting.entries });
    for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
      const sent = this.#sent;
      const name = await this.#page.evaluate<string | null>(`hostile.press(${JSON.stringify([...pressed])})`);
      if (name === null) break;
      pressed.add(name);
      await this.#heard(sent, `after pressing ${name}`);
      if (await this.#page.evaluate<boolean>('hostile.dialog() !== null')) await this.#inDialog(name, fitting);
    }
    return { filled: this.#filled, faults: this.#faults };
  }

  /** Hostile everywhere, then with what fits where nothing else does, so that it is sent. */
  async #inDialog(name: string, fitting: Fitting): Promise<void> {
    for (const more of [{ text: BROKEN }, { text: ENTRY, fits: fitting.entries }]) {
      await this.#enter('[role=dialog]', { ...more, fitting });
      const sent = this.#sent;
      if (!(await this.#page.evaluate<boolean>('hostile.confirm()'))) break;
      await this.#heard(sent, `in the dialog of ${name}`);
    }
    await this.#page.evaluate('hostile.close()');
    await this.#look(`after the dialog of ${name}`);
  }

  async #enter(
    scope: string,
    {
      text,
      fits = {},
      fitting,
    }: { readonly text: string; readonly fits?: Fitting['entries']; readonly fitting: Fitting },
  ): Promise<void> {
    const { file, picture } = fitting;
    const given = JSON.stringify({ file, picture, scope, text, fits });
    this.#filled.push(...(await this.#page.evaluate<string[]>(`hostile.fill(${given})`)));
    await this.#look(`with ${text.slice(0, 12)} in ${scope}`);
  }

  /** A form that was sent off asks the gateway or says why not. @param before requests until then */
  async #heard(before: number, where: string): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    while (this.#sent === before && (await this.#page.evaluate<boolean>('hostile.silent()'))) {
      if (performance.now() > until) return void this.#faults.push(`nothing said, ${where}`);
      await this.#page.evaluate('hostile.drawn()');
    }
    await this.#look(where);
  }

  /** Waits until nothing is asked any more and the page is drawn. */
  async #look(where: string): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    do await this.#page.evaluate('hostile.drawn()');
    while (this.#under.size > 0 && performance.now() < until);
    await this.#page.evaluate('hostile.drawn()');
    const faults = await this.#page.evaluate<string[]>('hostile.faults()');
    this.#faults.push(...faults.map((fault) => `${fault}, ${where}`));
  }
}

/** What works inside the page. */
const IN_PAGE = String.raw`globalThis.print = () => undefined;
globalThis.hostile = (() => {
  const shown = (each) => each.checkVisibility() && each.getClientRects().length > 0;
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const drawn = () => Promise.race([frames(), new Promise((done) => setTimeout(done, 1000))]);
  const dialog = () => [...document.querySelectorAll('[role=dialog]')].find(shown) ?? null;
  const within = (scope) => (scope === 'main' ? document.querySelector('main') : dialog());
  const write = (entry, text) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(entry), 'value').set.call(entry, text);
    entry.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const attach = (entry, { text, file, picture }) => {
    const chosen = new DataTransfer();
    const image = entry.accept.startsWith('image');
    const bytes = image ? Uint8Array.from(atob(picture), (each) => each.charCodeAt(0)) : file;
    chosen.items.add(new File([bytes], text.slice(0, 2000) + (image ? '.png' : '.txt')));
    entry.files = chosen.files;
    entry.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const key = (entry, name, keyCode) =>
    entry.dispatchEvent(new KeyboardEvent('keydown', { key: name, code: name, keyCode, which: keyCode, bubbles: true }));
  const choose = async (entry) => {
    const select = entry.closest('.ant-select');
    if (select.matches('.ant-select-disabled') || select.querySelector('[title]')) return;
    entry.focus();
    key(entry, 'ArrowDown', 40);
    await drawn();
    const list = document.getElementById(entry.getAttribute('aria-controls'))?.closest('.ant-select-dropdown');
    list?.querySelector('.ant-select-item-option')?.click();
    await drawn();
    entry.blur();
  };
  const fillOne = async (entry, given) => {
    const wanted = given.fits[entry.id] ?? given.text;
    if (entry.type === 'file') attach(entry, given);
    else if (entry.type === 'checkbox' || entry.type === 'radio') entry.checked || entry.click();
    else if (/^(date|time|number)/.test(entry.type)) write(entry, '');  // The browser closes these itself.
    else if (entry.readOnly) await choose(entry);
    else if (entry.role === 'combobox') {
      write(entry, wanted);
      key(entry, 'Enter', 13);
      write(entry, '');
      await choose(entry);
    } else write(entry, wanted);
  };
  let submitted = null;
  return {
    drawn,
    dialog,
    async fill(given) {
      const seen = new Set();
      const next = () =>
        [...(within(given.scope)?.querySelectorAll('input, textarea') ?? [])].find((each) => !seen.has(each) && !each.disabled);
      for (let entry = next(); entry !== undefined; entry = next()) {
        seen.add(entry);
        await fillOne(entry, given);
      }
      const item = (each) => each.closest('.ant-form-item')?.querySelector('label')?.htmlFor;
      return [...seen].map((each) => each.id || item(each) || each.previousElementSibling?.id || '');
    },
    press(pressed) {
      for (const button of document.querySelectorAll('main button')) {
        const name = button.getAttribute('aria-label') ?? button.textContent;
        // Bytes that are saved unread, and what a page that failed offers: the failure is told.
        const saves = /重新载入|复制|下载|保存|导出|回执|证书/.test(name);
        if (!shown(button) || button.disabled || pressed.includes(name) || saves) continue;
        button.click();
        submitted = button.type === 'submit' ? button.form : null;
        return name;
      }
      return null;
    },
    confirm() {
      const button = dialog()?.querySelector('.ant-modal-footer .ant-btn:last-child');
      if (button == null) return false;
      button.click();
      submitted = dialog();
      return true;
    },
    silent() {
      const around = submitted?.closest('section, [role=dialog]') ?? submitted;
      const words = [...(around?.querySelectorAll('.ant-form-item-explain-error, .field-error, [role=alert]') ?? [])];
      return submitted?.isConnected === true && shown(submitted) && words.every((each) => each.textContent === '');
    },
    close() {
      dialog()?.querySelector('.ant-modal-close')?.click();
    },
    faults() {
      const strange = 'img[src="x"], [onload], [onerror], [onclick], [srcdoc], script:not([src]), iframe';
      const links = [...document.querySelectorAll('[href], [action], [formaction]')].map(
        (each) => each.getAttribute('href') ?? each.getAttribute('action') ?? each.getAttribute('formaction'),
      );
      const { scrollWidth } = document.documentElement;
      return [
        globalThis.pwned === undefined ? '' : 'a script ran',
        ...[...document.querySelectorAll(strange)].map((each) => 'an element of a text: ' + each.outerHTML.slice(0, 99)),
        ...links.filter((each) => /^\W*javascript:/i.test(each)).map((each) => 'a link that runs: ' + each.slice(0, 99)),
        document.querySelector('main h1') === null ? 'no h1' : '',
        document.querySelector('.ant-result-error') === null ? '' : 'the page failed',
        scrollWidth > innerWidth ? scrollWidth + ' wide' : '',
      ].filter((each) => each !== '');
    },
  };
})();`;
