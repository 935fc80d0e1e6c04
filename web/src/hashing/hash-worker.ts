/// <reference lib="webworker" />
import { sha256 } from '@noble/hashes/sha2.js';

import { type HashAlgorithm } from '../../../domain/digests.js';
import { toHex } from '../../../proof/bytes.js';
import { Sm3 } from '../../../proof/crypto/sm3.js';

/** What a worker is asked: one file under one algorithm. */
export interface HashQuestion {
  readonly file: File;
  readonly algorithm: HashedAlgorithm;
}

/** Algorithms that pages compute; what the chain always has, and what Chinese courts read. */
export type HashedAlgorithm = Extract<HashAlgorithm, 'sha-256' | 'sm3'>;

/** What a worker tells: how far it is, then the digest, or that the file cannot be read any more. */
export type HashNote =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly digest: string }
  | { readonly kind: 'unreadable' };

/** Milliseconds between two notes about progress. */
const NOTE_MS = 100;

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = (event: MessageEvent<HashQuestion>) => {
  void hash(event.data);
};

/** Reads the file piece by piece, so that its size is no matter of memory. */
async function hash({ file, algorithm }: HashQuestion): Promise<void> {
  const state = algorithm === 'sm3' ? new Sm3() : sha256.create();
  const reader = file.stream().getReader();
  let bytes = 0;
  let toldMs = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      state.update(part.value);
      bytes += part.value.length;
      const nowMs = performance.now();
      if (nowMs - toldMs >= NOTE_MS) {
        toldMs = nowMs;
        tell({ kind: 'progress', bytes });
      }
    }
    tell({ kind: 'done', digest: toHex(state.digest()) });
  } catch {
    // Moved, changed or forbidden since it was chosen; the reason may name the path, so it is not passed on.
    tell({ kind: 'unreadable' });
  }
}

function tell(note: HashNote): void {
  scope.postMessage(note);
}
