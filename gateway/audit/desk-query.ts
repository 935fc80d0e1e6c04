import { type DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type Holder } from '../../domain/custody.js';
import { type OpenOffer, type OwnRecord } from '../openapi/types.js';
import { type LedgerPlace } from './event-filter.js';

/** Hand-overs that are listed at most. */
export const OFFERS_MAX = 200;

/** What a unit's desk needs of the index: what waits for its answer, and what it recorded. Nothing of other units. */
export class DeskQuery {
  readonly #database: DatabaseSync;

  constructor(index: { readonly database: DatabaseSync }) {
    this.#database = index.database;
  }

  /** Offers that are not answered, oldest first. @param side `received` offered to the unit, `given` by it. */
  offers(side: 'received' | 'given', { mspId, unit }: Holder): OpenOffer[] {
    const party = side === 'received' ? 'to' : 'from';
    return this.#database
      .prepare(
        `SELECT * FROM event AS offer WHERE kind = 'evidence.handed-over' AND code = 'VALID'
          AND json_extract(details, '$.${party}.mspId') = :mspId AND json_extract(details, '$.${party}.unit') = :unit
          AND NOT EXISTS (SELECT 1 FROM event AS answer WHERE answer.evidence_id = offer.evidence_id
            AND answer.kind = 'evidence.transfer-answered' AND answer.code = 'VALID' AND answer.entry_id = offer.entry_id)
        ORDER BY block, position LIMIT :limit`,
      )
      .all({ mspId, unit, limit: OFFERS_MAX })
      .map(offerOf);
  }

  /** Records that the unit made, newest first. @param before where the page before ended. */
  records({ mspId, unit }: Holder, before: LedgerPlace | undefined, limit: number): OwnRecord[] {
    const { blockNumber, txIndex } = before ?? { blockNumber: Number.MAX_SAFE_INTEGER, txIndex: 0 };
    return this.#database
      .prepare(
        `SELECT * FROM event WHERE kind IN ('evidence.registered', 'evidence.superseded') AND code = 'VALID'
          AND org = :mspId AND unit = :unit AND (block, position) < (:blockNumber, :txIndex)
        ORDER BY block DESC, position DESC LIMIT :limit`,
      )
      .all({ mspId, unit, blockNumber, txIndex, limit })
      .map(recordOf);
  }
}

function offerOf(row: Record<string, SQLOutputValue>): OpenOffer {
  const { from, to, purpose } = JSON.parse(String(row['details'])) as Pick<OpenOffer, 'from' | 'to' | 'purpose'>;
  const { evidence_id: evidenceId, entry_id: transferId, tx_time: offeredAt } = row;
  const ids = { evidenceId: String(evidenceId), transferId: String(transferId), offeredAt: String(offeredAt) };
  return { ...ids, from, to, purpose };
}

function recordOf(row: Record<string, SQLOutputValue>): OwnRecord {
  const corrects = row['kind'] === 'evidence.superseded';
  const { evidenceKind } = JSON.parse(String(row['details'])) as Pick<OwnRecord, 'evidenceKind'>;
  return {
    id: String(corrects ? row['successor'] : row['evidence_id']),
    evidenceKind,
    actor: String(row['actor']),
    txId: String(row['tx_id']),
    txTime: String(row['tx_time']),
    blockNumber: Number(row['block']),
    txIndex: Number(row['position']),
    supersedes: corrects ? String(row['evidence_id']) : null,
  };
}
