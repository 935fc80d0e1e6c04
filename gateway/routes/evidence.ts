import { type RequestHandler, Router } from 'express';

import { parseAccessRequest, parseAnswerTransferRequest, parseHandOverRequest } from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceView } from '../../domain/evidence-view.js';
import { parseRegisterRequest, parseSupersedeRequest } from '../../domain/evidence.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { parseDecideRequest, parseObjectRequest } from '../../domain/objection.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { answerWrite } from '../evidence-answer.js';
import { type EvidenceWrite, type EvidenceWrites, getEvidence } from '../evidence.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { answerAccepted, prefersAsync } from './jobs.js';
import { readRequest, sourceOf } from './request.js';

/** One write as a route; all paths are whole, so that a log line shows what a reader of the code finds. */
interface WriteRoute<Name extends EvidenceWrite> {
  readonly path: string;
  readonly parse: (value: unknown) => EvidenceWrites[Name]['request'];
  /** Path parameters by the request member that each one is. */
  readonly members: Readonly<Record<string, string>>;
}

const WRITES: { readonly [Name in EvidenceWrite]: WriteRoute<Name> } = {
  register: { path: '/v1/evidence', parse: parseRegisterRequest, members: {} },
  supersede: { path: '/v1/evidence/:id/supersede', parse: parseSupersedeRequest, members: { supersedes: 'id' } },
  object: { path: '/v1/evidence/:id/objections', parse: parseObjectRequest, members: { evidenceId: 'id' } },
  decideObjection: {
    path: '/v1/evidence/:id/objections/:oid/decision',
    parse: parseDecideRequest,
    members: { evidenceId: 'id', objectionId: 'oid' },
  },
  handOver: { path: '/v1/evidence/:id/custody', parse: parseHandOverRequest, members: { evidenceId: 'id' } },
  answerTransfer: {
    path: '/v1/evidence/:id/custody/:tid/answer',
    parse: parseAnswerTransferRequest,
    members: { evidenceId: 'id', transferId: 'tid' },
  },
  recordAccess: { path: '/v1/evidence/:id/accesses', parse: parseAccessRequest, members: { evidenceId: 'id' } },
};

/**
 * Submitting evidence and what follows it, and reading one record: `/v1/evidence`.
 * A write answers 201, or 200 where an earlier request had stored it already; 202 to whoever prefers not to wait.
 */
export function evidenceRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const router = Router();
  for (const name of Object.keys(WRITES) as EvidenceWrite[]) {
    router.post(WRITES[name].path, ...admit(name), write(parts, name));
  }
  router.get('/v1/evidence/:id', ...admit('read'), async (request, response) => {
    const id = parseEvidenceId(request.params.id);
    const { found, ...view } = await getEvidence(parts.ledger, callerOf(request).user, id);
    if (!found) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
    response.json(view as EvidenceView satisfies Answers['getEvidence']);
  });
  return router;
}

function write(parts: GatewayParts, name: EvidenceWrite): RequestHandler {
  const route: WriteRoute<EvidenceWrite> = WRITES[name];
  return async (request, response) => {
    const { user } = callerOf(request);
    const wanted = readRequest(name, sourceOf(request, route.members), route.parse);
    if (parts.outbox !== undefined && prefersAsync(request)) {
      answerAccepted(response, await parts.outbox.accept({ user, operation: name, request: wanted }));
      return;
    }
    const { status, location, body } = await answerWrite(parts, user, name, wanted);
    response.status(status).location(location).json(body);
  };
}
