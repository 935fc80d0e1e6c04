import { ProofError } from '../proof-error.js';

/** Reads one value of a trust root. `where` names the place in errors. @throws {ProofError} TRUST_ROOT_MALFORMED */
export type Read<T> = (value: unknown, where: string) => T;

const LIST_MAX = 10_000;
const TEXT_MAX = 65_536;

/** A text of the given shape. */
export function textOf(shape: RegExp): Read<string> {
  return (value, where) => {
    if (typeof value === 'string' && value.length <= TEXT_MAX && shape.test(value)) return value;
    throw malformed(where, `a text like ${shape.source}`);
  };
}

/** An integer from `min` to 2^53-1. */
export function integerFrom(min: number): Read<number> {
  return (value, where) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    throw malformed(where, `an integer from ${min}`);
  };
}

/** One word of a closed list. */
export function wordOf<const Word extends string>(...words: readonly Word[]): Read<Word> {
  return (value, where) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw malformed(where, `one of ${words.join(', ')}`);
    return found;
  };
}

/** A list of at least `min` items. */
export function listOf<T>(item: Read<T>, min = 0): Read<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value) || value.length < min || value.length > LIST_MAX) {
      throw malformed(where, `a list of at least ${min}`);
    }
    return value.map((each, index) => item(each, `${where}[${index}]`));
  };
}

type Members<T> = { readonly [Name in keyof T]-?: undefined extends T[Name] ? Optional<T[Name]> : Read<T[Name]> };
type Optional<T> = { readonly optional: Read<Exclude<T, undefined>> };

/** Marks a member that may be absent. */
export function maybe<T>(read: Read<T>): { readonly optional: Read<T> } {
  return { optional: read };
}

/** An object with exactly these members: what is not known is refused, as it might narrow what is trusted. */
export function objectOf<T extends object>(members: Members<T>): Read<T> {
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(where, 'an object');
    const stray = Object.keys(value).find((name) => !Object.hasOwn(members, name));
    if (stray !== undefined) throw malformed(`${where}.${stray}`, 'absent');
    const contents = value as Readonly<Record<string, unknown>>;
    const entries = Object.entries(members as Record<string, Read<unknown> | Optional<unknown>>);
    return Object.fromEntries(
      entries.flatMap(([name, member]) => {
        const read = typeof member === 'function' ? member : member.optional;
        if (contents[name] === undefined && typeof member !== 'function') return [];
        return [[name, read(contents[name], `${where}.${name}`)]];
      }),
    ) as T;
  };
}

/** Says what was wanted where. */
export function malformed(where: string, wanted: string): ProofError {
  return new ProofError('TRUST_ROOT_MALFORMED', `${where} is wanted as ${wanted}`);
}
