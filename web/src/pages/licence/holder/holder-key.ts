import { canonicalJson } from '../../../../../domain/canonical-json.js';
import { type DigestHex, parseSaltedDigest } from '../../../../../domain/digests.js';
import { DomainError } from '../../../../../domain/errors.js';
import { type HolderKey, parseHolderKey, parseHolderSignature } from '../../../../../domain/holder-key.js';
import { parseSaltedValues } from '../../../../../domain/license-fields.js';
import { parseLicenseId } from '../../../../../domain/license-id.js';
import { type HolderStatement, type Signed, SIGNED_PREFIX } from '../../../../../domain/license-use.js';
import { concat, toHex, utf8 } from '../../../../../proof/bytes.js';
import { toBase64Url } from '../../../../../proof/format/compact.js';
import { type HeldLicence } from './key-store.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SCHEMA = 'yinzheng-holder/1';
const SALT_BYTES = 32;

/** A new key for one licence; its private half cannot be taken out of the browser. */
export async function createLicence(): Promise<HeldLicence> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ['sign']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return entry(privateKey, parseHolderKey(toBase64Url(point), 'key'));
}

/**
 * Reads a holder's file of the command line (`yinzheng license key`). @returns `undefined` where it is none; nothing of
 * the file is repeated, because it holds a private key.
 */
export async function importLicence(text: string): Promise<HeldLicence | undefined> {
  try {
    const { schema, privateKey, licenseId, values } = JSON.parse(text) as Record<string, unknown>;
    if (schema !== SCHEMA) return undefined;
    const jwk = privateKey as JsonWebKey;
    const key = await crypto.subtle.importKey('jwk', jwk, ALGORITHM, false, ['sign']);
    const { d: _, key_ops: __, ...rest } = jwk;
    const open = await crypto.subtle.importKey('jwk', rest, ALGORITHM, true, ['verify']);
    const point = new Uint8Array(await crypto.subtle.exportKey('raw', open));
    return {
      ...entry(key, parseHolderKey(toBase64Url(point), 'key')),
      ...(licenseId !== undefined && { licenseId: parseLicenseId(licenseId, { legacy: true }) }),
      ...(values !== undefined && { values: parseSaltedValues(values) }),
    };
  } catch (error) {
    const known = error instanceof DomainError || error instanceof SyntaxError || error instanceof TypeError;
    if (known || error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Signs a statement as the holder: ECDSA P-256 with SHA-256, IEEE P1363, base64url. */
export async function signStatement<Statement extends HolderStatement>(
  { privateKey }: HeldLicence,
  statement: Statement,
): Promise<Signed<Statement>> {
  const text = new Uint8Array(utf8(`${SIGNED_PREFIX}${canonicalJson(statement)}`));
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, text);
  return { statement, signature: parseHolderSignature(toBase64Url(new Uint8Array(signature))) };
}

/** Digest of a text under a new salt; who keeps both can show later what the digest on the chain stands for. */
export async function saltText(text: string): Promise<{ readonly digest: DigestHex; readonly salt: string }> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const salted = new Uint8Array(concat(salt, utf8(text.trim().normalize('NFC'))));
  const digest = parseSaltedDigest(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', salted))));
  return { digest, salt: toHex(salt) };
}

function entry(privateKey: CryptoKey, publicKey: HolderKey): HeldLicence {
  return { id: crypto.randomUUID(), privateKey, publicKey, values: {}, grants: [] };
}
