import { type DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type ReconciledCounts } from '../../domain/attestation-reconciliation.js';
import { type AttestationState } from '../../domain/attestation-words.js';
import { type AttestationLine } from '../openapi/types.js';

/** Which attestations to list; members that are absent do not narrow the list. */
export interface AttestationFilter {
  /** MSP id of the asking or the answering side; one of them is given. */
  readonly asker?: string;
  readonly answerer?: string;
  readonly state?: AttestationState;
  /** Only those whose answer is late. */
  readonly overdue?: boolean;
  /** Where the page before ended. */
  readonly after?: { readonly dueAt: string; readonly id: string };
}

const CONDITIONS = { asker: 'asker = :asker', answerer: 'answerer = :answerer', state: 'state = :state' } as const;

/** Reads what the index knows of attestations. Nothing personal stands there, because none stands on the chain. */
export class AttestationQuery {
  readonly #database: DatabaseSync;

  constructor(index: { readonly database: DatabaseSync }) {
    this.#database = index.database;
  }

  /** @param at RFC 3339: when the list is read. @param limit rows at most. @returns lines, the nearest deadline first. */
  list({ after, overdue, ...given }: AttestationFilter, at: string, limit: number): AttestationLine[] {
    const late = overdue === true;
    // Without it SQLite goes through all that was ever due before, in any state.
    const by = late ? ` INDEXED BY attestation_open_${given.asker === undefined ? 'answerer' : 'asker'}` : '';
    const names = Object.keys(CONDITIONS).filter((name): name is keyof typeof CONDITIONS => name in given);
    const where = [
      ...names.map((name) => CONDITIONS[name]),
      ...(late ? ["state = 'REQUESTED' AND due_at < :at"] : []),
      ...(after === undefined ? [] : ['(due_at, id) > (:dueAt, :id)']),
    ];
    return this.#database
      .prepare(`SELECT * FROM attestation${by} WHERE ${where.join(' AND ')} ORDER BY due_at, id LIMIT :limit`)
      .all({ ...given, ...(late && { at }), ...after, limit })
      .map((row) => lineOf(row, at));
  }

  /** What the chain counts of one month's requests from one organisation to another. @param period `2026-03`. */
  counts(asker: string, answerer: string, period: string): ReconciledCounts {
    const row = this.#database
      .prepare(
        `SELECT count(*) AS requested, coalesce(sum(answered), 0) AS answered, coalesce(sum(used), 0) AS used,
          count(*) FILTER (WHERE state = 'REFUSED') AS refused,
          count(*) FILTER (WHERE state = 'WITHDRAWN') AS withdrawn
         FROM attestation WHERE asker = ? AND answerer = ? AND requested_at >= ? AND requested_at < ?`,
      )
      .get(asker, answerer, period, `${period}~`);
    const count = (name: keyof ReconciledCounts) => Number(row?.[name] ?? 0);
    return {
      requested: count('requested'),
      answered: count('answered'),
      refused: count('refused'),
      used: count('used'),
      withdrawn: count('withdrawn'),
    };
  }
}

function lineOf(row: Record<string, SQLOutputValue>, at: string): AttestationLine {
  const text = (name: string) => String(row[name]);
  const state = text('state') as AttestationState; // The index writes what a parsed event says.
  const waits = state === 'REQUESTED';
  const standsUnused = state === 'ATTESTED' || state === 'ACCEPTED';
  return {
    id: text('id'),
    asker: text('asker'),
    askerUnit: text('asker_unit'),
    answerer: text('answerer'),
    answererUnit: text('answerer_unit'),
    itemId: text('item'),
    matter: text('matter'),
    state,
    code: typeof row.code === 'string' ? row.code : null,
    requestedAt: text('requested_at'),
    dueAt: text('due_at'),
    overdue: waits && at > text('due_at'),
    escalated: waits && at > text('escalate_at'),
    expired: standsUnused && typeof row.valid_until === 'string' && at > row.valid_until,
    flagged: JSON.parse(text('flagged')) as string[],
  };
}
