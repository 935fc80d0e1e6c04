import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { canonicalJson } from '../../domain/canonical-json.js';
import { type LedgerBlock } from '../ledger/block.js';
import { type AuditEvent } from '../openapi/types.js';
import { ATTESTATION_SCHEMA, AttestationRows, projectAttestations } from './attestation-rows.js';
import { type ChainTip } from './chain.js';
import { projectBlock } from './projection.js';

/** A change here makes old files be rebuilt from the chain. */
const SCHEMA_VERSION = 4;
const BUSY_TIMEOUT_MS = 5_000;

const SCHEMA = `
  CREATE TABLE event (
    block INTEGER NOT NULL, position INTEGER NOT NULL,
    tx_id TEXT NOT NULL, kind TEXT, code TEXT NOT NULL,
    evidence_id TEXT, entry_id TEXT, successor TEXT, details TEXT,
    actor TEXT, role TEXT, org TEXT, unit TEXT, region TEXT,
    tx_time TEXT, endorsers TEXT NOT NULL,
    PRIMARY KEY (block, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX event_by_tx ON event (tx_id);
  CREATE INDEX event_by_evidence ON event (evidence_id, block, position);
  CREATE INDEX event_by_successor ON event (successor, block, position) WHERE successor IS NOT NULL;
  CREATE INDEX event_by_entry ON event (entry_id, block, position) WHERE entry_id IS NOT NULL;
  CREATE INDEX event_by_actor ON event (actor, block, position);
  CREATE INDEX event_by_unit ON event (unit, block, position);
  CREATE INDEX event_by_org ON event (org, block, position);
  CREATE INDEX event_by_kind ON event (kind, block, position);
  CREATE INDEX event_by_code ON event (code, block, position);
  CREATE INDEX event_refused ON event (block, position, code, tx_time) WHERE code <> 'VALID';
  CREATE INDEX event_by_time ON event (tx_time, org, kind, code);
  CREATE TABLE configuration (block INTEGER PRIMARY KEY, consensus TEXT NOT NULL, organisations TEXT NOT NULL) STRICT;
  CREATE TABLE block (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
  ${ATTESTATION_SCHEMA}
`;

/**
 * The audit index: what one peer's blocks say, in a file of SQLite. Derived data: the file may be deleted, and the
 * follower writes the same rows again from block 0. The latest row of `block` is the checkpoint, so projection and
 * checkpoint cannot disagree: both are written by one database transaction (test/contract/audit-index.ts).
 */
export class AuditIndex {
  /** For `query.ts`, which only reads. */
  readonly database: DatabaseSync;
  readonly #chaincode: string;
  readonly #insertEvent: StatementSync;
  readonly #insertConfiguration: StatementSync;
  readonly #insertBlock: StatementSync;
  readonly #attestations: AttestationRows;
  readonly #selectTip: StatementSync;

  /** @param path the file; its folder is made. A file of another schema is rebuilt. @param chaincode whose events count. */
  constructor(path: string, chaincode: string) {
    this.database = open(path);
    this.#chaincode = chaincode;
    this.#insertEvent = this.database.prepare(
      `INSERT INTO event VALUES (:blockNumber, :txIndex, :txId, :kind, :code, :evidenceId, :entryId, :successor,
        :details, :actor, :role, :org, :unit, :region, :txTime, :endorsers)`,
    );
    this.#insertConfiguration = this.database.prepare('INSERT INTO configuration VALUES (?, ?, ?)');
    this.#attestations = new AttestationRows(this.database);
    this.#insertBlock = this.database.prepare('INSERT INTO block VALUES (?, ?)');
    this.#selectTip = this.database.prepare('SELECT number, hash FROM block ORDER BY number DESC LIMIT 1');
  }

  /** The last block that was indexed; `undefined` in a new index. */
  tip(): ChainTip | undefined {
    const row = this.#selectTip.get();
    return row && { number: Number(row.number), hash: String(row.hash) };
  }

  /**
   * Indexes one block, all of it or nothing. That it continues the chain is the caller's to check (`chain.ts`).
   * @throws {Error} SQLite's own, where the block is there already or the disk refuses; nothing is written then.
   */
  append(block: LedgerBlock): void {
    const events = projectBlock(block, this.#chaincode);
    const attestations = projectAttestations(block, this.#chaincode);
    this.database.exec('BEGIN IMMEDIATE');
    try {
      for (const event of events) this.#insertEvent.run(rowOf(event));
      for (const act of attestations) this.#attestations.append(act);
      if (block.configuration !== undefined) {
        const { consensus, organisations } = block.configuration;
        this.#insertConfiguration.run(block.number, consensus, JSON.stringify(organisations));
      }
      this.#insertBlock.run(block.number, block.hash);
      this.database.exec('COMMIT');
    } catch (error) {
      // On a full disk SQLite has rolled back already; a second time would hide why.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.database.close();
  }
}

function rowOf(event: AuditEvent): Record<string, string | number | null> {
  const details = event.details === null ? null : canonicalJson(event.details);
  return { ...event, details, endorsers: JSON.stringify(event.endorsers) };
}

function open(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // It names who did what: for its owner alone. SQLite gives its journals the permissions of the file itself.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  // Not synchronised with each block: what a power cut takes from the end of the log is derived, checkpoint and rows
  // together, and the follower writes it again. SQLite keeps such a file consistent (pragma.html#pragma_synchronous).
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version === SCHEMA_VERSION) return database;
  if (version !== 0) {
    database.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return open(path);
  }
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
  return database;
}
