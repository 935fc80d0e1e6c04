import { type Branded } from './brand.js';
import { DomainError } from './errors.js';
import { readInstant, readShape } from './fields.js';

/** A day in China, `2026-03-01`. Licences are dated by days, and all of China keeps one time, UTC+8. */
export type Day = Branded<'Day'>;

/** One day, milliseconds. */
export const DAY_MS = 86_400_000;
/** China's offset from UTC, milliseconds; without summer time since 1992. */
const OFFSET_MS = 8 * 3_600_000;

/** @throws REQUEST_MALFORMED for what is no day of the calendar */
export function parseDay(value: unknown, where: string): Day {
  const text = readShape(value, /^[12]\d{3}-\d{2}-\d{2}$/, where, 'a day, 2026-03-01');
  readInstant(`${text}T00:00:00Z`, where);
  return text as Day;
}

/** The day that it is in China at an instant. @param ms Unix milliseconds */
export function dayAt(ms: number): Day {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 10) as Day;
}

/** An instant as people in China read it, `2026-03-01 08:00:00 (UTC+8)`, to the second. @param text RFC 3339; else it stays. */
export function chinaTime(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return text;
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')} (UTC+8)`;
}

/** First millisecond of a day in China. */
export function startOfDayMs(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) - OFFSET_MS;
}

/** Last millisecond of a day in China. */
export function endOfDayMs(day: Day): number {
  return startOfDayMs(day) + DAY_MS - 1;
}

/** Days from one day to another; negative where the second comes first. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((startOfDayMs(to) - startOfDayMs(from)) / DAY_MS);
}

/** @param count days, negative ones go back. */
export function addDays(day: Day, count: number): Day {
  return dayAt(startOfDayMs(day) + count * DAY_MS);
}

/**
 * The instant that a question is about: a time, or a day, which stands for its end, and today for now.
 * @param nowMs Unix milliseconds. @throws REQUEST_MALFORMED for the future, which nobody can answer about
 */
export function readAsOfMs(value: unknown, nowMs: number): number {
  if (value === undefined || value === '') return nowMs;
  const wanted = 'a day or a time that is not in the future';
  const isDay = typeof value === 'string' && value.length === 10;
  const ms = isDay ? endOfDayMs(parseDay(value, 'asOf')) : Date.parse(readInstant(value, 'asOf'));
  if (ms <= nowMs) return ms;
  if (isDay && value === dayAt(nowMs)) return nowMs;
  throw new DomainError('REQUEST_MALFORMED', { where: 'asOf', wanted });
}
