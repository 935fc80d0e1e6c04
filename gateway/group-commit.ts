import { type DatabaseSync } from 'node:sqlite';

/** Newly come writes wait so long for others, milliseconds: one synchronised transaction then serves them all. */
const GROUP_MS = 2;

/** A write on its way into the database. */
interface Waiting {
  readonly write: () => unknown;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** Writes to one database, in groups: waiting for the disk once for each would bound them to some hundred a second. */
export class GroupCommit {
  readonly #database: DatabaseSync;
  #waiting: Waiting[] = [];

  /** @param database whose `synchronous` says what "on the disk" means. */
  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * @param write runs inside the group's transaction. @returns what it returned, once that is on the disk.
   * @throws what the group's transaction threw: then nothing of the group is written
   */
  run<Value>(write: () => Value): Promise<Value> {
    if (this.#waiting.length === 0) {
      setTimeout(() => {
        this.flush();
      }, GROUP_MS);
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ write, done: done as (value: unknown) => void, failed });
    });
  }

  /** Writes what waits; to be called before the database is closed. */
  flush(): void {
    const group = this.#waiting.splice(0);
    if (group.length === 0) return;
    let values: unknown[];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      values = group.map(({ write }) => write());
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      for (const { failed } of group) failed(error);
      return;
    }
    for (const [index, { done }] of group.entries()) done(values[index]);
  }
}
