import { type Cbor, type CborMap, isMap } from './cbor.js';
import { fromBase64, toBase64 } from '../bytes.js';
import { ProofError } from '../proof-error.js';

/** What one value of a receipt may be. A map's members are written under the number that stands first. */
export type Shape =
  | { readonly kind: 'uint'; readonly max: number }
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'bytes'; readonly min: number; readonly max: number }
  | { readonly kind: 'list'; readonly item: Shape; readonly min: number; readonly max: number }
  | { readonly kind: 'map'; readonly members: Members };

/** Members of a map by name. */
export type Members = Readonly<Record<string, Member>>;

/** Number of a member, its shape, and whether it must be there. */
export interface Member {
  readonly key: number;
  readonly shape: Shape;
  readonly required: boolean;
}

/** The value that a shape describes. */
export type Shaped<S> = S extends { kind: 'uint' }
  ? number
  : S extends { kind: 'text' }
    ? string
    : S extends { kind: 'bytes' }
      ? Uint8Array
      : S extends { kind: 'list'; item: infer Item }
        ? readonly Shaped<Item>[]
        : S extends { kind: 'map'; members: infer M }
          ? ShapedMap<M>
          : never;

type ShapedMap<M> = {
  readonly [Name in keyof M as M[Name] extends { required: true } ? Name : never]: M[Name] extends { shape: infer S }
    ? Shaped<S>
    : never;
} & {
  readonly [Name in keyof M as M[Name] extends { required: true } ? never : Name]?: M[Name] extends { shape: infer S }
    ? Shaped<S>
    : never;
};

/** JSON of a shaped value: bytes in base64. */
export type View = number | string | readonly View[] | { readonly [name: string]: View };

/** Members whose numbers stand in no table and are kept as they are: number and value. */
export type Others = ReadonlyMap<number, Cbor>;

/** @throws {ProofError} RECEIPT_MALFORMED, naming the place */
export function readShaped<S extends Shape>(shape: S, value: Cbor | undefined, where: string): Shaped<S> {
  return read(shape, value, where) as Shaped<S>;
}

/** The CBOR of a shaped value; members that are absent are left out. */
export function writeShaped(shape: Shape, value: unknown): Cbor {
  if (shape.kind === 'list') return (value as readonly unknown[]).map((item) => writeShaped(shape.item, item));
  if (shape.kind !== 'map') return value as Cbor;
  return new Map(
    present(shape.members, value).map(([, member, content]) => [member.key, writeShaped(member.shape, content)]),
  );
}

/** The JSON of a shaped value. */
export function viewShaped(shape: Shape, value: unknown): View {
  if (shape.kind === 'bytes') return toBase64(value as Uint8Array);
  if (shape.kind === 'list') return (value as readonly unknown[]).map((item) => viewShaped(shape.item, item));
  if (shape.kind !== 'map') return value as View;
  return Object.fromEntries(
    present(shape.members, value).map(([name, member, content]) => [name, viewShaped(member.shape, content)]),
  );
}

/** The CBOR that a JSON view stands for; {@link readShaped} then judges it. @throws {ProofError} RECEIPT_MALFORMED */
export function unviewShaped(shape: Shape, view: unknown, where: string): Cbor {
  if (shape.kind === 'bytes') {
    const bytes = typeof view === 'string' ? fromBase64(view) : undefined;
    if (bytes === undefined) throw malformed(where, 'base64');
    return bytes;
  }
  if (shape.kind === 'list') {
    if (!Array.isArray(view)) throw malformed(where, 'a list');
    return view.map((item, index) => unviewShaped(shape.item, item, `${where}[${index}]`));
  }
  if (shape.kind !== 'map') return unviewPlain(view, where);
  return unviewMap(shape.members, view, where);
}

function unviewPlain(view: unknown, where: string): Cbor {
  if (typeof view === 'number' || typeof view === 'string') return view;
  throw malformed(where, 'a number or a text');
}

function unviewMap(members: Members, view: unknown, where: string): CborMap {
  if (typeof view !== 'object' || view === null || Array.isArray(view)) throw malformed(where, 'an object');
  return new Map(
    Object.entries(view).map(([name, content]) => {
      const member = Object.hasOwn(members, name) ? members[name] : undefined;
      if (member === undefined) throw malformed(`${where}.${name}`, 'a known member');
      return [member.key, unviewShaped(member.shape, content, `${where}.${name}`)];
    }),
  );
}

function present(members: Members, value: unknown): [string, Member, unknown][] {
  const contents = value as Readonly<Record<string, unknown>>;
  return Object.entries(members).flatMap(([name, member]) =>
    contents[name] === undefined ? [] : [[name, member, contents[name]] as [string, Member, unknown]],
  );
}

function read(shape: Shape, value: Cbor | undefined, where: string): unknown {
  switch (shape.kind) {
    case 'uint':
      return wanted(value, typeof value === 'number' && value <= shape.max, where, `an integer to ${shape.max}`);
    case 'text':
      return wanted(value, isSized(value, 'string', 1, shape.max), where, `a text of 1 to ${shape.max} characters`);
    case 'bytes':
      return wanted(value, isSized(value, 'object', shape.min, shape.max), where, `${shape.min} to ${shape.max} bytes`);
    case 'list':
      return readList(shape, value, where);
    case 'map':
      return readMembers(shape.members, value, where);
  }
}

function readList(shape: Extract<Shape, { kind: 'list' }>, value: Cbor | undefined, where: string): unknown[] {
  if (!Array.isArray(value) || !isWithin(value.length, shape.min, shape.max)) {
    throw malformed(where, `a list of ${shape.min} to ${shape.max}`);
  }
  return (value as readonly Cbor[]).map((item, index) => read(shape.item, item, `${where}[${index}]`));
}

function readMembers(members: Members, value: Cbor | undefined, where: string): Record<string, unknown> {
  if (!isMap(value)) throw malformed(where, 'a map');
  const names = new Map(Object.entries(members).map(([name, { key }]) => [key, name]));
  for (const key of value.keys()) {
    if (!names.has(key)) throw malformed(`${where}.${key}`, 'a known member');
  }
  const found: Record<string, unknown> = {};
  for (const [name, { key, shape, required }] of Object.entries(members)) {
    if (value.has(key)) found[name] = read(shape, value.get(key), `${where}.${name}`);
    else if (required) throw malformed(`${where}.${name}`, 'to be present');
  }
  return found;
}

function isWithin(length: number, min: number, max: number): boolean {
  return length >= min && length <= max;
}

/** Whether a value is a text or a byte string, as `type` says, of a length within bounds. */
function isSized(value: Cbor | undefined, type: 'string' | 'object', min: number, max: number): boolean {
  const sized = typeof value === 'string' || value instanceof Uint8Array ? value : undefined;
  return typeof sized === type && sized !== undefined && isWithin(sized.length, min, max);
}

function wanted(value: Cbor | undefined, holds: boolean, where: string, what: string): Cbor | undefined {
  if (!holds) throw malformed(where, what);
  return value;
}

function malformed(where: string, wanted: string): ProofError {
  return new ProofError('RECEIPT_MALFORMED', `${where} is wanted as ${wanted}`);
}
