import { type DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type AttestationId, type EvidenceId } from '../../domain/ids.js';
import { type LedgerConfiguration } from '../ledger/configuration.js';
import { type AuditEvent } from '../openapi/types.js';
import { type EventFilter, eventStatement, type LedgerPlace } from './event-filter.js';

/** Acts on one record that a timeline shows at most. */
export const TIMELINE_MAX = 1_000;

/** Reads the audit index. All orders are the ledger's, so pages stay stable while blocks arrive. */
export class AuditQuery {
  readonly #database: DatabaseSync;

  constructor(index: { readonly database: DatabaseSync }) {
    this.#database = index.database;
  }

  /** @param limit rows at most. @param whole as {@link eventStatement} has it. @returns transactions, valid or not. */
  events(filter: EventFilter, limit: number, whole = false): AuditEvent[] {
    const { sql, values } = eventStatement(filter, limit, whole);
    return this.#database.prepare(sql).all(values).map(eventOf);
  }

  /** Every act on a record, also as the correction of an older one; at most {@link TIMELINE_MAX}. */
  timeline(id: EvidenceId | AttestationId): AuditEvent[] {
    return this.#database
      .prepare(
        `SELECT * FROM event WHERE evidence_id = :id UNION SELECT * FROM event WHERE successor = :id
         ORDER BY block, position LIMIT :limit`,
      )
      .all({ id, limit: TIMELINE_MAX })
      .map(eventOf);
  }

  /** Where the transaction stands; `undefined` while its block is not indexed. A rejected copy never stands for it. */
  placeOf(txId: string): LedgerPlace | undefined {
    const row = this.#database
      .prepare(`SELECT block, position FROM event WHERE tx_id = ? AND code = 'VALID' ORDER BY block, position LIMIT 1`)
      .get(txId);
    return row && { blockNumber: Number(row.block), txIndex: Number(row.position) };
  }

  /** One transaction; a rejected copy never stands for the valid one. `undefined` while its block is not indexed. */
  transaction(txId: string): AuditEvent | undefined {
    const row = this.#database
      .prepare(`SELECT * FROM event WHERE tx_id = ? ORDER BY code <> 'VALID', block, position LIMIT 1`)
      .get(txId);
    return row && eventOf(row);
  }

  /** Header hash of a block, hex; `undefined` while it is not indexed. */
  hashOf(number: number): string | undefined {
    const row = this.#database.prepare('SELECT hash FROM block WHERE number = ?').get(number);
    return row && String(row.hash);
  }

  /** What the index holds of one block, for comparison with the chain. */
  block(number: number): { readonly hash: string; readonly events: readonly AuditEvent[] } | undefined {
    const hash = this.hashOf(number);
    if (hash === undefined) return undefined;
    const events = this.#database.prepare('SELECT * FROM event WHERE block = ? ORDER BY position').all(number);
    return { hash, events: events.map(eventOf) };
  }

  /** Numbers of all blocks that configured the channel, oldest first. */
  configurationBlocks(): number[] {
    const rows = this.#database.prepare('SELECT block FROM configuration ORDER BY block').all();
    return rows.map(({ block }) => Number(block));
  }

  /** The channel configuration in force; `undefined` before block 0 is indexed. */
  configuration(): LedgerConfiguration | undefined {
    const row = this.#database.prepare('SELECT * FROM configuration ORDER BY block DESC LIMIT 1').get();
    if (row === undefined) return undefined;
    return { consensus: String(row.consensus), organisations: JSON.parse(String(row.organisations)) as string[] };
  }
}

function eventOf(row: Record<string, SQLOutputValue>): AuditEvent {
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  return {
    blockNumber: Number(row.block),
    txIndex: Number(row.position),
    txId: String(row.tx_id),
    kind: text('kind') as AuditEvent['kind'],
    code: String(row.code),
    evidenceId: text('evidence_id'),
    entryId: text('entry_id'),
    successor: text('successor'),
    details: JSON.parse(text('details') ?? 'null') as AuditEvent['details'],
    actor: text('actor'),
    role: text('role'),
    org: text('org'),
    unit: text('unit'),
    region: text('region'),
    txTime: text('tx_time'),
    endorsers: JSON.parse(String(row.endorsers)) as string[],
  };
}
