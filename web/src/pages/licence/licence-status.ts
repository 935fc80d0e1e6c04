import { DomainError } from '../../../../domain/errors.js';
import { type LicenseId, parseLicenseId, readLicenseParts } from '../../../../domain/license-id.js';
import { type LicenseStatusResult } from '../../../../domain/license-standing.js';
import { type LicenseType } from '../../../../domain/license-type.js';
import { type Wording } from '../../../../domain/wording.js';
import { callJson, pathOf } from '../../api/client.js';

/** What the gateway answers about a licence: the contract's answer, with its words. */
export type LicenceAnswer = LicenseStatusResult & {
  readonly wording: Wording;
  readonly statusName?: Wording;
  readonly contentWording?: Wording;
};

/** @param asOf a day, or '' for now. @throws {Problem} */
export function askStatus(id: LicenseId, asOf: string): Promise<LicenceAnswer> {
  return callJson<LicenceAnswer>({ path: pathOf('licenses', id, 'status'), query: { asOf: asOf || undefined } });
}

/** The type of a licence, which its identifier names. @throws {Problem} LICENSE_TYPE_NOT_FOUND */
export async function askType(id: LicenseId): Promise<LicenseType> {
  const { typeCode } = readLicenseParts(id, { legacy: true });
  return (await callJson<{ readonly type: LicenseType }>({ path: pathOf('license-types', typeCode) })).type;
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
