import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';

import { type DigestMap, type HashAlgorithm, parseDigestMap } from '../domain/digests.js';
import { CliError, unreadable } from './cli-error.js';

/** What `submit` records: one for the world, one for Chinese courts. */
export const SUBMIT_ALGORITHMS = ['sha-256', 'sm3'] as const satisfies readonly HashAlgorithm[];

/** Names that OpenSSL knows the algorithms by. */
const OPENSSL_NAMES = { 'sha-256': 'sha256', 'sha-512': 'sha512', sm3: 'sm3' } as const satisfies Record<
  HashAlgorithm,
  string
>;

/** Read at once, bytes: large enough that reading is not the bottleneck, small enough to be no matter of memory. */
const CHUNK_BYTES = 1024 * 1024;

/** A file that was read once, from its first byte to its last. */
export interface HashedFile {
  readonly digests: DigestMap;
  readonly bytes: number;
  /** When the file was last changed, RFC 3339 in UTC: what a submitter claims unless another time is given. */
  readonly modifiedAt: string;
}

/**
 * Hashes a file of any size in one pass, under all algorithms at once.
 * @param more algorithms besides SHA-256 and SM3. @param onBytes called with the bytes read so far and the file's size.
 * @throws FILE_UNREADABLE where there is no such file, it is a folder, it may not be read, or it changed meanwhile
 */
export async function hashFile(
  path: string,
  more: readonly HashAlgorithm[] = [],
  onBytes: (done: number, size: number) => void = () => undefined,
): Promise<HashedFile> {
  const algorithms: readonly HashAlgorithm[] = [...new Set([...SUBMIT_ALGORITHMS, ...more])];
  const hashes = algorithms.map((name) => [name, createHash(OPENSSL_NAMES[name])] as const);
  try {
    const before = await stat(path);
    if (!before.isFile()) throw new CliError('FILE_UNREADABLE', { file: path, wanted: 'a regular file' });
    const bytes = await readChunks(path, (chunk, done) => {
      for (const [, hash] of hashes) hash.update(chunk);
      onBytes(done, before.size);
    });
    const after = await stat(path);
    if (bytes !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new CliError('FILE_UNREADABLE', { file: path, wanted: 'a file that does not change while it is read' });
    }
    const digests = parseDigestMap(Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest('hex')])));
    return { digests, bytes, modifiedAt: after.mtime.toISOString() };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Reads a file through one buffer that is used again for each chunk. @returns the bytes read. */
async function readChunks(path: string, use: (chunk: Uint8Array, done: number) => void): Promise<number> {
  await using file = await open(path);
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let done = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
    if (bytesRead === 0) return done;
    done += bytesRead;
    use(buffer.subarray(0, bytesRead), done);
  }
}
