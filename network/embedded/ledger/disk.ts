import type { FileHandle } from 'node:fs/promises';
import type { BatchOperation, ClassicLevel } from 'classic-level';

/** The index database of one ledger: LevelDB with keys and values as bytes. */
export type IndexDatabase = ClassicLevel<Buffer, Buffer>;

/** One change of the index; no value deletes the key. */
export interface IndexChange {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
}

/** Every step by which a ledger changes its disk. A port, so that tests can make each step fail before or after it landed. */
export interface Disk {
  /** Writes all of `bytes` at byte `offset`, which is the file's end. */
  append(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void>;
  /** Returns when what was written would survive a power cut. */
  sync(file: FileHandle): Promise<void>;
  /** Cuts the file to `length` bytes. */
  truncate(file: FileHandle, length: number): Promise<void>;
  /** Applies all changes or none. */
  apply(index: IndexDatabase, changes: readonly IndexChange[]): Promise<void>;
  /** As `apply`, to a store that nothing rebuilds; with `sync` it returns when the changes would survive a power cut. */
  keep(store: IndexDatabase, changes: readonly IndexChange[], sync: boolean): Promise<void>;
}

/** The operating system's disk. */
export const realDisk: Disk = {
  async append(file, bytes, offset) {
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
      written += bytesWritten;
    }
  },
  sync: (file) => file.datasync(),
  truncate: (file, length) => file.truncate(length),
  // The block file is synchronous and rebuilds the index, so LevelDB itself need not be.
  apply: (index, changes) => index.batch(operationsOf(changes)),
  keep: (store, changes, sync) => store.batch(operationsOf(changes), { sync }),
};

function operationsOf(changes: readonly IndexChange[]): BatchOperation<IndexDatabase, Buffer, Buffer>[] {
  return changes.map(({ key, value }) => (value ? { type: 'put', key, value } : { type: 'del', key }));
}
