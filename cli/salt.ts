import { createHash, randomBytes } from 'node:crypto';

import { type DigestHex, parseSaltedDigest } from '../domain/digests.js';

/** What stays with the caller: without the salt nobody can show, or guess, which text a digest on the chain stands for. */
export interface SaltedText {
  /** 64 hex digits: 32 random bytes. */
  readonly salt: string;
  /** SHA-256 over the salt's bytes and the text's UTF-8 bytes in Unicode NFC, surrounding spaces removed. */
  readonly digest: DigestHex;
}

/** Bytes of a salt: as many as the digest has, so that guessing the salt is no easier than inverting SHA-256. */
const SALT_BYTES = 32;

/**
 * Digest of a text that few values are likely for, such as a case number (requirement R29).
 * @param salt given to check an old digest again; drawn anew otherwise.
 */
export function saltText(text: string, salt: Uint8Array = randomBytes(SALT_BYTES)): SaltedText {
  const hash = createHash('sha256').update(salt).update(text.trim().normalize('NFC'), 'utf8');
  return { salt: Buffer.from(salt).toString('hex'), digest: parseSaltedDigest(hash.digest('hex')) };
}
