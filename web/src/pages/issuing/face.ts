import { type DigestHex, parseSaltedDigest } from '../../../../domain/digests.js';
import { optional } from '../../../../domain/fields.js';
import { type SaltedValue, type SaltedValues } from '../../../../domain/license-fields.js';
import { type Face, type LicenseType } from '../../../../gateway/openapi/types.js';
import { Problem } from '../../api/problem.js';
import { newSalt, saltText } from '../../desk/salted.js';
import { FileUnreadable, hashFile } from '../../hashing/hash-file.js';

/** What a form asks for about the face of one version. */
export interface FaceValues {
  readonly validFrom: string;
  readonly validTo?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly unitCodes?: Readonly<Record<string, string | undefined>>;
  readonly file?: File;
}

/** The fields of a type that are private, or that stand in clear. */
export function fieldsOf({ fields }: LicenseType, privacy: LicenseType['fields'][string]): readonly string[] {
  return Object.keys(fields).filter((name) => fields[name] === privacy);
}

/**
 * The face as the chain may know it, digests alone, and the values with their salts. A value that stays the same keeps
 * its salt. @param known what stood on the version before. @throws {Problem} FILE_UNREADABLE
 */
export async function makeFace(
  given: FaceValues,
  known: SaltedValues = {},
): Promise<{ readonly face: Face; readonly values: SaltedValues }> {
  const salted = Object.entries(given.fields ?? {}).map(([name, text]) => saltField(name, text, known[name]));
  const codes = Object.entries(given.unitCodes ?? {}).map(([name, code = '']) => [name, codeOf(code)] as const);
  const digests = given.file === undefined ? undefined : await hashFile(given.file).catch(asUnreadable);
  const face: Face = {
    validFrom: given.validFrom,
    ...optional('validTo', given.validTo === '' ? undefined : given.validTo),
    fields: Object.fromEntries(salted.map(({ name, digest }) => [name, digest])),
    unitCodes: Object.fromEntries(codes.filter(([, code]) => code !== '')),
    ...optional('file', digests),
  };
  return { face, values: Object.fromEntries(salted.map(({ name, value }) => [name, value])) };
}

/** A code as it is written: capitals, without the spaces that people put between them. */
export function codeOf(text: string): string {
  return text.replaceAll(/\s/g, '').toUpperCase();
}

interface SaltedField {
  readonly name: string;
  readonly value: SaltedValue;
  readonly digest: DigestHex;
}

function saltField(name: string, text: string, before: SaltedValue | undefined): SaltedField {
  const value = text.trim().normalize('NFC');
  const kept = before?.value === value ? before : { value, salt: newSalt() };
  return { name, value: kept, digest: parseSaltedDigest(saltText(kept.value, kept.salt).digest) };
}

function asUnreadable(cause: unknown): never {
  if (cause instanceof FileUnreadable) throw new Problem('FILE_UNREADABLE', {}, { cause });
  throw cause;
}
