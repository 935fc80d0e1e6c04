import { DomainError } from './errors.js';

/** The members of a request whose names were checked; values are still unknown. */
export type Fields = Readonly<Record<string, unknown>>;

/** Largest request a contract reads, in UTF-16 code units. */
export const REQUEST_CHARS_MAX = 16_384;

/**
 * Reads a whole request, as text of JSON or already parsed.
 * @param charsMax for the few requests that may be larger. @throws REQUEST_TOO_LARGE and what {@link readFields} throws
 */
export function readRequest(
  value: unknown,
  allowed: readonly string[],
  where = 'request',
  charsMax = REQUEST_CHARS_MAX,
): Fields {
  return readFields(typeof value === 'string' ? readJsonText(value, where, charsMax) : value, allowed, where);
}

/**
 * Reads an object. Refuses names that are not expected, so that a misspelt or smuggled member is never ignored.
 * @param value parsed JSON; an object inside a request has this one form, never text again.
 * @param allowed the names a caller may use.
 * @throws REQUEST_MALFORMED; the message names the place and what was wanted, never what was sent.
 */
export function readFields(value: unknown, allowed: readonly string[], where = 'request'): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'a JSON object' });
  }
  const strays = Object.keys(value).filter((name) => !allowed.includes(name)).length;
  if (strays > 0) {
    throw new DomainError('REQUEST_MALFORMED', { where, wanted: `only these members: ${allowed.join(', ')}`, strays });
  }
  return value as Fields;
}

function readJsonText(text: string, where: string, charsMax: number): unknown {
  if (text.length > charsMax) throw new DomainError('REQUEST_TOO_LARGE', { where, charsMax });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'JSON' });
  }
}

/** A member that must be one word of a closed list. @throws REQUEST_MALFORMED */
export function readWord<Word extends string>(value: unknown, words: readonly Word[], where: string): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new DomainError('REQUEST_MALFORMED', { where, wanted: `one of ${words.join(', ')}` });
  return found;
}

/** As {@link readWord}; an absent member is `otherwise`. @throws REQUEST_MALFORMED */
export function readWordOr<Word extends string>(
  value: unknown,
  words: readonly Word[],
  where: string,
  otherwise: Word,
): Word {
  return value === undefined ? otherwise : readWord(value, words, where);
}

/** A member of a fixed shape. @param shape anchored expression. @param wanted what to tell the caller. @throws REQUEST_MALFORMED */
export function readShape(value: unknown, shape: RegExp, where: string, wanted: string): string {
  if (typeof value === 'string' && shape.test(value)) return value;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted });
}

/** A member that must be true or false; absent is false. @throws REQUEST_MALFORMED */
export function readFlag(value: unknown, where: string): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'true or false' });
}

const INSTANT_WANTED = 'a time as in RFC 3339, 2026-03-01T08:30:00Z';

/**
 * A time as the caller claims it.
 * @param wanted what to tell a caller who sent something else. @returns RFC 3339 in UTC with milliseconds, `2026-03-01T08:30:00.000Z`: one form for each instant.
 * @throws REQUEST_MALFORMED
 */
export function readInstant(value: unknown, where: string, wanted = INSTANT_WANTED): string {
  const text = readShape(value, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/, where, wanted);
  const day = text.slice(0, 10);
  const instant = readDate(text);
  // Engines read 30 February as 2 March, and an offset can push the calendar's ends out of the four-digit years.
  if (instant.length !== 24 || !readDate(day).startsWith(day)) {
    throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'a time that exists' });
  }
  return instant;
}

/** @returns the instant as ECMAScript writes it, empty where there is none. */
function readDate(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

/** Leaves out a member instead of writing `undefined`. */
export function optional<Value, Name extends string>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
