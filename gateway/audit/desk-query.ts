import { type DatabaseSync, type SQLOutputValue } from 'node:sqlite';

import { type Holder } from '../../domain/custody.js';
import { type OpenOffer, type OpenRenewal, type OwnLicense, type OwnRecord } from '../openapi/types.js';
import { type LedgerPlace } from './event-filter.js';

/** Hand-overs, and renewals, that are listed at most. */
export const OFFERS_MAX = 200;
/** Types of licences that are listed at most. */
const TYPES_MAX = 500;
/** What of an identifier names one of a licence's versions: `.001` and the check character after another dot. */
const VERSION_CHARS = 6;

/** What a unit's desk needs of the index: what waits for it, and what it recorded or issued. Nothing of other units. */
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

  /** Licences that the unit issued, newest first. @param before where the page before ended. */
  licenses({ mspId, unit }: Holder, before: LedgerPlace | undefined, limit: number): OwnLicense[] {
    const { blockNumber, txIndex } = before ?? { blockNumber: Number.MAX_SAFE_INTEGER, txIndex: 0 };
    return this.#database
      .prepare(
        `SELECT * FROM event WHERE kind = 'license.issued' AND code = 'VALID'
          AND org = :mspId AND unit = :unit AND (block, position) < (:blockNumber, :txIndex)
        ORDER BY block DESC, position DESC LIMIT :limit`,
      )
      .all({ mspId, unit, blockNumber, txIndex, limit })
      .map(licenseOf);
  }

  /**
   * Renewals that holders asked for and nobody decided, of licences that the unit issued, oldest first. One is decided
   * by a refusal, by the next version, and by whatever ends the licence.
   */
  renewals({ mspId, unit }: Holder): OpenRenewal[] {
    return this.#database
      .prepare(
        `SELECT evidence_id AS licenseId, tx_time AS askedAt FROM event AS asked
        WHERE kind = 'license.renewal-requested' AND code = 'VALID'
          AND EXISTS (SELECT 1 FROM event AS issued WHERE issued.kind = 'license.issued' AND issued.code = 'VALID'
            AND issued.org = :mspId AND issued.unit = :unit
            AND issued.evidence_id > substr(asked.evidence_id, 1, length(asked.evidence_id) - ${VERSION_CHARS}) || '.'
            AND issued.evidence_id < substr(asked.evidence_id, 1, length(asked.evidence_id) - ${VERSION_CHARS}) || '/')
          AND NOT EXISTS (SELECT 1 FROM event AS decided WHERE decided.evidence_id = asked.evidence_id
            AND decided.code = 'VALID' AND (decided.kind = 'license.renewal-refused' OR decided.kind = 'license.operated'
              AND (decided.successor IS NOT NULL OR json_extract(decided.details, '$.status') NOT IN ('01', '02'))))
        ORDER BY block, position LIMIT :limit`,
      )
      .all({ mspId, unit, limit: OFFERS_MAX })
      .map(({ licenseId, askedAt }) => ({ licenseId: String(licenseId), askedAt: String(askedAt) }));
  }

  /** Codes of the types of licences that the unit defined, each once, the latest first. */
  licenseTypes({ mspId, unit }: Holder): string[] {
    return this.#database
      .prepare(
        `SELECT json_extract(details, '$.typeCode') AS typeCode, max(block) AS latest FROM event
        WHERE kind = 'license.type-defined' AND code = 'VALID' AND org = :mspId AND unit = :unit
        GROUP BY json_extract(details, '$.typeCode') ORDER BY latest DESC LIMIT :limit`,
      )
      .all({ mspId, unit, limit: TYPES_MAX })
      .map(({ typeCode }) => String(typeCode));
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

function licenseOf(row: Record<string, SQLOutputValue>): OwnLicense {
  return {
    id: String(row['evidence_id']),
    actor: String(row['actor']),
    txTime: String(row['tx_time']),
    blockNumber: Number(row['block']),
    txIndex: Number(row['position']),
  };
}
