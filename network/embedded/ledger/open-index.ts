import { ClassicLevel } from 'classic-level';

import type { IndexDatabase } from './disk.js';
import { LedgerError } from './ledger-error.js';

/** Opens or creates the index in a folder of its own. @throws {LedgerError} LEDGER_LOCKED, LEDGER_CORRUPT */
export async function openIndex(path: string): Promise<IndexDatabase> {
  const index = new ClassicLevel<Buffer, Buffer>(path, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  try {
    await index.open();
    return index;
  } catch (error) {
    const reason = error instanceof Error ? error.cause : undefined;
    if (reason instanceof Error && 'code' in reason && reason.code === 'LEVEL_LOCKED') {
      throw new LedgerError('LEDGER_LOCKED', `${path} is in use by another process`, { cause: error });
    }
    throw new LedgerError('LEDGER_CORRUPT', `${path} does not open; remove it to rebuild it`, { cause: error });
  }
}
