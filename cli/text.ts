/** Columns that everything written for people fits in. */
export const COLUMNS = 80;

/** Characters that terminals draw two columns wide (Unicode UAX 11: East Asian Wide and Fullwidth, as far as we write). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/;
/** Chinese punctuation that must not begin a line, and that which must not end one (GB/T 15834). */
const CLOSING = '，。；：、！？）》」”’';
const OPENING = '（《「“‘';

/** Columns that a text takes on a terminal: a Chinese character two, any other one. */
export function displayWidth(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (WIDE.test(letter) || letter > '\u{1FFFF}' ? 2 : 1), 0);
}

/** Fills a text up with spaces to a width in columns. A longer text is left as it is. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/**
 * Breaks a text into lines of at most `columns`: Latin at spaces, Chinese between any two characters but never before
 * closing punctuation. A word longer than a line (a digest behind a long indent) is cut.
 * @param indent what each further line begins with.
 */
export function wrap(text: string, columns: number = COLUMNS, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const unit of units(text).flatMap((whole) => cut(whole, columns - displayWidth(indent)))) {
    if (line.trim() !== '' && displayWidth(line + unit.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += line === indent ? unit.trimStart() : unit;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** Pieces that a line break may stand between; a Latin word keeps the space after it. */
function units(text: string): string[] {
  const pieces: string[] = [];
  for (const piece of text.match(/[^\s\u2E80-\u9FFF\uFF00-\uFFEF“”‘’]+\s*|\s+|./gu) ?? []) {
    const last = pieces.at(-1);
    const sticks = last !== undefined && (CLOSING.includes(piece.trim()) || OPENING.includes(last.at(-1) ?? ' '));
    if (sticks && piece.trim() !== '') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces;
}

function cut(unit: string, columns: number): string[] {
  if (displayWidth(unit.trimEnd()) <= columns) return [unit];
  const letters = Array.from(unit);
  const pieces: string[] = [''];
  for (const letter of letters) {
    const last = pieces.at(-1) ?? '';
    if (displayWidth(last + letter) > columns) pieces.push(letter);
    else pieces[pieces.length - 1] = last + letter;
  }
  return pieces;
}

/** Lines of `label  value`, the values under each other, wrapped to 80 columns. */
export function fields(rows: readonly (readonly [label: string, value: string])[], indent = '  '): string {
  const widest = Math.max(0, ...rows.map(([label]) => displayWidth(label)));
  const under = indent + ' '.repeat(widest + 2);
  return rows.map(([label, value]) => wrap(`${indent}${padTo(label, widest)}  ${value}`, COLUMNS, under)).join('\n');
}
