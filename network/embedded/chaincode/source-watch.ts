import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose files are no source: what package managers, compilers and version control leave beside it. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '__pycache__', '.git', '.venv', 'venv']);
/** A folder with more files than this is watched in part only. */
const filesMax = 5_000;

/**
 * Sums up the files below a folder, so that a change of any of them is seen by comparing two sums. Looking is done
 * instead of listening, because a call that follows an edit at once must already see it.
 * @param folder absolute. @returns hex; of the names, sizes and times, not of the contents. A missing folder has a sum too.
 */
export function sumUpSources(folder: string): string {
  const hash = createHash('sha256');
  let left = filesMax;
  const visit = (at: string): void => {
    for (const entry of entriesOf(at)) {
      if (left <= 0 || skipped.has(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) {
        left -= 1;
        const found = statSync(path, { throwIfNoEntry: false });
        hash.update(`${path} ${found?.mtimeMs ?? 0} ${found?.size ?? 0}\n`);
      }
    }
  };
  visit(folder);
  return hash.digest('hex');
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // An editor may replace a folder while it is looked at.
  }
}
