import { DomainError } from '../../../../domain/errors.js';
import { type LicenseId, parseLicenseId, readLicenseParts } from '../../../../domain/license-id.js';
import { type LicenseStatus, type LicenseType, type LicenseTypeAnswer } from '../../../../gateway/openapi/types.js';
import { callJson, pathOf } from '../../api/client.js';

/** @param asOf a day, or '' for now. @throws {Problem} */
export function askStatus(id: LicenseId, asOf: string): Promise<LicenseStatus> {
  return callJson<LicenseStatus>({ path: pathOf('licenses', id, 'status'), query: { asOf: asOf || undefined } });
}

/** The type of a licence, which its identifier names. @throws {Problem} LICENSE_TYPE_NOT_FOUND */
export async function askType(id: LicenseId): Promise<LicenseType> {
  const { typeCode } = readLicenseParts(id, { legacy: true });
  return readType(typeCode);
}

/** A type of licences by its code, for anyone. @throws {Problem} ID_MALFORMED, LICENSE_TYPE_NOT_FOUND */
export async function readType(typeCode: string): Promise<LicenseType> {
  return (await callJson<LicenseTypeAnswer>({ path: pathOf('license-types', typeCode) })).type;
}

/** @returns `undefined` for what is no identifier: its check characters are looked at before anybody is asked */
export function readLicenceId(text: string): LicenseId | undefined {
  try {
    return parseLicenseId(text.trim().toUpperCase(), { legacy: true });
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
