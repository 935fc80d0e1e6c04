import { type DatabaseSync, type StatementSync } from 'node:sqlite';

import {
  type AttestationAct,
  type AttestationFacts,
  isAttestationEvent,
  parseAttestationEvent,
} from '../../domain/attestation-event.js';
import { type LedgerBlock } from '../ledger/block.js';

/** One valid act on an attestation: the record as it stands after it. */
export type AttestationActRow = AttestationFacts & { readonly kind: AttestationAct };

/** The table that lists and counts read: one row an attestation, as its latest act left it. Derived, like the rest. */
export const ATTESTATION_SCHEMA = `
  CREATE TABLE attestation (
    id TEXT PRIMARY KEY,
    asker TEXT NOT NULL, asker_unit TEXT NOT NULL, answerer TEXT NOT NULL, answerer_unit TEXT NOT NULL,
    item TEXT NOT NULL, matter TEXT NOT NULL, state TEXT NOT NULL, code TEXT,
    requested_at TEXT NOT NULL, due_at TEXT NOT NULL, escalate_at TEXT NOT NULL, valid_until TEXT,
    answered INTEGER NOT NULL, used INTEGER NOT NULL, flagged TEXT NOT NULL,
    settled_at TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attestation_by_asker ON attestation (asker, due_at, id);
  CREATE INDEX attestation_by_answerer ON attestation (answerer, due_at, id);
  CREATE INDEX attestation_open_asker ON attestation (asker, state, due_at, id);
  CREATE INDEX attestation_open_answerer ON attestation (answerer, state, due_at, id);
  CREATE INDEX attestation_by_request ON attestation (requested_at, answerer, state, due_at, settled_at, code);
  CREATE INDEX attestation_by_month ON attestation (asker, answerer, requested_at);
`;

/**
 * The acts of a block that changed an attestation. Pure. @param chaincode whose events are read.
 * @throws as `projectBlock`, which has looked at the same events before
 */
export function projectAttestations(block: LedgerBlock, chaincode: string): AttestationActRow[] {
  return block.transactions.flatMap(({ code, event, chaincode: name }) => {
    if (code !== 'VALID' || name !== chaincode || event === undefined || !isAttestationEvent(event.name)) return [];
    const act = parseAttestationEvent(event.payload);
    return 'attestationId' in act ? [act] : [];
  });
}

/** Writes the table, inside the database transaction of the index. */
export class AttestationRows {
  readonly #upsert: StatementSync;

  constructor(database: DatabaseSync) {
    this.#upsert = database.prepare(
      `INSERT INTO attestation VALUES (:id, :asker, :askerUnit, :answerer, :answererUnit, :item, :matter, :state, :code,
        :txTime, :dueAt, :escalateAt, :validUntil, :answered, :used, :flagged, :settledAt)
       ON CONFLICT (id) DO UPDATE SET state = :state, code = :code, valid_until = :validUntil, flagged = :flagged,
        answered = max(answered, :answered), used = max(used, :used),
        settled_at = coalesce(settled_at, :settledAt)`,
    );
  }

  append(act: AttestationActRow): void {
    const { attestationId, requester, answerer, itemId, matter, state, txTime, dueAt, escalateAt } = act;
    this.#upsert.run({
      id: attestationId,
      asker: requester.mspId,
      askerUnit: requester.unit,
      answerer: answerer.mspId,
      answererUnit: answerer.unit,
      item: itemId,
      matter,
      state,
      code: act.code ?? null,
      txTime,
      dueAt,
      escalateAt,
      validUntil: act.validUntil ?? null,
      answered: act.validUntil === undefined ? 0 : 1,
      used: act.kind === 'attestation.used' ? 1 : 0,
      flagged: JSON.stringify(act.flagged ?? []),
      settledAt: settles(act) ? txTime : null,
    });
  }
}

/** Whether the answering side did its part: answered, or refused; the catalogue may refuse at once. */
function settles({ kind, state }: AttestationActRow): boolean {
  return kind === 'attestation.answered' || state === 'REFUSED';
}
