import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';

import { ManagerError } from './manager-error.js';

/** One file of a snapshot. */
export interface SnapshotFile {
  /** Relative to the data folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

/** Copies as many bytes as there were at the beginning. */
export async function copyFile(from: string, to: string, path: string): Promise<SnapshotFile> {
  const { size } = await stat(join(from, path));
  const target = join(to, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const output = createWriteStream(target, { mode: 0o600, flush: true });
  if (size === 0) {
    await new Promise<void>((done) => {
      output.end(done);
    });
  } else {
    await pipeline(
      createReadStream(join(from, path), { end: size - 1 }),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      output,
    );
  }
  return { path, bytes: size, sha256: hash.digest('hex') };
}

/** Times that a database may change its files under the copying before that counts as one that cannot be copied. */
const copiesMax = 20;
/** What belongs to the process that has the database open. */
const ofProcess: readonly string[] = ['LOCK', 'LOG', 'LOG.old'];

/**
 * Copies a LevelDB folder that may be in use. Its files only grow or are replaced by files of other names; so a copy
 * during which no file came or went is the database as it was at some moment, but for the end of its log, which LevelDB
 * itself cuts. @param folder relative to `from`. @throws ManagerError FOLDER_BUSY
 */
export async function copyDatabase(from: string, to: string, folder: string): Promise<SnapshotFile[]> {
  for (let copies = 0; copies < copiesMax; copies += 1) {
    const names = await databaseFiles(join(from, folder));
    try {
      const files: SnapshotFile[] = [];
      for (const name of names) files.push(await copyFile(from, to, join(folder, name)));
      if ((await databaseFiles(join(from, folder))).join() === names.join()) return files;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause; // It was replaced; the names differ now.
    }
    await rm(join(to, folder), { recursive: true, force: true });
  }
  throw new ManagerError('FOLDER_BUSY', { folder: join(from, folder) });
}

/** The list of files first: what it does not name yet does not count. */
async function databaseFiles(folder: string): Promise<string[]> {
  const rank = (name: string): number => (name === 'CURRENT' ? 0 : name.startsWith('MANIFEST') ? 1 : 2);
  return (await readdir(folder))
    .filter((name) => !ofProcess.includes(name))
    .sort((a, b) => rank(a) - rank(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Copies a file of SQLite as it is at one moment, whoever writes to it meanwhile. */
export async function copySqlite(from: string, to: string, path: string): Promise<SnapshotFile> {
  const target = join(to, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(from, path), { readOnly: true });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
  const content = await readFile(target);
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
