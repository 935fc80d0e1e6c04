/** What a reader's eye or a file system would obey instead of showing: controls, and what turns the direction of writing. */
const OBEYED = /[\p{Cc}\p{Cs}\u200B-\u200F\u061C\u2028-\u202E\u2060-\u2069\uFEFF]/gu;
/** What file systems forbid or give a meaning. */
const FORBIDDEN = /[\\/:*?"<>|]/g;
/** Longest name that is kept, code points: with an id and an ending it fits every file system's 255 bytes in UTF-8. */
const NAME_CHARS_MAX = 60;

/** A file's name as it may be shown: `合同\u202Efdp.exe` reads as what it is. */
export function shownName(name: string): string {
  return name.replace(OBEYED, '\uFFFD');
}

/** A name for a file of ours after somebody else's: no folder, no hidden file, no name with a meaning. */
export function safeName(name: string): string {
  const plain = shownName(name)
    .replace(FORBIDDEN, '_')
    .replace(/^[.\s]+/, '_')
    .trim();
  return Array.from(plain === '' ? '_' : plain)
    .slice(0, NAME_CHARS_MAX)
    .join('');
}
