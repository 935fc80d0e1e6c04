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

/** How a folder is replaced. */
export interface Replacing {
  /** An existing or missing folder on the same file system, for what is not finished. */
  readonly scratch: string;
  /**
   * Whether every file must have reached the disk before the folder appears. It costs milliseconds a file, so it is
   * for what cannot be made again; the rest is checked when it is read.
   */
  readonly isDurable: boolean;
}

const folderMode = 0o700;
const secretMode = 0o600;
const publicMode = 0o644;

/**
 * Replaces a folder by one with exactly these files, so that a reader, or the next start after a crash, sees the old
 * folder, no folder, or the whole new one, never a part.
 */
export function replaceFolder(folder: string, files: readonly FileContent[], { scratch, isDurable }: Replacing): void {
  const fresh = join(scratch, randomBytes(8).toString('hex'));
  const stale = `${fresh}.stale`;
  for (const { path, text, isSecret = false } of files) {
    const file = join(fresh, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true, mode: folderMode });
    if (!path.endsWith('/')) write(file, text, { mode: isSecret ? secretMode : publicMode, isDurable });
  }
  mkdirSync(dirname(folder), { recursive: true, mode: folderMode });
  if (existsSync(folder)) renameSync(folder, stale);
  renameSync(fresh, folder);
  rmSync(stale, { recursive: true, force: true });
}

/** Replaces one file, readable by everyone, as a whole. */
export function replaceFile(file: string, text: string, { scratch, isDurable }: Replacing): void {
  mkdirSync(scratch, { recursive: true, mode: folderMode });
  mkdirSync(dirname(file), { recursive: true, mode: folderMode });
  const fresh = join(scratch, randomBytes(8).toString('hex'));
  write(fresh, text, { mode: publicMode, isDurable });
  renameSync(fresh, file);
}

function write(file: string, text: string, { mode, isDurable }: { mode: number; isDurable: boolean }): void {
  const handle = openSync(file, 'w', mode);
  try {
    writeFileSync(handle, text);
    if (isDurable) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
