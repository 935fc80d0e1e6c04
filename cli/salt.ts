import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';

import { type DigestHex, parseSaltedDigest } from '../domain/digests.js';
import { unreadable } from './cli-error.js';

/** What stays with the caller: without the salt nobody can show, or guess, what a digest on the chain stands for. */
export interface Salted {
  /** 64 hex digits: 32 random bytes. */
  readonly salt: string;
  /** SHA-256 over the salt's bytes followed by what is kept: a file's bytes, or a text's (see {@link saltText}). */
  readonly digest: DigestHex;
}

/** Bytes of a salt: as many as the digest has, so that guessing the salt is no easier than inverting SHA-256. */
const SALT_BYTES = 32;

/**
 * Digest of a text that few values are likely for, such as a case number (requirement R29). Its bytes are UTF-8 in
 * Unicode NFC, without spaces around it, so that it is found again however it was typed.
 * @param salt given to check an old digest again; drawn anew otherwise.
 */
export function saltText(text: string, salt: Uint8Array = randomBytes(SALT_BYTES)): Salted {
  const hash = createHash('sha256').update(salt).update(text.trim().normalize('NFC'), 'utf8');
  return { salt: Buffer.from(salt).toString('hex'), digest: parseSaltedDigest(hash.digest('hex')) };
}

/** As {@link saltText} for a file's bytes, such as a court's written decision. @throws FILE_UNREADABLE */
export async function saltFile(path: string, salt: Uint8Array = randomBytes(SALT_BYTES)): Promise<Salted> {
  const hash = createHash('sha256').update(salt);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  } catch (error) {
    throw unreadable(path, error);
  }
  return { salt: Buffer.from(salt).toString('hex'), digest: parseSaltedDigest(hash.digest('hex')) };
}
