import { type DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS certificate (
    evidence_id TEXT NOT NULL, issue INTEGER NOT NULL, issued_at TEXT NOT NULL, applicant TEXT NOT NULL,
    unit TEXT NOT NULL, stated TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (evidence_id, issue)
  ) STRICT, WITHOUT ROWID;
`;

/** One issue of a certificate, as it is logged: issuing is an act of its own (requirement R23). */
export interface LoggedCertificate {
  readonly evidenceId: string;
  /** From 1. */
  readonly issue: number;
  readonly issuedAt: string;
  /** MSP id, unit and post of whom it was issued to. */
  readonly applicant: string;
  readonly unit: string;
  /** JSON of what the applicant said of the file; a reissue repeats it. */
  readonly stated: string;
  readonly bytes: Uint8Array;
}

/** What was issued, in the receipts' database. Nothing is ever removed or changed. */
export class CertificateLog {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /** The newest issue for a record; `undefined` where none was issued here. */
  newest(evidenceId: string): LoggedCertificate | undefined {
    const row = this.#database
      .prepare('SELECT * FROM certificate WHERE evidence_id = ? ORDER BY issue DESC LIMIT 1')
      .get(evidenceId);
    return (
      row && {
        evidenceId,
        issue: Number(row.issue),
        issuedAt: String(row.issued_at),
        applicant: String(row.applicant),
        unit: String(row.unit),
        stated: String(row.stated),
        bytes: row.bytes as Uint8Array,
      }
    );
  }

  /** @throws {Error} SQLite's own, where the issue's number was given already */
  add(certificate: LoggedCertificate): void {
    const { evidenceId, issue, issuedAt, applicant, unit, stated, bytes } = certificate;
    this.#database
      .prepare('INSERT INTO certificate VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(evidenceId, issue, issuedAt, applicant, unit, stated, bytes);
  }
}
