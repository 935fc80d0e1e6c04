import { parseFieldNames } from './attestation-shapes.js';
import { DomainError } from './errors.js';
import { type Fields, optional, readFields, readRequest, readShape } from './fields.js';

/**
 * What only the two organisations may read. It travels as transient data and lies in private collections; the chain
 * holds the SHA-256 of its canonical JSON. The salt makes that digest useless to whoever tries all possible contents.
 */
export type AttestationPayload = SubjectPayload | AnswerPayload | ReasonPayload;

interface Salted {
  /** 64 lower-case hex digits, 256 bits of chance. */
  readonly salt: string;
}

/** Whom a request is about and what is claimed. */
export interface SubjectPayload extends Salted {
  readonly schema: 'attestation-subject/1';
  /** GB/T 36903 annex A: `111` 公民身份号码, `001` 统一社会信用代码, and others of three digits. */
  readonly numberType: string;
  readonly number: string;
  readonly name?: string;
  /** 用途说明, 1 to 200 characters. */
  readonly purpose: string;
  /** Values to be compared, by field name. */
  readonly claims?: Readonly<Record<string, string>>;
}

/** Values that are told, by field name; only where a plain answer is not enough. */
export interface AnswerPayload extends Salted {
  readonly schema: 'attestation-answer/1';
  readonly fields: Readonly<Record<string, string>>;
}

/** Why a request was refused, in words. */
export interface ReasonPayload extends Salted {
  readonly schema: 'attestation-reason/1';
  readonly text: string;
}

/** The parts of an attestation that are private, and where each stands in the record. */
export const PAYLOAD_PARTS = ['subject', 'answer', 'reason'] as const;
export type PayloadPart = (typeof PAYLOAD_PARTS)[number];

/** Whether a payload is there and is what was recorded. `DELETED`: purged on purpose, and the digest still stands. */
export const PAYLOAD_VERDICTS = ['INTACT', 'DELETED', 'MISSING', 'ALTERED'] as const;
export type PayloadVerdict = (typeof PAYLOAD_VERDICTS)[number];

/** One private part as an entitled officer reads it. */
export interface PayloadReading {
  readonly part: PayloadPart;
  /** SHA-256 that the chain holds, lower-case hex. */
  readonly digest: string;
  readonly verdict: PayloadVerdict;
  readonly payload?: AttestationPayload;
}

/** @throws REQUEST_MALFORMED, REQUEST_TOO_LARGE; the message never repeats what was sent */
export function parseSubjectPayload(value: unknown): SubjectPayload {
  const fields = readRequest(value, ['schema', 'salt', 'numberType', 'number', 'name', 'purpose', 'claims'], 'payload');
  return {
    schema: readSchema(fields, 'attestation-subject/1'),
    salt: readSalt(fields),
    numberType: readShape(fields.numberType, /^\d{3}$/, 'payload.numberType', 'three digits'),
    number: readShape(fields.number, /^[0-9A-Z-]{6,40}$/, 'payload.number', 'a number of 6 to 40 characters'),
    purpose: readText(fields.purpose, 'payload.purpose', 200),
    ...optional('name', fields.name === undefined ? undefined : readText(fields.name, 'payload.name', 100)),
    ...optional('claims', fields.claims === undefined ? undefined : readValues(fields.claims, 'payload.claims')),
  };
}

/** @throws REQUEST_MALFORMED, REQUEST_TOO_LARGE */
export function parseAnswerPayload(value: unknown): AnswerPayload {
  const fields = readRequest(value, ['schema', 'salt', 'fields'], 'payload');
  return {
    schema: readSchema(fields, 'attestation-answer/1'),
    salt: readSalt(fields),
    fields: readValues(fields.fields, 'payload.fields'),
  };
}

/** @throws REQUEST_MALFORMED, REQUEST_TOO_LARGE */
export function parseReasonPayload(value: unknown): ReasonPayload {
  const fields = readRequest(value, ['schema', 'salt', 'text'], 'payload');
  return {
    schema: readSchema(fields, 'attestation-reason/1'),
    salt: readSalt(fields),
    text: readText(fields.text, 'payload.text', 500),
  };
}

/** What each part is. */
export interface PayloadParts {
  readonly subject: SubjectPayload;
  readonly answer: AnswerPayload;
  readonly reason: ReasonPayload;
}

/** The parser of each part. */
export const PAYLOAD_PARSERS: { readonly [part in PayloadPart]: (value: unknown) => PayloadParts[part] } = {
  subject: parseSubjectPayload,
  answer: parseAnswerPayload,
  reason: parseReasonPayload,
};

function readSchema<Name extends string>({ schema }: Fields, name: Name): Name {
  if (schema === name) return name;
  throw new DomainError('REQUEST_MALFORMED', { where: 'payload.schema', wanted: name });
}

function readSalt({ salt }: Fields): string {
  return readShape(salt, /^[0-9a-f]{64}$/, 'payload.salt', '64 lower-case hex digits');
}

/** @param charsMax UTF-16 code units. */
function readText(value: unknown, where: string, charsMax: number): string {
  const wellFormed = typeof value === 'string' && value.isWellFormed() && value.trim() !== '';
  if (wellFormed && value.length <= charsMax) return value;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: `a text of 1 to ${charsMax} characters` });
}

function readValues(value: unknown, where: string): Readonly<Record<string, string>> {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const fields = readFields(value, names.length === 0 ? [] : parseFieldNames(names, where), where);
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, readText(each, where, 256)]));
}
