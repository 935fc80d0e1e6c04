import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS identity (
    name TEXT PRIMARY KEY, secret TEXT, type TEXT NOT NULL, affiliation TEXT NOT NULL, attributes TEXT NOT NULL,
    max_enrollments INTEGER NOT NULL, state INTEGER NOT NULL, failed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS affiliation (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS certificate (
    serial TEXT NOT NULL, aki TEXT NOT NULL, identity TEXT NOT NULL, not_after INTEGER NOT NULL,
    revoked_at INTEGER, reason TEXT, pem TEXT NOT NULL, PRIMARY KEY (serial, aki)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS certificate_of ON certificate (identity);
`;
const busyTimeoutMs = 5_000;
const saltBytes = 16;
const secretHashBytes = 32;

/** What an identity carries besides its name; `ecert` ones go into its certificates without being asked for. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly ecert?: boolean | undefined;
}

/** Somebody whom the authority knows and may certify. */
export interface Identity {
  readonly name: string;
  /** The role in certificates, such as `client` or `peer`. */
  readonly type: string;
  /** Dotted path, such as `org1.department1`; empty for the root. */
  readonly affiliation: string;
  readonly attributes: readonly Attribute[];
  /** How often its secret may be used; -1 without bound. */
  readonly maxEnrollments: number;
  /** How often it was used; -1 once the identity is revoked. */
  readonly state: number;
  /** Wrong secrets in a row. */
  readonly failed: number;
}

/** A certificate that was issued. Serial and AKI are lower-case hexadecimal without leading zeros. */
export interface IssuedCertificate {
  readonly serial: string;
  readonly aki: string;
  readonly identity: string;
  /** Unix milliseconds. */
  readonly notAfterMs: number;
  readonly revokedAtMs: number | undefined;
  readonly pem: string;
}

/**
 * What one authority remembers: identities, affiliations, certificates. A file of SQLite, synchronised with each
 * change. Not derived from anything: a registry that is lost leaves certificates valid that nobody can list any more.
 */
export class Registry {
  readonly #database: DatabaseSync;

  /** @param path the file; its folder is made. @throws the system's error where it cannot be written */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    this.#database.exec(`PRAGMA synchronous = FULL; ${schema}`);
  }

  find(name: string): Identity | undefined {
    const row = this.#database.prepare('SELECT * FROM identity WHERE name = ?').get(name);
    return row === undefined ? undefined : identityOf(row);
  }

  /** All identities, by name. */
  identities(): Identity[] {
    return this.#database.prepare('SELECT * FROM identity ORDER BY name').all().map(identityOf);
  }

  /** Writes an identity, new or changed. @param secret left as it was where it is not given */
  keep(identity: Identity, secret?: string): void {
    const { name, type, affiliation, attributes, maxEnrollments, state, failed } = identity;
    this.#database
      .prepare(
        `INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
         secret = coalesce(excluded.secret, secret), type = excluded.type, affiliation = excluded.affiliation,
         attributes = excluded.attributes, max_enrollments = excluded.max_enrollments, state = excluded.state,
         failed = excluded.failed`,
      )
      .run(
        name,
        secret === undefined ? null : hashSecret(secret),
        type,
        affiliation,
        JSON.stringify(attributes),
        maxEnrollments,
        state,
        failed,
      );
  }

  remove(name: string): void {
    this.#database.prepare('DELETE FROM identity WHERE name = ?').run(name);
  }

  /** Whether a secret is an identity's; one without a secret has none that fits. */
  isSecretOf(name: string, secret: string): boolean {
    const stored = this.#database.prepare('SELECT secret FROM identity WHERE name = ?').get(name)?.secret;
    return typeof stored === 'string' && isSecret(stored, secret);
  }

  /** All affiliations, parents before children. */
  affiliations(): string[] {
    const rows = this.#database.prepare('SELECT name FROM affiliation ORDER BY name').all();
    return rows.map(({ name }) => String(name));
  }

  addAffiliations(names: readonly string[]): void {
    const insert = this.#database.prepare('INSERT OR IGNORE INTO affiliation VALUES (?)');
    for (const name of names) insert.run(name);
  }

  removeAffiliations(names: readonly string[]): void {
    const remove = this.#database.prepare('DELETE FROM affiliation WHERE name = ?');
    for (const name of names) remove.run(name);
  }

  record(certificate: IssuedCertificate): void {
    const { serial, aki, identity, notAfterMs, pem } = certificate;
    this.#database
      .prepare('INSERT OR IGNORE INTO certificate VALUES (?, ?, ?, ?, NULL, NULL, ?)')
      .run(serial, aki, identity, notAfterMs, pem);
  }

  certificate(serial: string, aki: string): IssuedCertificate | undefined {
    const row = this.#database.prepare('SELECT * FROM certificate WHERE serial = ? AND aki = ?').get(serial, aki);
    return row === undefined ? undefined : certificateOf(row);
  }

  /** All certificates, or one identity's. */
  certificates(identity?: string): IssuedCertificate[] {
    const rows =
      identity === undefined
        ? this.#database.prepare('SELECT * FROM certificate ORDER BY not_after, serial').all()
        : this.#database.prepare('SELECT * FROM certificate WHERE identity = ? ORDER BY not_after').all(identity);
    return rows.map(certificateOf);
  }

  /** Marks a certificate as taken back; one that is keeps its time. */
  revoke({ serial, aki }: IssuedCertificate, reason: string, nowMs: number): void {
    this.#database
      .prepare('UPDATE certificate SET revoked_at = ?, reason = ? WHERE serial = ? AND aki = ? AND revoked_at IS NULL')
      .run(nowMs, reason, serial, aki);
  }

  /** All of what `work` writes, or nothing of it. */
  atOnce<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (cause) {
      this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  close(): void {
    this.#database.close();
  }
}

type Row = Record<string, unknown>;

function identityOf(row: Row): Identity {
  return {
    name: String(row.name),
    type: String(row.type),
    affiliation: String(row.affiliation),
    attributes: JSON.parse(String(row.attributes)) as Attribute[], // Written by `keep`.
    maxEnrollments: Number(row.max_enrollments),
    state: Number(row.state),
    failed: Number(row.failed),
  };
}

function certificateOf(row: Row): IssuedCertificate {
  return {
    serial: String(row.serial),
    aki: String(row.aki),
    identity: String(row.identity),
    notAfterMs: Number(row.not_after),
    revokedAtMs: row.revoked_at === null ? undefined : Number(row.revoked_at),
    pem: String(row.pem),
  };
}

function hashSecret(secret: string): string {
  const salt = randomBytes(saltBytes);
  return `${salt.toString('hex')}:${scryptSync(secret, salt, secretHashBytes).toString('hex')}`;
}

function isSecret(stored: string, secret: string): boolean {
  const [salt = '', hash = ''] = stored.split(':');
  const wanted = Buffer.from(hash, 'hex');
  return timingSafeEqual(wanted, scryptSync(secret, Buffer.from(salt, 'hex'), wanted.length));
}
