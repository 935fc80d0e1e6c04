import { sha256 } from '@noble/hashes/sha2.js';

import { fromHex, toHex } from '../../../proof/bytes.js';
import { Problem } from '../api/problem.js';
import { randomHex } from './random.js';

/** What stays with the office: without the salt nobody can show, or guess, what a digest on the chain stands for. */
export interface Salted {
  /** 64 hex digits. */
  readonly salt: string;
  /** SHA-256 over the salt's bytes and what is kept, in hex. */
  readonly digest: string;
}

/** Bytes of a salt, as many as the digest has. */
const SALT_BYTES = 32;

/** A salt for one form: the same text under it has the same digest, so that a repeated request is the same request. */
export function newSalt(): string {
  return randomHex(SALT_BYTES);
}

/** As `yinzheng` salts a text: UTF-8 in NFC, without spaces around it, so that it is found again however it was typed. */
export function saltText(text: string, salt: string): Salted {
  return digestOf(new TextEncoder().encode(text.trim().normalize('NFC')), salt);
}

/** As {@link saltText} for a file's bytes, piece by piece; they stay on this machine. @throws {Problem} FILE_UNREADABLE */
export async function saltFile(file: Blob, salt: string): Promise<Salted> {
  const hash = begin(salt);
  try {
    const reader = file.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) hash.update(part.value);
  } catch (cause) {
    throw new Problem('FILE_UNREADABLE', {}, { cause });
  }
  return { salt, digest: toHex(hash.digest()) };
}

function digestOf(bytes: Uint8Array, salt: string): Salted {
  return { salt, digest: toHex(begin(salt).update(bytes).digest()) };
}

function begin(salt: string): ReturnType<typeof sha256.create> {
  const bytes = fromHex(salt);
  if (bytes?.length !== SALT_BYTES) throw new Error('a salt that this page did not draw');
  return sha256.create().update(bytes);
}
