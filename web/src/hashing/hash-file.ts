import { type DigestHex, parseDigestHex } from '../../../domain/digests.js';
import { type HashedAlgorithm, type HashNote, type HashQuestion } from './hash-worker.js';

/** Digests of a file that was hashed on this machine. */
export type PageDigests = Readonly<Record<HashedAlgorithm, DigestHex>>;

/** The file could not be read to its end: moved, changed or forbidden since it was chosen. */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable';
}

/** What goes along with hashing. */
export interface HashOptions {
  /** Told the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the workers. */
  readonly signal?: AbortSignal;
}

/**
 * SHA-256 and SM3 of a file, each in a worker of its own, so that two cores share the work and the page stays alive.
 * Files one after the other use the same two.
 * No byte of the file goes anywhere else. @throws {FileUnreadable}; what `signal` was aborted with
 */
export async function hashFile(file: File, { onProgress, signal }: HashOptions = {}): Promise<PageDigests> {
  const done: Record<HashedAlgorithm, number> = { 'sha-256': 0, sm3: 0 };
  const hash = (algorithm: HashedAlgorithm): Promise<DigestHex> =>
    hashOnce(file, algorithm, signal, (bytes) => {
      done[algorithm] = bytes;
      // The slower one decides how far the whole is.
      onProgress?.(Math.min(done['sha-256'], done.sm3) / Math.max(file.size, 1));
    });
  const [sha256, sm3] = await Promise.all([hash('sha-256'), hash('sm3')]);
  return { 'sha-256': sha256, sm3 };
}

/** Workers that wait for the next file, one an algorithm at most: starting one takes longer than hashing a small file. */
const idle = new Map<HashedAlgorithm, Worker>();

function takeWorker(algorithm: HashedAlgorithm): Worker {
  const waiting = idle.get(algorithm);
  idle.delete(algorithm);
  return waiting ?? new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
}

function giveBack(algorithm: HashedAlgorithm, worker: Worker): void {
  if (idle.has(algorithm)) worker.terminate();
  else idle.set(algorithm, worker);
}

async function hashOnce(
  file: File,
  algorithm: HashedAlgorithm,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<DigestHex> {
  signal?.throwIfAborted();
  const worker = takeWorker(algorithm);
  try {
    const digest = await askWorker(worker, { file, algorithm }, signal, onBytes);
    giveBack(algorithm, worker);
    return digest;
  } catch (error) {
    // It may be in the middle of the file, and would tell about it while the next one is hashed.
    worker.terminate();
    throw error;
  }
}

function askWorker(
  worker: Worker,
  question: HashQuestion,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<DigestHex> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
    worker.onmessage = ({ data }: MessageEvent<HashNote>) => {
      if (data.kind === 'progress') onBytes(data.bytes);
      else if (data.kind === 'done') resolve(parseDigestHex(question.algorithm, data.digest));
      else reject(new FileUnreadable());
    };
    worker.onerror = () => {
      reject(new FileUnreadable());
    };
    worker.postMessage(question);
  });
}
