import { DomainError } from './errors.js';
import { readShape } from './fields.js';

/** Most fields one item lists, and one request asks for. */
export const ATTESTATION_FIELDS_MAX = 24;

/**
 * Number of a catalogue item, `ZJ-LICENCE-STATUS`: words of capital letters, the later ones also with digits. Shapes
 * in this file are narrow on purpose: no number of a person fits any of them (test/property/attestation-parsers.test.ts).
 * @throws REQUEST_MALFORMED
 */
export function parseItemId(value: unknown, where = 'itemId'): string {
  return readShape(value, /^[A-Z]{2,8}(-[A-Z]{1,10}\d{0,3}){1,3}$/, where, 'an item number such as ZJ-LICENCE-STATUS');
}

/**
 * 事项编码 of a government service: a basic code of 12 characters or an implementation code of 31, digits and capitals.
 * @throws REQUEST_MALFORMED
 */
export function parseMatter(value: unknown, where = 'matter'): string {
  return readShape(value, /^(\d{12}|[0-9A-Z]{31})$/, where, 'a matter code of 12 or 31 characters');
}

/**
 * A provision by the short name of its law, article and paragraph, `SC716-11-1`: what the glossary explains.
 * @throws REQUEST_MALFORMED
 */
export function parseProvision(value: unknown, where: string): string {
  return readShape(value, /^[A-Z]{2,8}\d{0,4}-\d{1,3}(-\d{1,2})?$/, where, 'a provision such as SC716-11-1');
}

/** The system that was looked into, `ZJ-LICENCE`. @throws REQUEST_MALFORMED */
export function parseSourceSystem(value: unknown): string {
  return readShape(value, /^[A-Z]{2,8}(-[A-Z]{1,10}){1,2}$/, 'sourceSystem', 'a system such as ZJ-LICENCE');
}

/** Field names, each once, sorted. @throws REQUEST_MALFORMED */
export function parseFieldNames(value: unknown, where = 'fields'): readonly string[] {
  return readSet(value, where, ATTESTATION_FIELDS_MAX, (name) =>
    readShape(name, /^[a-z][a-zA-Z]{1,31}$/, where, 'names such as validUntil'),
  );
}

/**
 * A list whose order means nothing: 1 to `countMax` values, each once, sorted by UTF-16 code units.
 * @throws REQUEST_MALFORMED and what `parse` throws
 */
export function readSet<Value extends string>(
  value: unknown,
  where: string,
  countMax: number,
  parse: (each: unknown) => Value,
): readonly Value[] {
  const malformed = () => new DomainError('REQUEST_MALFORMED', { where, wanted: `1 to ${countMax} values, each once` });
  if (!Array.isArray(value) || value.length === 0 || value.length > countMax) throw malformed();
  const found = new Set(value.map(parse));
  if (found.size !== value.length) throw malformed();
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** An integer in a range, both ends included. @throws REQUEST_MALFORMED */
export function readInteger(value: unknown, where: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: `a whole number, ${least} to ${most}` });
}
