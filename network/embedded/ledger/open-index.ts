import { ClassicLevel } from 'classic-level';

import type { IndexDatabase } from './disk.js';
import { LedgerError } from './ledger-error.js';

/**
 * A quarter of LevelDB's default: a process has two databases for each peer, most reads are of keys that are not there
 * yet, and what is read again soon is in the system's own cache.
 */
const cacheBytes = 2 * 1024 * 1024;

/** Opens or creates the index in a folder of its own. @throws {LedgerError} LEDGER_LOCKED, LEDGER_CORRUPT */
export async function openIndex(path: string): Promise<IndexDatabase> {
  const encodings = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
  const index = new ClassicLevel<Buffer, Buffer>(path, { ...encodings, cacheSize: cacheBytes });
  try {
    await index.open();
    return index;
  } catch (error) {
    if (codeOfCause(error) === 'LEVEL_LOCKED') {
      throw new LedgerError('LEDGER_LOCKED', `${path} is in use by another process`, { cause: error });
    }
    throw new LedgerError('LEDGER_CORRUPT', `${path} does not open; remove it to rebuild it`, { cause: error });
  }
}

/** The code that the database gives its error's cause; the error may come from native code, of whatever class. */
function codeOfCause(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
