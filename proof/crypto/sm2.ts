import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { concat, fromHex, toHex, utf8 } from '../bytes.js';
import { readEcdsaSignature } from './signature.js';
import { sm3 } from './sm3.js';

/** id-ecPublicKey with the curve of SM2 (GB/T 32918.5, GM/T 0006). */
export const SM2_KEY = '1.2.840.10045.2.1 06082a811ccf5501822d';
/** Who signs, where nothing else was agreed (GM/T 0009-2012 section 10). */
const DEFAULT_ID = utf8('1234567812345678');
const CURVE = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
} as const;

/** Points of the curve; its order is `Sm2Point.CURVE().n`. */
export const Sm2Point = weierstrass(CURVE);

/** A public key as certificates hold it: 0x04 and both coordinates, 65 bytes, at the end of `SubjectPublicKeyInfo`. */
export function sm2KeyOf(spki: Uint8Array): Uint8Array {
  return spki.slice(-65);
}

/**
 * e = SM3(Z_A ‖ message) with Z_A = SM3(length of the id in bits ‖ id ‖ a ‖ b ‖ G ‖ key) (GB/T 32918.2 section 5.5).
 * @param key as {@link sm2KeyOf} gives it
 */
export function sm2Digest(key: Uint8Array, message: Uint8Array): bigint {
  const bits = 8 * DEFAULT_ID.length;
  const { a, b, Gx, Gy } = CURVE;
  const z = sm3(concat(Uint8Array.of(bits >> 8, bits & 0xff), DEFAULT_ID, ...[a, b, Gx, Gy].map(word), key.slice(1)));
  return numberOf(sm3(concat(z, message)));
}

/**
 * Whether an SM2 signature by this key stands over the message (GB/T 32918.2 section 7.1), under the default id.
 * `test/unit/proof/sm2.test.ts` compares it with OpenSSL. @param signature (r, s) in strict DER; anything else is false.
 */
export function verifySm2(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const read = readEcdsaSignature(signature);
  const point = readPoint(key);
  if (read === undefined || point === undefined) return false;
  const [r, s] = [numberOf(read.raw.subarray(0, 32)), numberOf(read.raw.subarray(32))];
  const { n } = CURVE;
  const t = (r + s) % n;
  if (r < 1n || r >= n || s < 1n || s >= n || t === 0n) return false;
  const sum = Sm2Point.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t));
  return !sum.is0() && (sm2Digest(key, message) + sum.toAffine().x) % n === r;
}

function readPoint(key: Uint8Array) {
  try {
    return key[0] === 0x04 ? Sm2Point.fromBytes(key) : undefined;
  } catch {
    return undefined; // No point of the curve.
  }
}

function word(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')) ?? new Uint8Array();
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}
