import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { GroupCommit } from '../group-commit.js';

const BUSY_TIMEOUT_MS = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS receipt (
    evidence_id TEXT NOT NULL, grade TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (evidence_id, grade)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS identity (bytes BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS chaincode (name TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (name, version))
    STRICT, WITHOUT ROWID;
`;

/** `standard`: the attestation alone. `audit`: with what auditors look at besides. */
export type ReceiptGrade = 'standard' | 'audit';

/**
 * What this gateway issued: the first receipt of a record is its receipt for ever. Not derived: a receipt that is lost
 * here can be made anew, but in other bytes; whoever was given the first one can still show it.
 */
export class ReceiptStore {
  /** Also for `certificate-log.ts`. */
  readonly database: DatabaseSync;
  readonly #group: GroupCommit;

  /** @param path a file of SQLite; its folder is made. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    this.database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA}`);
    this.#group = new GroupCommit(this.database);
  }

  /** `undefined` where none was issued here. */
  find(id: string, grade: ReceiptGrade): Uint8Array | undefined {
    const row = this.database.prepare('SELECT bytes FROM receipt WHERE evidence_id = ? AND grade = ?').get(id, grade);
    return row?.bytes as Uint8Array | undefined;
  }

  /** Keeps a receipt, unless one is kept already. @returns the bytes that stand, once they are on the disk. */
  keep(id: string, grade: ReceiptGrade, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#group.run(() => {
      this.database.prepare('INSERT OR IGNORE INTO receipt VALUES (?, ?, ?)').run(id, grade, bytes);
      return this.find(id, grade) ?? bytes;
    });
  }

  /** Remembers who signed and which chaincode answered: a trust root lists them. */
  learn(
    identities: readonly Uint8Array[],
    { name, version }: { readonly name: string; readonly version: string },
  ): void {
    const known = this.database.prepare('SELECT 1 FROM identity WHERE bytes = ?');
    const strangers = identities.filter((identity) => known.get(identity) === undefined);
    for (const identity of strangers) this.database.prepare('INSERT OR IGNORE INTO identity VALUES (?)').run(identity);
    if (this.versions(name).includes(version)) return;
    this.database.prepare('INSERT OR IGNORE INTO chaincode VALUES (?, ?)').run(name, version);
  }

  /** Bytes of msp.SerializedIdentity of everybody who signed a receipt here, in the order of their bytes. */
  identities(): Uint8Array[] {
    return this.database
      .prepare('SELECT bytes FROM identity ORDER BY bytes')
      .all()
      .map(({ bytes }) => bytes as Uint8Array);
  }

  /** Versions of a chaincode that ever answered, sorted. */
  versions(name: string): string[] {
    const rows = this.database.prepare('SELECT version FROM chaincode WHERE name = ? ORDER BY version').all(name);
    return rows.map(({ version }) => String(version));
  }

  close(): void {
    this.#group.flush();
    this.database.close();
  }
}
