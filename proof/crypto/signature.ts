import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { copy } from '../bytes.js';

const SPKI_P256_PREFIX_BYTES = 26;
/** id-ecPublicKey with the curve P-256 (RFC 5480). */
export const P256_KEY = '1.2.840.10045.2.1 06082a8648ce3d030107';
const HALF_ORDER = p256.Point.CURVE().n / 2n;
const SCALAR_BYTES = 32;

/**
 * Reads `Ecdsa-Sig-Value` in strict DER (RFC 3279 section 2.2.3, X.690 section 8.3): shortest lengths and integers,
 * positive, nothing behind the end.
 * @returns r ‖ s, 64 bytes, and whether s is at most half of the order, as Fabric demands (bccsp/utils/ecdsa.go,
 * IsLowS); undefined where the bytes are no such value.
 */
export function readEcdsaSignature(der: Uint8Array): { readonly raw: Uint8Array; readonly lowS: boolean } | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const r = readInteger(der, 2);
  const s = r && readInteger(der, r.next);
  if (r === undefined || s?.next !== der.length) return undefined;
  const raw = new Uint8Array(2 * SCALAR_BYTES);
  raw.set(r.value, SCALAR_BYTES - r.value.length);
  raw.set(s.value, 2 * SCALAR_BYTES - s.value.length);
  return { raw, lowS: toInteger(s.value) <= HALF_ORDER };
}

/** Web Crypto's `SubtleCrypto`. */
export type Subtle = typeof globalThis.crypto.subtle;

/** Whether a signature by this P-256 key stands over SHA-256 of the data. */
export interface VerifyingKey {
  verify(raw: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/**
 * A key that verifies. The platform's own cryptography is used where there is some (`crypto.subtle`, in Node and in
 * secure contexts of browsers, `file:` included), else pure JavaScript, slower by a factor of ten.
 * @param spki `SubjectPublicKeyInfo` of a key whose `keyAlgorithm` is {@link P256_KEY}.
 */
export function createVerifyingKey(spki: Uint8Array, subtle: Subtle | undefined): VerifyingKey {
  if (subtle === undefined) return pureKey(spki);
  const imported = subtle.importKey('spki', copy(spki), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  imported.catch(() => undefined); // A key that is no point of the curve verifies nothing; told in verify().
  return {
    async verify(raw, data) {
      try {
        return await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, await imported, copy(raw), copy(data));
      } catch {
        return false;
      }
    },
  };
}

/** The platform's cryptography, where there is some. */
export function platformCrypto(): Subtle | undefined {
  return (globalThis as { readonly crypto?: { readonly subtle?: Subtle } }).crypto?.subtle;
}

function pureKey(spki: Uint8Array): VerifyingKey {
  const point = spki.subarray(SPKI_P256_PREFIX_BYTES);
  return {
    verify(raw, data) {
      try {
        return Promise.resolve(p256.verify(raw, sha256(data), point, { prehash: false, lowS: false }));
      } catch {
        return Promise.resolve(false);
      }
    },
  };
}

function readInteger(der: Uint8Array, start: number): { value: Uint8Array; next: number } | undefined {
  const next = start + 2 + (der[start + 1] ?? 0);
  const content = der.subarray(start + 2, next);
  if (der[start] !== 0x02 || next > der.length || !isShortest(content)) return undefined;
  const value = content[0] === 0 ? content.subarray(1) : content;
  return value.length > SCALAR_BYTES ? undefined : { value, next };
}

/** Positive, and no zero byte in front but the one that keeps it positive. */
function isShortest([first = 0x80, second = 0x80]: Uint8Array): boolean {
  return first < 0x80 && (first !== 0 || second >= 0x80);
}

function toInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
