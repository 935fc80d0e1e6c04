import { type Branded } from './brand.js';
import { DomainError } from './errors.js';
import { holdsPersonalNumber } from './personal-number.js';
import { isUnitCode, type UnitCode } from './unit-code.js';

/** 电子证照标识 (GB/T 36904): root, type, issuer, serial, version and check character, joined by dots. */
export type LicenseId = Branded<'LicenseId'>;
/** What all versions of one licence share: type, issuer and serial, joined by dots. */
export type LicenseKey = Branded<'LicenseKey'>;
/** 证照类型代码: the defining authority's unit code and three digits. */
export type LicenseTypeCode = Branded<'LicenseTypeCode'>;
/** 颁发机构代码: a unit code; in identifiers of the old form the six digits of a region. */
export type IssuerCode = Branded<'IssuerCode'>;
/** 流水号: 7 to 32 digits and capital letters. */
export type LicenseSerial = Branded<'LicenseSerial'>;

/** OID arc that GB/T 36904 gives electronic licences. */
export const LICENSE_ID_ROOT = '1.2.156.3005.2';
/** Versions are three digits, from 001. */
export const LICENSE_VERSION_MAX = 999;

/** An identifier in its parts. */
export interface LicenseParts {
  readonly typeCode: LicenseTypeCode;
  readonly issuerCode: IssuerCode;
  readonly serial: LicenseSerial;
  /** 1 to {@link LICENSE_VERSION_MAX}. */
  readonly version: number;
}

/** Whether identifiers of before GB/T 36904 are read too: those whose issuer is six digits of a region. */
export interface LicenseIdForms {
  readonly legacy?: boolean;
}

const WANTED = 'a licence identifier after GB/T 36904 whose check characters hold';

/**
 * Both layers are checked: the unit codes inside (GB 32100, MOD 31) and the whole (ISO 7064, MOD 37,36).
 * @param value with or without the root. @throws ID_MALFORMED. Held by test/property/license-id.test.ts.
 */
export function parseLicenseId(value: unknown, forms: LicenseIdForms = {}): LicenseId {
  return formatLicenseId(readLicenseParts(value, forms));
}

/** As {@link parseLicenseId}, in parts. @throws ID_MALFORMED */
export function readLicenseParts(value: unknown, forms: LicenseIdForms = {}): LicenseParts {
  if (typeof value !== 'string') throw malformed();
  const bare = value.startsWith(`${LICENSE_ID_ROOT}.`) ? value.slice(LICENSE_ID_ROOT.length + 1) : value;
  const [type, issuer, serial, version = '', check, ...rest] = bare.split('.');
  if (rest.length > 0 || !/^\d{3}$/.test(version) || version === '000') throw malformed();
  const parts = {
    typeCode: parseLicenseTypeCode(type),
    issuerCode: parseIssuerCode(issuer, forms),
    serial: parseLicenseSerial(serial),
    version: Number(version),
  };
  if (check !== checkCharacter(bodyOf(parts))) throw malformed();
  return parts;
}

/** @throws {RangeError} for a version that has no three digits: a bug of the caller. */
export function formatLicenseId(parts: LicenseParts): LicenseId {
  const { version } = parts;
  if (version < 1 || version > LICENSE_VERSION_MAX) throw new RangeError('a version of three digits');
  const check = checkCharacter(bodyOf(parts));
  return `${LICENSE_ID_ROOT}.${licenseKeyOf(parts)}.${digitsOf(version)}.${check}` as LicenseId;
}

/** The key that links all versions. */
export function licenseKeyOf({ typeCode, issuerCode, serial }: Omit<LicenseParts, 'version'>): LicenseKey {
  return `${typeCode}.${issuerCode}.${serial}` as LicenseKey;
}

/** @throws ID_MALFORMED */
export function parseLicenseTypeCode(value: unknown): LicenseTypeCode {
  if (typeof value === 'string' && /^.{18}\d{3}$/.test(value) && isUnitCode(value.slice(0, 18))) {
    return value as LicenseTypeCode;
  }
  throw malformed();
}

/** The authority that defined a type. */
export function definerOf(typeCode: LicenseTypeCode): UnitCode {
  return typeCode.slice(0, 18) as UnitCode;
}

/** @throws ID_MALFORMED */
export function parseIssuerCode(value: unknown, { legacy = false }: LicenseIdForms = {}): IssuerCode {
  const known = typeof value === 'string' && (isUnitCode(value) || (legacy && /^\d{6}$/.test(value)));
  if (known) return value as IssuerCode;
  throw malformed();
}

/** A serial that holds a person's number would put it on the chain for ever. @throws ID_MALFORMED */
export function parseLicenseSerial(value: unknown): LicenseSerial {
  if (typeof value === 'string' && /^[0-9A-Z]{7,32}$/.test(value) && !holdsPersonalNumber(value)) {
    return value as LicenseSerial;
  }
  throw malformed();
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** ISO 7064, the hybrid system MOD 37,36. @param text digits and capital letters. */
export function checkCharacter(text: string): string {
  let product = 36;
  for (const character of text) {
    const sum = (product + ALPHABET.indexOf(character)) % 36;
    product = ((sum === 0 ? 36 : sum) * 2) % 37;
  }
  return ALPHABET.charAt((37 - product) % 36);
}

function bodyOf({ typeCode, issuerCode, serial, version }: LicenseParts): string {
  return `${typeCode}${issuerCode}${serial}${digitsOf(version)}`;
}

function digitsOf(version: number): string {
  return String(version).padStart(3, '0');
}

function malformed(): DomainError {
  return new DomainError('ID_MALFORMED', { wanted: WANTED });
}
