/**
 * Characters that a terminal obeys instead of showing: the controls of ASCII and Latin-1, and those that turn the
 * direction of writing (Unicode Bidi_Control, line and paragraph separators, byte order mark). A file's name may hold them.
 */
const OBEYED = /[\p{Cc}\u200E\u200F\u061C\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** One line of text as it is safe to write to a terminal: `\x1b` and `\u202e` stand for what they name. */
export function printable(text: string): string {
  return text.replace(OBEYED, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** As {@link printable} for several lines; the breaks between them stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** JSON on one line, every character that a terminal would obey written as an escape of JSON itself. */
export function printableJson(value: object): string {
  return JSON.stringify(value).replace(OBEYED, (letter) => {
    return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
