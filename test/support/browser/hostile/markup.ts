/** What each hostile text would do where a page took it for more than a text: the mark is looked for by `lookAround`. */
const ACT = 'globalThis.pwned=1';
const ELEMENTS = `<img src=x onerror=${ACT}>"><svg/onload=${ACT}>`;
/** Turns the direction of reading. */
const BIDI = '\u202Egnp.exe';

/** Entered into fields: short enough for all of them, so that some of it reaches the gateway. */
export const ENTRY = `${ELEMENTS}{{7*7}}${BIDI}`;

/** What no text may end with: browsers let it be entered, and encoders refuse it. */
const HALF = String.fromCharCode(0xd800);

/** Entered into fields: what no field takes. Ten thousand characters, half a character, NUL, rare and joined ones. */
export const BROKEN = `javascript:${ACT}//${ELEMENTS}\u0000${HALF}\u{20BB7}\u{1F469}\u200D\u{1F4BB}${'W'.repeat(10_000)}`;

/** Around every text of an answer: in front of it, so that a link would run it, and behind it. */
const BEFORE = `javascript:${ACT}//`;
const AFTER = `${ELEMENTS}${BIDI}${'W'.repeat(80)}`;

/** Members that hold a word of a closed list, which the pages look up; the same names hold free texts elsewhere. */
const CLOSED: ReadonlySet<string> = new Set([
  ...['kind', 'evidenceKind', 'role', 'state', 'verdict', 'standing', 'code', 'decision', 'ground', 'purpose', 'basis'],
  ...[
    'bases',
    'interest',
    'statements',
    'schema',
    'action',
    'mode',
    'answer',
    'outcome',
    'resolution',
    'reason',
    'part',
  ],
  ...['shareability', 'token', 'operation', 'status', 'ending', 'from', 'to'],
]);
const WORD = /^[\w.-]+(\/\d)?$/;
/** What a page reads as something else than a text: times and days, organisations, a grant's number. */
const READ = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$|^\w+MSP$|^LG[0-9a-f]{32}$/;

/**
 * An answer with markup in every text, equal texts staying equal. @param all also where a word of a closed list stands
 * @param name of the member that holds the value
 */
export function seed(value: unknown, all = false, name = ''): unknown {
  if (typeof value === 'string') return seedText(value, all, name);
  if (Array.isArray(value)) return value.map((each) => seed(each, all, name));
  if (typeof value !== 'object' || value === null) return value;
  const below = (key: string): string => (name === 'statements' ? name : key);
  const members = Object.entries(value).map(([key, each]) => [key, seed(each, all, below(key))]);
  // Names may be hostile too, and some stand on every object of the language.
  return Object.fromEntries([...members, ...[ELEMENTS, 'constructor', '__proto__'].map((key) => [key, AFTER])]);
}

function seedText(text: string, all: boolean, name: string): string {
  const kept = !all && (READ.test(text) || (CLOSED.has(name) && WORD.test(text)));
  return kept || text === '' ? text : BEFORE + text + AFTER;
}

/** Takes off again what {@link seed} put on, before a page's request goes to the gateway. */
export function unseed(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(BEFORE, '').replaceAll(AFTER, '');
  if (Array.isArray(value)) return value.map(unseed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unseed(each)]));
}
