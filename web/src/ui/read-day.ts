import { type Day, parseDay } from '../../../domain/calendar.js';
import { DomainError } from '../../../domain/errors.js';

/** A day out of an entry or an address. @returns `undefined` for what is none: half a date, while somebody types */
export function readDay(text: string): Day | undefined {
  try {
    return parseDay(text, 'asOf');
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
