import { type Actor } from './actor.js';
import { type MatterTrailStatement } from './attestation-trail.js';
import { DAY_MS } from './calendar.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import { type Fields, optional, readInstant, readRequest, readShape, readWord } from './fields.js';
import { type HolderSignature, parseHolderSignature } from './holder-key.js';
import { type EntryId, parseEntryId, parseRequestId, type RequestId, type TxId } from './ids.js';
import { type LicenseId, type LicenseKey, parseLicenseId } from './license-id.js';
import {
  type AuthorityUnit,
  type FieldName,
  parseAuthorityUnit,
  parseFieldName,
  TYPE_FIELDS_MAX,
} from './license-type.js';
import { holdsPersonalNumber } from './personal-number.js';

/** Uses of one grant at most. */
export const GRANT_USES_MAX = 20;
/** Longest time that a grant lasts, milliseconds. */
export const GRANT_MS_MAX = 366 * DAY_MS;
/** Longest life of a presentation code, milliseconds. */
export const PRESENTATION_MS_MAX = 120_000;

/** 用证目的. A longer text stays with holder and verifier; its salted digest is in the grant. */
export const USE_PURPOSES = [
  'government-service',
  'identity-check',
  'qualification-check',
  'contract',
  'court-proceedings',
  'notarisation',
  'credit',
] as const;
export type UsePurpose = (typeof USE_PURPOSES)[number];

/** `present`: each use needs a fresh code from the holder (亮证). `standing`: none does, within the grant (授权用证). */
export const GRANT_MODES = ['present', 'standing'] as const;
export type GrantMode = (typeof GRANT_MODES)[number];

/** 事项编码 of the matter that a verifier handles, 12 to 31 digits and capital letters. */
export type MatterCode = string;

/** What the holder allows: one verifier, one matter, one purpose, some fields, a time and a number of uses. */
export interface GrantStatement {
  readonly kind: 'license.grant';
  readonly licenseId: LicenseId;
  readonly verifier: AuthorityUnit;
  readonly matterCode: MatterCode;
  readonly purpose: UsePurpose;
  /** Salted digest of the purpose in the holder's words, at most 200 characters. */
  readonly purposeDigest: DigestHex;
  /** Sorted, each once; none allows the status alone, which needs no grant. */
  readonly fields: readonly FieldName[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** 1 to {@link GRANT_USES_MAX}. */
  readonly maxUses: number;
  readonly mode: GrantMode;
  /** Tells equal grants apart. */
  readonly nonce: RequestId;
}

/** Takes a grant back; earlier uses stay lawful (PIPL article 15). */
export interface RevokeStatement {
  readonly kind: 'license.revoke';
  readonly licenseId: LicenseId;
  readonly grantId: EntryId;
}

/** 亮证码: what the holder shows, as a code. Good for one use before it expires. */
export interface PresentStatement {
  readonly kind: 'license.present';
  readonly licenseId: LicenseId;
  readonly grantId: EntryId;
  /** At most {@link PRESENTATION_MS_MAX} after it was made. */
  readonly notAfter: string;
  readonly nonce: RequestId;
}

/** 延续申请: asks to have the named version renewed. */
export interface RenewStatement {
  readonly kind: 'license.renew';
  readonly licenseId: LicenseId;
}

/** Asks for the trail of one licence: who looked, when, what for. */
export interface TrailStatement {
  readonly kind: 'license.trail';
  readonly licenseId: LicenseId;
  readonly notAfter: string;
  /** Leaves out everything but the attestations that were asked for before this time: the next page of a long trail. */
  readonly before?: string;
}

/** What a holder signs. The signature covers `yinzheng `, and the statement as canonical JSON, in UTF-8. */
export type HolderStatement =
  GrantStatement | RevokeStatement | PresentStatement | RenewStatement | TrailStatement | MatterTrailStatement;

/** A statement and the signature of a key that is enrolled for the licence. */
export interface Signed<Statement extends HolderStatement> {
  readonly statement: Statement;
  readonly signature: HolderSignature;
}

/** What comes before a statement in what is signed, so that no other text of a holder is one. */
export const SIGNED_PREFIX = 'yinzheng ';

export interface Grant extends Signed<GrantStatement> {
  readonly schema: 'license-grant/1';
  readonly id: EntryId;
  readonly licenseKey: LicenseKey;
  readonly consentBy: ConsentBy;
  readonly txId: TxId;
  readonly txTime: string;
}

/** Whose key signed. */
export type ConsentBy = 'holder' | 'guardian';

export interface Revocation extends Signed<RevokeStatement> {
  readonly schema: 'license-revocation/1';
  readonly licenseKey: LicenseKey;
  readonly consentBy: ConsentBy;
  readonly txId: TxId;
  readonly txTime: string;
}

/** A verifier's reading under a grant. */
export interface UseRequest {
  readonly requestId: RequestId;
  readonly licenseId: LicenseId;
  readonly grantId: EntryId;
  readonly matterCode: MatterCode;
  /** The holder's code, where the grant wants one. */
  readonly presentation?: Signed<PresentStatement>;
}

/** A use that was consumed, and what it showed. */
export interface LicenseUse {
  readonly schema: 'license-use/1';
  readonly id: EntryId;
  readonly licenseKey: LicenseKey;
  readonly grantId: EntryId;
  readonly request: UseRequest;
  /** From 1, at most the grant's `maxUses`. */
  readonly sequence: number;
  readonly verifier: Actor;
  /** The version that was current, and its salted digests of the granted fields. */
  readonly shown: LicenseId;
  readonly fields: Readonly<Record<FieldName, DigestHex>>;
  readonly txId: TxId;
  readonly txTime: string;
}

/** One line of the holder's trail, newest first. */
export interface TrailEntry {
  readonly action: 'grant' | 'revoke' | 'use';
  readonly grantId: EntryId;
  readonly receiver: AuthorityUnit;
  readonly matterCode: MatterCode;
  readonly purpose: UsePurpose;
  readonly fields: readonly FieldName[];
  /** `granted`, `revoked` or `shown`. */
  readonly outcome: string;
  /** Who used it: a post. */
  readonly by?: string;
  readonly txId: TxId;
  readonly txTime: string;
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseUseRequest(value: unknown): UseRequest {
  const fields = readRequest(value, ['requestId', 'licenseId', 'grantId', 'matterCode', 'presentation']);
  return {
    requestId: parseRequestId(fields.requestId),
    licenseId: readId(fields),
    grantId: parseEntryId('LG', fields.grantId),
    matterCode: parseMatterCode(fields.matterCode),
    ...optional('presentation', fields.presentation === undefined ? undefined : parsePresent(fields.presentation)),
  };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseSignedGrant(value: unknown): Signed<GrantStatement> {
  const { statement, signature } = readSigned(value);
  const members = ['verifier', 'matterCode', 'purpose', 'purposeDigest', 'fields', 'notBefore', 'notAfter'];
  const fields = readRequest(statement, ['kind', 'licenseId', ...members, 'maxUses', 'mode', 'nonce'], 'statement');
  const notBefore = readInstant(fields.notBefore, 'notBefore');
  const notAfter = readInstant(fields.notAfter, 'notAfter');
  const lastsMs = Date.parse(notAfter) - Date.parse(notBefore);
  if (lastsMs <= 0 || lastsMs > GRANT_MS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'notAfter', wanted: 'after notBefore, within 366 days' });
  }
  const grant = {
    kind: readWord(fields.kind, ['license.grant'] as const, 'kind'),
    licenseId: readId(fields),
    verifier: parseAuthorityUnit(fields.verifier, 'verifier'),
    matterCode: parseMatterCode(fields.matterCode),
    purpose: readWord(fields.purpose, USE_PURPOSES, 'purpose'),
    purposeDigest: parseSaltedDigest(fields.purposeDigest),
    fields: readFieldNames(fields.fields),
    notBefore,
    notAfter,
    maxUses: readUses(fields.maxUses),
    mode: readWord(fields.mode, GRANT_MODES, 'mode'),
    nonce: parseRequestId(fields.nonce),
  };
  return { statement: grant, signature };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseSignedRevocation(value: unknown): Signed<RevokeStatement> {
  const { statement, signature } = readSigned(value);
  const fields = readRequest(statement, ['kind', 'licenseId', 'grantId'], 'statement');
  const kind = readWord(fields.kind, ['license.revoke'] as const, 'kind');
  return { statement: { kind, licenseId: readId(fields), grantId: parseEntryId('LG', fields.grantId) }, signature };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseSignedRenewal(value: unknown): Signed<RenewStatement> {
  const { statement, signature } = readSigned(value);
  const fields = readRequest(statement, ['kind', 'licenseId'], 'statement');
  return {
    statement: { kind: readWord(fields.kind, ['license.renew'] as const, 'kind'), licenseId: readId(fields) },
    signature,
  };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseSignedTrail(value: unknown): Signed<TrailStatement> {
  const { statement, signature } = readSigned(value);
  const fields = readRequest(statement, ['kind', 'licenseId', 'notAfter', 'before'], 'statement');
  const kind = readWord(fields.kind, ['license.trail'] as const, 'kind');
  const notAfter = readInstant(fields.notAfter, 'notAfter');
  const before = fields.before === undefined ? undefined : readInstant(fields.before, 'before');
  return { statement: { kind, licenseId: readId(fields), notAfter, ...optional('before', before) }, signature };
}

/** @throws REQUEST_MALFORMED, also where it could be a person's number */
export function parseMatterCode(value: unknown): MatterCode {
  const wanted = 'a matter code, 12 to 31 digits and capital letters';
  const code = readShape(value, /^[0-9A-Z]{12,31}$/, 'matterCode', wanted);
  if (holdsPersonalNumber(code)) throw new DomainError('REQUEST_MALFORMED', { where: 'matterCode', wanted });
  return code;
}

function parsePresent(value: unknown): Signed<PresentStatement> {
  const { statement, signature } = readSigned(value);
  const fields = readRequest(statement, ['kind', 'licenseId', 'grantId', 'notAfter', 'nonce'], 'presentation');
  const present = {
    kind: readWord(fields.kind, ['license.present'] as const, 'kind'),
    licenseId: readId(fields),
    grantId: parseEntryId('LG', fields.grantId),
    notAfter: readInstant(fields.notAfter, 'presentation.notAfter'),
    nonce: parseRequestId(fields.nonce),
  };
  return { statement: present, signature };
}

/**
 * A statement, still to be parsed, and its signature. What is signed is the parsed statement in canonical form, so one
 * statement has one form however it was sent. @throws REQUEST_MALFORMED
 */
export function readSigned(value: unknown): { readonly statement: unknown; readonly signature: HolderSignature } {
  const fields = readRequest(value, ['statement', 'signature'], 'signed');
  if (typeof fields.statement === 'string') {
    throw new DomainError('REQUEST_MALFORMED', { where: 'statement', wanted: 'a JSON object' });
  }
  return { statement: fields.statement, signature: parseHolderSignature(fields.signature) };
}

function readId(fields: Fields): LicenseId {
  return parseLicenseId(fields.licenseId, { legacy: true });
}

function readFieldNames(value: unknown): readonly FieldName[] {
  const wanted = `at most ${TYPE_FIELDS_MAX} field names, each once`;
  if (!Array.isArray(value) || value.length > TYPE_FIELDS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'fields', wanted });
  }
  const names = new Set(value.map((name) => parseFieldName(name, 'fields')));
  if (names.size !== value.length) throw new DomainError('REQUEST_MALFORMED', { where: 'fields', wanted });
  return [...names].sort((a, b) => (a < b ? -1 : 1)); // ASCII letters only.
}

function readUses(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= GRANT_USES_MAX) return value;
  throw new DomainError('REQUEST_MALFORMED', { where: 'maxUses', wanted: `1 to ${GRANT_USES_MAX}` });
}
