import { fromUtf8, toBase64 } from '../../../../proof/bytes.js';
import { toBase64Url } from '../../../../proof/format/compact.js';
import { Problem } from '../../api/problem.js';

/** ECDSA on P-256 (FIPS 186-5), signatures as IEEE P1363, which WebCrypto gives by itself. */
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A holder's key for one matter. */
export interface HolderKey {
  /** The public point as requests name it: 65 bytes, base64url. */
  readonly point: string;
  /** PKCS #8 in PEM (RFC 7468), for the holder alone. */
  readonly pem: string;
}

/** Makes a key for one matter on this machine. The private half goes into the holder's file and nowhere else. */
export async function makeHolderKey(): Promise<HolderKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const der = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
  return { point: toBase64Url(point), pem };
}

/** Signs a text with the key in a file, here. @throws {Problem} HOLDER_SIGNATURE where the file holds no such key */
export async function signWithKeyFile(file: File, text: string): Promise<string> {
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(
    fromUtf8(new Uint8Array(await file.arrayBuffer())) ?? '',
  )?.[1];
  try {
    const der = Uint8Array.from(atob((body ?? '').replace(/\s/g, '')), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey('pkcs8', der, CURVE, false, ['sign']);
    const signature = await crypto.subtle.sign(SIGNING, key, new TextEncoder().encode(text));
    return toBase64Url(new Uint8Array(signature));
  } catch (cause) {
    throw new Problem('HOLDER_SIGNATURE', {}, { cause });
  }
}
