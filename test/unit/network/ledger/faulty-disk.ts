import type { FileHandle } from 'node:fs/promises';

import { type Disk, type IndexChange, type IndexDatabase, realDisk } from '../../../../network/embedded/ledger/disk.js';

/** The fault that a `FaultyDisk` throws. */
export class DiskFault extends Error {
  override readonly name = 'DiskFault';
}

/** A step of the disk, and how much of it lands before it fails; a part is three quarters of the bytes. */
export interface Fault {
  readonly at: keyof Disk;
  readonly landed: 'nothing' | 'part' | 'all';
}

/**
 * The real disk, one step of which fails when armed. A failed `sync` that landed nothing is a power cut: what was
 * written since the last `sync` is gone.
 */
export class FaultyDisk implements Disk {
  #fault: Fault | undefined;
  #syncedBytes = 0;

  arm(fault: Fault): void {
    this.#fault = fault;
  }

  heal(): void {
    this.#fault = undefined;
  }

  append(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
    return this.#step('append', (landed) => {
      const part = bytes.subarray(0, landed === 'part' ? bytes.length * 0.75 : bytes.length);
      return realDisk.append(file, landed === 'nothing' ? new Uint8Array(0) : part, offset);
    });
  }

  async sync(file: FileHandle): Promise<void> {
    await this.#step('sync', (landed) =>
      landed === 'all' ? realDisk.sync(file) : realDisk.truncate(file, this.#syncedBytes),
    );
    this.#syncedBytes = (await file.stat()).size;
  }

  truncate(file: FileHandle, length: number): Promise<void> {
    return this.#step('truncate', (landed) => (landed === 'all' ? realDisk.truncate(file, length) : Promise.resolve()));
  }

  apply(index: IndexDatabase, changes: readonly IndexChange[]): Promise<void> {
    return this.#step('apply', (landed) => realDisk.apply(index, landed === 'all' ? changes : []));
  }

  keep(store: IndexDatabase, changes: readonly IndexChange[], sync: boolean): Promise<void> {
    return this.#step('keep', (landed) => realDisk.keep(store, landed === 'all' ? changes : [], sync));
  }

  async #step(at: keyof Disk, run: (landed: Fault['landed']) => Promise<void>): Promise<void> {
    if (this.#fault?.at !== at) return run('all');
    await run(this.#fault.landed);
    throw new DiskFault(`${at} failed, ${this.#fault.landed} landed`);
  }
}
