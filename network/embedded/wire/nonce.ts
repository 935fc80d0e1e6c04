import { randomBytes } from 'node:crypto';

/** Length of a nonce, bytes. Source: Fabric common/crypto/random.go. */
const nonceBytes = 24;

/** A nonce as Fabric's clients and orderers make it: 24 random bytes. */
export function createNonce(): Uint8Array {
  return randomBytes(nonceBytes);
}
