import { type RequestHandler, type Response, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { type ChainTip } from '../audit/chain.js';
import { auditIntegrity } from '../audit/integrity.js';
import { type Operation } from '../auth/gate.js';
import { EventStream } from '../http/event-stream.js';
import { InFlight } from '../ledger/in-flight.js';
import { type IntegrityProgress, type IntegrityReport } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';

const INTEGRITY_DEADLINE_MS = 120_000;
const STREAM = 'text/event-stream';

/**
 * `GET /v1/audit/integrity`: the whole chain read again, one audit at a time. As JSON when it is done; who asks for
 * `text/event-stream` gets `progress` on the way, then `report`, or `problem` where it could not be finished.
 */
export function integrityRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const oneAtATime = new InFlight(1);
  return Router().get('/v1/audit/integrity', ...admit('audit'), async (request, response) => {
    const tip = parts.index.tip();
    if (tip === undefined) throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed block', retryAfter: 2 });
    const wantsStream = request.accepts(['application/json', STREAM]) === STREAM;
    response.vary('Accept');
    await oneAtATime.run(async () => {
      if (wantsStream) await streamAudit(parts, tip, response);
      else response.json(await audit(parts, tip, AbortSignal.timeout(INTEGRITY_DEADLINE_MS)));
    });
  });
}

async function streamAudit(parts: GatewayParts, tip: ChainTip, response: Response): Promise<void> {
  using stream = new EventStream(response);
  const signal = AbortSignal.any([AbortSignal.timeout(INTEGRITY_DEADLINE_MS), stream.closed]);
  const progress = (data: IntegrityProgress) => stream.send({ event: 'progress', data });
  try {
    await stream.send({ event: 'report', data: await audit(parts, tip, signal, progress) });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await stream.send({ event: 'problem', data: { code: error.code, ...error.details } });
  }
}

function audit(
  { home, others, query, config }: GatewayParts,
  tip: ChainTip,
  signal: AbortSignal,
  progress?: (progress: IntegrityProgress) => Promise<void>,
): Promise<IntegrityReport> {
  const options = { home, others, query, chaincode: config.chaincode, ...(progress && { progress }) };
  return auditIntegrity(options, tip, signal);
}
