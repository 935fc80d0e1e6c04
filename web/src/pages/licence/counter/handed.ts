import { DomainError } from '../../../../../domain/errors.js';
import { parseEntryId } from '../../../../../domain/ids.js';
import { parseSaltedValues, type SaltedValues } from '../../../../../domain/license-fields.js';
import { parseLicenseId } from '../../../../../domain/license-id.js';
import { type LicenseUse } from '../../../../../domain/license-use.js';
import { saltText } from '../../../desk/salted.js';
import { type Handed } from '../holder/holder-calls.js';

/** Longest text that is read as a holder's code, characters: all fields of a licence with room to spare. */
export const HANDED_CHARS_MAX = 65_536;

/** @returns what a holder hands over, `undefined` where a text is something else; what it says is never repeated */
export function readHanded(text: string): Handed | undefined {
  if (text.length > HANDED_CHARS_MAX) return undefined;
  try {
    const { licenseId, grantId, matterCode, values, presentation } = JSON.parse(text) as Partial<Handed>;
    if (typeof matterCode !== 'string') return undefined;
    return {
      licenseId: parseLicenseId(licenseId, { legacy: true }),
      grantId: parseEntryId('LG', grantId),
      matterCode,
      values: parseSaltedValues(values ?? {}),
      ...(presentation !== undefined && { presentation }),
    };
  } catch (error) {
    if (error instanceof DomainError || error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What a granted field came to beside the digest that the chain shows for it. */
export interface CheckedField {
  readonly name: string;
  /** `undefined` where the holder did not hand it over. */
  readonly value: string | undefined;
  readonly verdict: 'MATCH' | 'MISMATCH' | 'NOT_HANDED_OVER';
}

/** Compares what was handed over with what the chain shows of the granted fields. Pure. */
export function checkFields(fields: LicenseUse['fields'], values: SaltedValues): readonly CheckedField[] {
  return Object.entries(fields).map(([name, digest]) => {
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    if (given === undefined) return { name, value: undefined, verdict: 'NOT_HANDED_OVER' };
    const fits = saltText(given.value, given.salt).digest === digest;
    return { name, value: given.value, verdict: fits ? 'MATCH' : 'MISMATCH' };
  });
}
