import { UNIT_SHAPE } from '../../domain/actor.js';
import { AUDIT_KINDS, parsePeriod } from '../../domain/audit-filter.js';
import { DomainError } from '../../domain/errors.js';
import { type Fields, optional, readShape, readWord } from '../../domain/fields.js';
import { type EventFilter, type LedgerPlace } from '../audit/event-filter.js';

/** Names that narrow a list of events, wherever it is listed, exported or followed. */
export const FILTER_NAMES = ['actor', 'org', 'unit', 'kind', 'code', 'record', 'q', 'from', 'to'] as const;

/** Rows of one page. */
const PAGE = { usual: 50, most: 200 } as const;
/** A digest, an id, a post or a unit, which may have a Chinese name. */
const SEARCH_SHAPE = /^[\p{L}\p{N}][\p{L}\p{N}（）()·._@-]{0,127}$/u;

/**
 * Reads what narrows a list of events. A word that names nothing is refused: "no events" would read as if somebody had
 * looked. @param members MSP ids of the channel, where they are known. @throws REQUEST_MALFORMED
 */
export function readFilter(fields: Fields, members: readonly string[] | undefined): EventFilter {
  const { actor, org, unit, kind, code, record, q, from, to } = fields;
  const word = (value: unknown, where: string) => readShape(value, /^[\w.@-]{1,128}$/, where, 'one word');
  const member = (value: unknown) => (members === undefined ? word(value, 'org') : readWord(value, members, 'org'));
  return {
    ...read('actor', actor, word),
    ...read('org', org, member),
    ...read('unit', unit, (value, where) => readShape(value, UNIT_SHAPE, where, 'a unit code or name')),
    ...read('kind', kind, (value, where) => readWord(value, AUDIT_KINDS, where)),
    ...(code === 'refused' ? { refused: true } : read('code', code, readCode)),
    ...read('record', record, word),
    ...optional('search', q === undefined ? undefined : readShape(q, SEARCH_SHAPE, 'q', 'one id, name or digest')),
    ...parsePeriod(from, to),
  };
}

/** @throws REQUEST_MALFORMED */
export function readCursor(value: unknown): LedgerPlace {
  const text = readShape(value, /^\d{1,15}\.\d{1,9}$/, 'cursor', 'the cursor of the page before');
  const [blockNumber = 0, txIndex = 0] = text.split('.').map(Number);
  return { blockNumber, txIndex };
}

/** Where a page ended, as the next question takes it. */
export function cursorOf({ blockNumber, txIndex }: LedgerPlace): string {
  return `${blockNumber}.${txIndex}`;
}

/** How many rows a page is to have. @throws REQUEST_MALFORMED */
export function readLimit(value: unknown): number {
  if (value === undefined) return PAGE.usual;
  const limit = Number(readShape(value, /^[1-9]\d{0,2}$/, 'limit', `1 to ${PAGE.most}`));
  if (limit > PAGE.most) throw new DomainError('REQUEST_MALFORMED', { where: 'limit', wanted: `1 to ${PAGE.most}` });
  return limit;
}

function read<Name extends string>(
  name: Name,
  value: unknown,
  parse: (value: unknown, where: string) => string,
): { [key in Name]?: string } {
  return optional(name, value === undefined ? undefined : parse(value, name));
}

function readCode(value: unknown, where: string): string {
  return readShape(value, /^[A-Z0-9_]{1,64}$/, where, 'a validation code such as VALID, or refused');
}
