import { ClassicLevel } from 'classic-level';

import { type FindingCode } from './finding.js';

/** A fault in one of a peer's databases, which has no byte ranges to name. */
export interface DatabaseFault {
  readonly code: FindingCode;
  readonly detail: string;
}

const faultsMax = 10;

/** The first faults that were found in a database. */
export class Faults {
  readonly list: DatabaseFault[] = [];

  /** @returns whether there is room for another one */
  add(fault: DatabaseFault | undefined): boolean {
    if (fault !== undefined && this.list.length < faultsMax) this.list.push(fault);
    return this.list.length < faultsMax;
  }
}

/**
 * Opens a peer's database and lets `check` look at it. @param unreadable the code where that cannot be done
 * @returns the first faults; `undefined` where another process has it open
 */
export async function checkDatabase(
  folder: string,
  unreadable: FindingCode,
  check: (database: ClassicLevel<Buffer, Buffer>, faults: Faults) => Promise<void>,
): Promise<readonly DatabaseFault[] | undefined> {
  const database = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  const faults = new Faults();
  try {
    await database.open({ createIfMissing: false });
  } catch (cause) {
    if (isLocked(cause)) return undefined;
    return [{ code: unreadable, detail: 'the database cannot be opened' }];
  }
  try {
    await check(database, faults);
  } catch (cause) {
    if (cause instanceof DOMException) throw cause; // Whoever waits for the check gave it up.
    faults.add({ code: unreadable, detail: cause instanceof Error ? cause.message : 'unreadable' });
  } finally {
    await database.close();
  }
  return faults.list;
}

/** Whether an error, or one that caused it, says that somebody else holds the database. */
function isLocked(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, cause: deeper } = cause as { readonly code?: unknown; readonly cause?: unknown };
  return code === 'LEVEL_LOCKED' || isLocked(deeper);
}
