import { type RequestHandler, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { parseTxId, type TxId } from '../../domain/ids.js';
import { isPublicAct, transactionWording, UNKNOWN_TRANSACTION_WORDING } from '../../domain/transaction-wording.js';
import {
  type AuditEvent,
  type FoundTransaction,
  type PublicActKind,
  type TransactionAnswer,
} from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { indexState } from './index-state.js';

/**
 * `GET /v1/transactions/{txId}`, for anyone (requirement R24): where a transaction stands, how it was judged, and the
 * record that it made or is about. Of other acts than those that `/v1/verify` shows only the place is told, and never
 * who signed (docs/adr/0051-lookup-by-transaction.md). Read from the index: where that is behind, a miss is
 * UNVERIFIABLE_NOW, never "not found" (requirement R14).
 */
export function transactionRoutes(parts: GatewayParts, publicly: readonly RequestHandler[]): Router {
  return Router().get('/v1/transactions/:txId', ...publicly, (request, response) => {
    const txId = parseTxId(request.params.txId);
    const index = indexState(parts);
    const event = parts.query.transaction(txId);
    if (event !== undefined) response.json({ found: true, ...show(txId, event), index } satisfies TransactionAnswer);
    else if (index.live) {
      response.json({ found: false, txId, wording: UNKNOWN_TRANSACTION_WORDING, index } satisfies TransactionAnswer);
    } else throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an index that has read every block', retryAfter: 2 });
  });
}

function show(
  txId: TxId,
  { blockNumber, txIndex, code, txTime, ...act }: AuditEvent,
): Omit<FoundTransaction, 'found' | 'index'> {
  const facts = { blockNumber, txIndex, code, ...(code === 'VALID' ? publicActOf(act) : {}) };
  return { txId, ...facts, txTime, wording: transactionWording(facts) };
}

/** A correction makes a record, so it leads to that one, which names the older. */
function publicActOf({ kind, evidenceId, successor }: Pick<AuditEvent, 'kind' | 'evidenceId' | 'successor'>): {
  readonly kind?: PublicActKind;
  readonly evidenceId?: string;
} {
  return isPublicAct(kind) ? { kind, ...optional('evidenceId', successor ?? evidenceId ?? undefined) } : {};
}
