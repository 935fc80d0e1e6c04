import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { encodeReceipt, receiptFromJson } from '../proof/format/codec.js';
import { COMPACT_MARK } from '../proof/format/compact.js';
import { RECEIPT_BYTES_MAX } from '../proof/format/receipt.js';
import { readTrustRoot } from '../proof/trust/parse.js';
import { type TrustRoot } from '../proof/trust/trust-root.js';
import { ProofError } from '../proof/proof-error.js';
import { CliError, unreadable } from './cli-error.js';

/** Every receipt of version 1 begins so: a map, then member 0, the version, 1; then member 1. */
const BEGINNING = Buffer.from([0x00, 0x01, 0x01]);
const MAP = 0xa0;
/** Ending of a receipt's file. */
const ENDING = '.yz';

/**
 * Whether bytes are meant as a receipt, whole or compact; a damaged one still is. A compact one has one byte of its
 * own only, so its file's name must say it too.
 */
export function looksLikeReceipt(bytes: Uint8Array, name: string): boolean {
  const [first = 0] = bytes;
  if ((first & 0xe0) === MAP && BEGINNING.equals(bytes.subarray(1, 4))) return true;
  return name.endsWith(ENDING) || (first === COMPACT_MARK && bytes.length > 1 && name.includes('receipt'));
}

/** A file's bytes where it looks like a receipt, `undefined` for any other file. @throws FILE_UNREADABLE */
export async function readIfReceipt(file: string): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(file);
    if (size > RECEIPT_BYTES_MAX) return undefined;
    const bytes = await readFile(file);
    return looksLikeReceipt(bytes, basename(file)) ? bytes : undefined;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** @throws FILE_UNREADABLE where there is none, or it is no trust root */
export async function readTrustFile(file: string): Promise<TrustRoot> {
  try {
    return readTrustRoot(await readFile(file));
  } catch (error) {
    if (!(error instanceof ProofError)) throw unreadable(file, error);
    throw new CliError('FILE_UNREADABLE', { file, reason: error.code, wanted: 'a trust root' }, { cause: error });
  }
}

/** `.yz` bytes of a receipt as a gateway shows it in JSON: exactly the bytes that it stores. @throws REPLY_MALFORMED */
export function receiptBytes(view: unknown): Uint8Array {
  try {
    return encodeReceipt(receiptFromJson(view));
  } catch (cause) {
    throw new CliError('REPLY_MALFORMED', { where: 'receipt', wanted: 'a receipt' }, { cause });
  }
}

/**
 * Keeps a file's receipt as `<file>.yz`, beside the file or in a folder; another receipt of that name is left alone, and
 * this one then has the record's number in its name. @returns where it is. @throws FILE_UNREADABLE
 */
export async function keepReceipt(
  file: string,
  id: string,
  bytes: Uint8Array,
  folder: string | undefined,
): Promise<string> {
  const directory = folder ?? dirname(file);
  const names = [`${basename(file)}${ENDING}`, `${basename(file)}.${id}${ENDING}`];
  try {
    await mkdir(directory, { recursive: true });
    for (const name of names) {
      const path = join(directory, name);
      if (await writeNew(path, bytes)) return path;
    }
  } catch (error) {
    throw unreadable(directory, error);
  }
  throw new CliError('FILE_UNREADABLE', { file: directory, wanted: 'room for a receipt of this name' });
}

/** @returns false where another content has the name. */
async function writeNew(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeFile(path, bytes, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path)).equals(bytes);
  }
}
