import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ClassicLevel } from 'classic-level';

import { Cursor } from './cursor.js';
import { type ByteString } from './protobuf.js';

/** Changes that are kept in memory before they are written, and the cache of what is read again, bytes. */
const pendingMax = 4_000;
const cacheBytes = 16 * 1024 * 1024;

/**
 * What blocks lead to, in the order of its keys, in a folder for temporary files (`TMPDIR`): memory does not grow with
 * the chain. Every key begins with one byte for its kind; those that a peer's index has too are named as there.
 */
export class Scratch {
  readonly #folder: string;
  readonly #database: ClassicLevel<Buffer, Buffer>;
  readonly #pending = new Map<ByteString, Buffer | undefined>();

  private constructor(folder: string, database: ClassicLevel<Buffer, Buffer>) {
    this.#folder = folder;
    this.#database = database;
  }

  /** An empty one. @throws the file system's own errors */
  static async open(): Promise<Scratch> {
    const folder = mkdtempSync(join(tmpdir(), 'yinzheng-fsck-'));
    const options = {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      compression: false,
      cacheSize: cacheBytes,
    } as const;
    const database = new ClassicLevel<Buffer, Buffer>(folder, options);
    await database.open();
    return new Scratch(folder, database);
  }

  get(key: ByteString): Buffer | undefined {
    if (this.#pending.has(key)) return this.#pending.get(key);
    return this.#database.getSync(Buffer.from(key, 'latin1'));
  }

  put(key: ByteString, value: Buffer): void {
    this.#pending.set(key, value);
  }

  delete(key: ByteString): void {
    this.#pending.set(key, undefined);
  }

  /** Writes what is pending, where that has become much. */
  async relieve(): Promise<void> {
    if (this.#pending.size >= pendingMax) await this.#flush();
  }

  /** Entries whose keys begin so, from `from` to before `to`; an empty `to` means all. */
  async cursor(prefix: ByteString, from: ByteString = '', to: ByteString = ''): Promise<Cursor> {
    await this.#flush();
    return new Cursor(this.#database, prefix, from, to);
  }

  /** Removes it from the disk. */
  async close(): Promise<void> {
    await this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    await this.#database.batch(
      [...this.#pending].map(([text, value]) => {
        const key = Buffer.from(text, 'latin1');
        return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
      }),
    );
    this.#pending.clear();
  }
}
