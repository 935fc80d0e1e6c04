import { type RequestHandler, Router } from 'express';

import { type Batch, type BatchResult, parseRegisterBatchRequest } from '../../domain/batch.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { issueWith } from '../receipts/receipts.js';
import { readRequest, sourceOf } from './request.js';

/**
 * Many files in one transaction: `POST /v1/batches`, `GET /v1/batches/:id`. The gateway sees salted leaves alone; who
 * made them makes each file's receipt out of the one that is answered here.
 */
export function batchRoutes(
  { ledger, config, receipts }: GatewayParts,
  admit: (operation: Operation) => RequestHandler[],
): Router {
  return Router()
    .post('/v1/batches', ...admit('registerBatch'), async (request, response) => {
      const wanted = readRequest('registerBatch', sourceOf(request), parseRegisterBatchRequest);
      const { result, ...written } = await ledger.submit({
        user: callerOf(request).user,
        transaction: 'batch:register',
        args: [canonicalJson(wanted)],
        writtenBy: (text) => (JSON.parse(text) as Batch).txId,
      });
      const batch = JSON.parse(result) as Batch;
      const { txId, blockNumber, fresh } = written;
      const place = { txId, blockNumber, code: 'VALID', channel: config.channel } as const;
      response
        .status(fresh ? 201 : 200)
        .location(`/v1/batches/${batch.id}`)
        .json({ batch, ...place, ...(await issueWith(receipts, batch)) } satisfies Answers['registerBatch']);
    })
    .get('/v1/batches/:id', ...admit('read'), async (request, response) => {
      const id = parseEvidenceId(request.params.id);
      const call = { user: callerOf(request).user, transaction: 'batch:get', args: [id] };
      const answer = JSON.parse(await ledger.evaluate(call)) as BatchResult;
      if (!answer.found) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
      response.json({ batch: answer.batch } satisfies Answers['getBatch']);
    });
}
