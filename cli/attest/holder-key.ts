import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

import { CliError } from '../cli-error.js';
import { readTextFile } from '../read-text.js';

/**
 * A holder's key for one matter, from a file of PEM (PKCS #8); a file that is not there is made, for its owner alone.
 * @throws FILE_UNREADABLE; USAGE where the file holds no P-256 key
 */
export function openHolderKey(path: string, mayCreate: boolean): KeyObject {
  if (mayCreate && !existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    return privateKey;
  }
  const pem = readTextFile(path);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Said below, without quoting the file.
  }
  throw new CliError('USAGE', { option: '--holder-key', wanted: 'a file with a P-256 key' });
}

/** The public point as requests name it: 65 bytes, base64url. */
export function publicPointOf(key: KeyObject): string {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return spki.subarray(-65).toString('base64url');
}

/** ECDSA with SHA-256 over a text, IEEE P1363, base64url. */
export function signText(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}
