import { type Actor, parseMspId } from './actor.js';
import { DomainError } from './errors.js';
import { type Fields, optional, readFields, readFlag, readRequest, readShape, readWord } from './fields.js';
import { parseRequestId, type RequestId, type TxId } from './ids.js';
import { type IssuerCode, type LicenseTypeCode, parseIssuerCode, parseLicenseTypeCode } from './license-id.js';
import { parseUnitCode, type UnitCode } from './unit-code.js';

/** Kinds of licence, as words of a closed list: a name that an authority chose would be free text on the chain. */
export const LICENSE_KINDS = [
  'business-license',
  'food-license',
  'practice-certificate',
  'driving-license',
  'residence-permit',
  'real-estate-certificate',
  'construction-permit',
  'road-transport-permit',
  'other',
] as const;
export type LicenseKind = (typeof LICENSE_KINDS)[number];

/**
 * Who may know a face field. `private`: only its salted digest is on the chain; the value is kept by the issuing
 * organisation and in the holder's file. `unit-code`: a company's 统一社会信用代码, public, so it stands in clear.
 */
export const FIELD_PRIVACIES = ['private', 'unit-code'] as const;
export type FieldPrivacy = (typeof FIELD_PRIVACIES)[number];

/** Face fields of one type, and authorities that may issue it, at most. */
export const TYPE_FIELDS_MAX = 40;
export const TYPE_AUTHORITIES_MAX = 64;

/** Name of a face field, such as `holderName`. */
export type FieldName = string;

/** A unit of an organisation: its certificates, and nobody else's, act for it. */
export interface AuthorityUnit {
  readonly mspId: string;
  readonly unit: UnitCode;
}

/** An authority that issues licences of a type. */
export interface Authority extends AuthorityUnit {
  /** 颁发机构代码 in identifiers: the unit's code, or a region's where the type admits the old form. */
  readonly code: IssuerCode;
  /** 上级机关: may change the status of the authority's licences too (行政许可法 article 69). */
  readonly superior?: AuthorityUnit;
}

/** 适用范围: everywhere, or below these GB/T 2260 prefixes, two, four or six digits each (行政许可法 article 41). */
export type TerritorialScope =
  { readonly kind: 'national' } | { readonly kind: 'regional'; readonly regions: readonly string[] };

export interface DefineTypeRequest {
  readonly requestId: RequestId;
  readonly typeCode: LicenseTypeCode;
  readonly kind: LicenseKind;
  readonly fields: Readonly<Record<FieldName, FieldPrivacy>>;
  readonly authorities: readonly Authority[];
  readonly scope: TerritorialScope;
  /** Whether issuers may be coded in the old form, as regions. */
  readonly legacyIssuers: boolean;
}

/** 证照类型 in the catalogue. The authority that defined it may define it again; each time counts as a revision. */
export interface LicenseType extends DefineTypeRequest {
  readonly schema: 'license-type/1';
  /** From 1. */
  readonly revision: number;
  readonly definedBy: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** A miss is an answer. */
export type LicenseTypeResult =
  { readonly found: false; readonly typeCode: LicenseTypeCode } | ({ readonly found: true } & LicenseType);

/** @throws REQUEST_MALFORMED, ID_MALFORMED */
export function parseDefineTypeRequest(value: unknown): DefineTypeRequest {
  const members = ['requestId', 'typeCode', 'kind', 'fields', 'authorities', 'scope', 'legacyIssuers'];
  const fields = readRequest(value, members);
  const legacy = readFlag(fields.legacyIssuers, 'legacyIssuers');
  return {
    requestId: parseRequestId(fields.requestId),
    typeCode: parseLicenseTypeCode(fields.typeCode),
    kind: readWord(fields.kind, LICENSE_KINDS, 'kind'),
    fields: readFieldCatalogue(fields.fields),
    authorities: readAuthorities(fields.authorities, legacy),
    scope: readScope(fields.scope),
    legacyIssuers: legacy,
  };
}

/** A name of a face field. @throws REQUEST_MALFORMED */
export function parseFieldName(value: unknown, where: string): FieldName {
  return readShape(value, /^[a-z][A-Za-z]{1,39}$/, where, 'a field name: letters, the first one small, 2 to 40');
}

function readFieldCatalogue(value: unknown): Readonly<Record<FieldName, FieldPrivacy>> {
  const entries = Object.entries(readObject(value, 'fields'));
  if (entries.length === 0 || entries.length > TYPE_FIELDS_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'fields', wanted: `1 to ${TYPE_FIELDS_MAX} fields` });
  }
  return Object.fromEntries(
    entries.map(([name, privacy]) => [parseFieldName(name, 'fields'), readWord(privacy, FIELD_PRIVACIES, 'fields')]),
  );
}

/** @returns the value as an object whose names are still to be checked. @throws REQUEST_MALFORMED */
export function readObject(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new DomainError('REQUEST_MALFORMED', { where, wanted: 'a JSON object' });
}

function readAuthorities(value: unknown, legacy: boolean): readonly Authority[] {
  const wanted = `1 to ${TYPE_AUTHORITIES_MAX} authorities, each code once`;
  if (!Array.isArray(value) || value.length === 0 || value.length > TYPE_AUTHORITIES_MAX) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'authorities', wanted });
  }
  const authorities = value.map((item) => readAuthority(item, legacy));
  if (new Set(authorities.map(({ code }) => code)).size !== authorities.length) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'authorities', wanted });
  }
  return authorities;
}

function readAuthority(value: unknown, legacy: boolean): Authority {
  const fields = readFields(value, ['code', 'mspId', 'unit', 'superior'], 'authorities');
  const unit = parseAuthorityUnit({ mspId: fields.mspId, unit: fields.unit }, 'authorities');
  const code = parseIssuerCode(fields.code ?? unit.unit, { legacy });
  if (code.length === unit.unit.length && String(code) !== String(unit.unit)) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'authorities.code', wanted: "the unit's own code" });
  }
  const superior = fields.superior === undefined ? undefined : parseAuthorityUnit(fields.superior, 'superior');
  return { code, ...unit, ...optional('superior', superior) };
}

/** A unit of an organisation as a request names it. @throws REQUEST_MALFORMED */
export function parseAuthorityUnit(value: unknown, where: string): AuthorityUnit {
  const { mspId, unit } = readFields(value, ['mspId', 'unit'], where);
  return { mspId: parseMspId(mspId, `${where}.mspId`), unit: parseUnitCode(unit, `${where}.unit`) };
}

function readScope(value: unknown): TerritorialScope {
  const fields = readFields(value, ['kind', 'regions'], 'scope');
  const kind = readWord(fields.kind, ['national', 'regional'] as const, 'scope.kind');
  if (kind === 'national') {
    readFields(value, ['kind'], 'scope');
    return { kind };
  }
  const wanted = '1 to 40 prefixes of region codes';
  const { regions } = fields;
  if (!Array.isArray(regions) || regions.length === 0 || regions.length > 40) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'scope.regions', wanted });
  }
  return { kind, regions: regions.map((region) => readShape(region, /^(\d{2}){1,3}$/, 'scope.regions', wanted)) };
}

/** Whether a licence of this scope is good in a region. @param region GB/T 2260, six digits */
export function isInScope(scope: TerritorialScope, region: string): boolean {
  return scope.kind === 'national' || scope.regions.some((prefix) => region.startsWith(prefix));
}
