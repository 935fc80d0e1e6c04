import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One file to be written. Secret ones are readable by their owner only; all folders are. */
export interface FileContent {
  /** Relative to the folder, with `/`; one that ends in `/` is an empty folder. */
  readonly path: string;
  readonly text: string;
  readonly isSecret?: boolean;
}

const folderMode = 0o700;
const secretMode = 0o600;
const publicMode = 0o644;

/**
 * Replaces a folder by one with exactly these files, so that a reader, or the next start after a crash, sees the old
 * folder, no folder, or the whole new one, never a part.
 * @param scratch an existing or missing folder on the same file system, for what is not finished.
 */
export function replaceFolder(folder: string, files: readonly FileContent[], scratch: string): void {
  const fresh = join(scratch, randomBytes(8).toString('hex'));
  const stale = `${fresh}.stale`;
  for (const { path, text, isSecret = false } of files) {
    const file = join(fresh, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true, mode: folderMode });
    if (!path.endsWith('/')) writeThrough(file, text, isSecret ? secretMode : publicMode);
  }
  mkdirSync(dirname(folder), { recursive: true, mode: folderMode });
  if (existsSync(folder)) renameSync(folder, stale);
  renameSync(fresh, folder);
  rmSync(stale, { recursive: true, force: true });
}

/** Replaces one file as a whole. @param scratch as for `replaceFolder`. */
export function replaceFile(file: string, text: string, scratch: string): void {
  mkdirSync(scratch, { recursive: true, mode: folderMode });
  mkdirSync(dirname(file), { recursive: true, mode: folderMode });
  const fresh = join(scratch, randomBytes(8).toString('hex'));
  writeThrough(fresh, text, publicMode);
  renameSync(fresh, file);
}

function writeThrough(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'w', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
