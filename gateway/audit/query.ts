import { type DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type AttestationId, type EvidenceId } from '../../domain/ids.js';
import { type LedgerConfiguration } from '../ledger/configuration.js';
import { type AuditEvent } from './projection.js';

/** Acts on one record that a timeline shows at most. */
export const TIMELINE_MAX = 1_000;

/** A place in the ledger's order. */
export interface LedgerPlace {
  readonly blockNumber: number;
  readonly txIndex: number;
}

/** Which transactions to list; members that are absent do not narrow the list. */
export interface EventFilter {
  /** Common name in the certificate. */
  readonly actor?: string;
  /** MSP id. */
  readonly org?: string;
  readonly kind?: string;
  /** Claimed transaction time, inclusive, RFC 3339 in UTC with milliseconds. */
  readonly from?: string;
  /** Claimed transaction time, inclusive too. */
  readonly to?: string;
  /** Where the page before ended. */
  readonly after?: LedgerPlace;
}

const CONDITIONS = {
  actor: 'actor = :actor',
  org: 'org = :org',
  kind: 'kind = :kind',
  from: 'tx_time >= :from',
  to: 'tx_time <= :to',
} as const;

/** Reads the audit index. All orders are the ledger's, oldest first, so pages stay stable while blocks arrive. */
export class AuditQuery {
  readonly #database: DatabaseSync;

  constructor(index: { readonly database: DatabaseSync }) {
    this.#database = index.database;
  }

  /** @param limit rows at most. @returns transactions after `filter.after`, valid or not. */
  events(filter: EventFilter, limit: number): AuditEvent[] {
    const { after = { blockNumber: -1, txIndex: 0 }, ...given } = filter;
    const names = Object.keys(CONDITIONS).filter((name): name is keyof typeof CONDITIONS => name in given);
    const where = ['(block, position) > (:block, :position)', ...names.map((name) => CONDITIONS[name])];
    return this.#database
      .prepare(`SELECT * FROM event WHERE ${where.join(' AND ')} ORDER BY block, position LIMIT :limit`)
      .all({ ...given, block: after.blockNumber, position: after.txIndex, limit })
      .map(eventOf);
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

  /** What the index holds of one block, for comparison with the chain. */
  block(number: number): { readonly hash: string; readonly events: readonly AuditEvent[] } | undefined {
    const row = this.#database.prepare('SELECT hash FROM block WHERE number = ?').get(number);
    if (row === undefined) return undefined;
    const events = this.#database.prepare('SELECT * FROM event WHERE block = ? ORDER BY position').all(number);
    return { hash: String(row.hash), events: events.map(eventOf) };
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
    kind: text('kind'),
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
