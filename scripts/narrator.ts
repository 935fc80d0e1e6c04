import { COLUMNS, fields, wrap } from '../cli/text.js';

/** One thing that had to hold in a story. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
}

/** Tells a story to people, Chinese first, and keeps what had to hold. */
export class Narrator {
  readonly #write: (text: string) => void;
  readonly checks: Check[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A heading. */
  title(zh: string, en: string): void {
    this.#write(`\n${wrap(`【${zh}】 ${en}`)}\n`);
  }

  /** A sentence in both languages. */
  say(zh: string, en: string): void {
    this.#write(`${wrap(zh, COLUMNS, '')}\n${wrap(en, COLUMNS, '')}\n`);
  }

  /** Labelled values. */
  show(rows: readonly (readonly [string, string])[]): void {
    this.#write(`${fields(rows)}\n`);
  }

  /** Something that must hold; told as it turned out. */
  check(ok: boolean, zh: string, en: string): void {
    this.checks.push({ what: en, ok });
    this.#write(`${wrap(`  ${ok ? '[ok]' : '[FAILED]'} ${zh} ${en}`, COLUMNS, '       ')}\n`);
  }
}
