import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, randomBytes, sign } from 'node:crypto';

import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex, parseSaltedDigest } from '../../domain/digests.js';
import { type HolderKey, parseHolderKey } from '../../domain/holder-key.js';
import { type SaltedValues } from '../../domain/license-fields.js';
import { type LicenseId, parseLicenseId } from '../../domain/license-id.js';
import { type HolderStatement, type Signed, SIGNED_PREFIX } from '../../domain/license-use.js';
import { writeAtomically } from '../../network/manager/atomic-file.js';
import { CliError } from '../cli-error.js';
import { readTextFile } from '../read-text.js';

/** A holder's key for one licence, and, once issued, what stands on its face. The file is for its owner alone (0600). */
export interface HolderFile {
  readonly schema: 'yinzheng-holder/1';
  /** P-256 private key, RFC 7517. */
  readonly privateKey: JsonWebKey;
  readonly licenseId?: string;
  readonly values?: SaltedValues;
}

/** Makes a key pair and writes it. @returns the public half. */
export function createHolderFile(path: string): HolderKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file: HolderFile = { schema: 'yinzheng-holder/1', privateKey: privateKey.export({ format: 'jwk' }) };
  writeHolderFile(path, file);
  return publicKeyOf(file);
}

/** Replaces a holder's file, all of it or nothing. */
export function writeHolderFile(path: string, file: HolderFile): void {
  writeAtomically(path, `${JSON.stringify(file, undefined, 2)}\n`);
}

/** @throws FILE_UNREADABLE, USAGE where the file holds something else */
export function readHolderFile(path: string): HolderFile {
  const file = readJsonFile(path) as Partial<HolderFile>;
  if (file.schema === 'yinzheng-holder/1' && file.privateKey !== undefined) return file as HolderFile;
  throw new CliError('USAGE', { file: path, wanted: 'a file of yinzheng license key' });
}

/** A holder's file, and whose key signs for it: the holder's, or a guardian's from a file of their own. @throws as `readHolderFile` */
export function openHolder(
  path: string,
  guardian: string | undefined,
): { readonly holder: HolderFile; readonly signer: HolderFile } {
  const holder = readHolderFile(path);
  return { holder, signer: guardian === undefined ? holder : readHolderFile(guardian) };
}

/** @throws FILE_UNREADABLE, USAGE where it is no JSON object */
export function readJsonFile(path: string): object {
  const text = readTextFile(path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below: the parser's own message may quote the file.
  }
  throw new CliError('USAGE', { file: path, wanted: 'a JSON object' });
}

/** The public half of a holder's key. */
export function publicKeyOf({ privateKey: { x = '', y = '' } }: HolderFile): HolderKey {
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return parseHolderKey(point.toString('base64url'), 'privateKey');
}

/** Signs a statement as the holder. */
export function signStatement<Statement extends HolderStatement>(
  { privateKey }: HolderFile,
  statement: Statement,
): Signed<Statement> {
  const key = createPrivateKey({ key: privateKey, format: 'jwk' });
  const text = Buffer.from(`${SIGNED_PREFIX}${canonicalJson(statement)}`);
  const signature = sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { statement, signature: signature as Signed<Statement>['signature'] };
}

/** A value with a new salt. */
export function saltValue(text: string): SaltedValues[string] {
  return { value: text.trim().normalize('NFC'), salt: randomBytes(32).toString('hex') };
}

/** The digest that the chain has of a value. */
export function digestOfValue({ value, salt }: SaltedValues[string]): DigestHex {
  const hash = createHash('sha256').update(Buffer.from(salt, 'hex')).update(value, 'utf8');
  return parseSaltedDigest(hash.digest('hex'));
}

/** The licence that a holder's file belongs to. @throws USAGE where none was issued for it yet */
export function licenseOf({ licenseId }: HolderFile, path: string): LicenseId {
  if (licenseId !== undefined) return parseLicenseId(licenseId, { legacy: true });
  throw new CliError('USAGE', { file: path, wanted: 'the file of an issued licence' });
}
