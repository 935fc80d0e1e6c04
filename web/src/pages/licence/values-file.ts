import { DomainError } from '../../../../domain/errors.js';
import { type HolderKey, parseHolderKey } from '../../../../domain/holder-key.js';
import { parseSaltedValues, type SaltedValues } from '../../../../domain/license-fields.js';
import { type LicenseId, parseLicenseId } from '../../../../domain/license-id.js';

const SCHEMA = 'yinzheng-licence-values/1';
/** Longest text that is read as such a file, characters: all fields of a licence with room to spare. */
export const VALUES_CHARS_MAX = 65_536;

/** What the authority hands to the holder of a licence: its number, and what stands on its face, with the salts. */
export interface ValuesFile {
  readonly licenseId: LicenseId;
  /** Whose it is, where the authority knows: the key that the licence was issued to. */
  readonly holderKey?: HolderKey;
  readonly values: SaltedValues;
}

/** The file's text. */
export function writeValuesFile(file: ValuesFile): string {
  return JSON.stringify({ schema: SCHEMA, ...file });
}

/** @returns `undefined` where a text is something else; what it says is never repeated */
export function readValuesFile(text: string): ValuesFile | undefined {
  if (text.length > VALUES_CHARS_MAX) return undefined;
  try {
    const { schema, licenseId, holderKey, values } = JSON.parse(text) as Record<string, unknown>;
    if (schema !== SCHEMA) return undefined;
    return {
      licenseId: parseLicenseId(licenseId, { legacy: true }),
      ...(holderKey !== undefined && { holderKey: parseHolderKey(holderKey, 'holderKey') }),
      values: parseSaltedValues(values),
    };
  } catch (error) {
    if (error instanceof DomainError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
