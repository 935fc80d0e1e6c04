import { type RequestHandler, Router } from 'express';

import { parseMspId } from '../../domain/actor.js';
import { type ItemPage, type ItemResult, parsePublishItemRequest } from '../../domain/attestation-item.js';
import { parseItemId } from '../../domain/attestation-shapes.js';
import { DomainError } from '../../domain/errors.js';
import { parsePeriod, parseReconcileRequest, type Reconciliation } from '../../domain/attestation-reconciliation.js';
import { readFields, readShape } from '../../domain/fields.js';
import { type RequestId } from '../../domain/ids.js';
import { AttestationQuery } from '../audit/attestation-query.js';
import { type AttestationWrite, writeAttestation } from '../attestations.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { readRequest, sourceOf } from './request.js';

/**
 * What surrounds single attestations: catalogue and monthly counts of both sides.
 * `/v1/catalogue`, `/v1/reconciliations`.
 */
export function catalogueRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const query = new AttestationQuery(parts.index);
  const { ledger } = parts;
  return Router()
    .post('/v1/catalogue', ...admit('catalogue:publish'), post(parts, 'catalogue:publish', parsePublishItemRequest))
    .get('/v1/catalogue/:msp', ...admit('read'), async (request, response) => {
      const args = [parseMspId(request.params.msp, 'msp'), readBookmark(request.query)];
      const page = await ledger.evaluate({ user: callerOf(request).user, transaction: 'catalogue:list', args });
      response.json(JSON.parse(page) as ItemPage satisfies Answers['listCatalogue']);
    })
    .get('/v1/catalogue/:msp/:item', ...admit('read'), async (request, response) => {
      const args = [parseMspId(request.params.msp, 'msp'), parseItemId(request.params.item)];
      const answer = await ledger.evaluate({ user: callerOf(request).user, transaction: 'catalogue:get', args });
      const result = JSON.parse(answer) as ItemResult;
      if (!result.found) throw new DomainError('ATTESTATION_ITEM_UNKNOWN');
      const { found: _, ...item } = result;
      response.json({ item } satisfies Answers['getItem']);
    })
    .post(
      '/v1/reconciliations',
      ...admit('reconciliation:post'),
      post(parts, 'reconciliation:post', parseReconcileRequest),
    )
    .get('/v1/reconciliations/:msp/:period', ...admit('reconciliation:compare'), async (request, response) => {
      const { user, actor } = callerOf(request);
      const own = actor.mspId;
      const other = parseMspId(request.params.msp, 'msp');
      const period = parsePeriod(request.params.period);
      const answer = await ledger.evaluate({
        user,
        transaction: 'reconciliation:compare',
        args: [own, other, period],
      });
      const counted = { asked: query.counts(own, other, period), received: query.counts(other, own, period) };
      const compared = JSON.parse(answer) as Reconciliation;
      response.json({ ...compared, counterparty: other, counted } satisfies Answers['compareCounts']);
    });
}

function post(
  { ledger, config }: GatewayParts,
  name: AttestationWrite,
  parse: (value: unknown) => { readonly requestId: RequestId },
): RequestHandler {
  return async (request, response) => {
    const call = { user: callerOf(request).user, name, request: readRequest(name, sourceOf(request), parse) };
    const { value: entry, txId, blockNumber, fresh } = await writeAttestation(ledger, call);
    response.status(fresh ? 201 : 200).json({ entry, txId, blockNumber, code: 'VALID', channel: config.channel });
  };
}

function readBookmark(query: unknown): string {
  const { cursor } = readFields(query, ['cursor'], 'query');
  return cursor === undefined ? '' : readShape(cursor, /^[A-Z0-9-]{1,64}$/, 'cursor', 'the cursor of the page before');
}
