import { type Request, type RequestHandler, type Response, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type JobView } from '../outbox/outbox.js';
import { type GatewayParts } from '../parts.js';

/** Seconds after which whoever asks for an open job may ask again. */
const ASK_AGAIN_S = 1;

/** What became of a write that nobody waited for: `GET /v1/jobs/{id}`, for the user whose write it is. */
export function jobRoutes({ outbox }: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const router = Router();
  router.get('/v1/jobs/:id', ...admit('job'), (request, response) => {
    if (outbox === undefined) throw new DomainError('JOB_NOT_FOUND');
    const job = outbox.find(String(request.params.id), callerOf(request).user);
    if (job.outcome === undefined) response.set('Retry-After', String(ASK_AGAIN_S));
    response.json(show(job));
  });
  return router;
}

/** Whether the client would rather not wait (RFC 7240, `Prefer: respond-async`). */
export function prefersAsync(request: Request): boolean {
  const preferences = request.get('prefer')?.split(',') ?? [];
  return preferences.some((preference) => preference.split(';')[0]?.trim().toLowerCase() === 'respond-async');
}

/** 202, and where to ask. The job may have ended: an equal request was accepted before. */
export function answerAccepted(response: Response, job: JobView): void {
  response
    .status(202)
    .location(`/v1/jobs/${job.id}`)
    .set('Preference-Applied', 'respond-async')
    .set('Retry-After', String(ASK_AGAIN_S))
    .json(show(job));
}

function show({ id, operation, acceptedAt, finishedAt, outcome, waitingFor }: JobView): object {
  const ended = outcome ?? { state: 'accepted', ...(waitingFor !== undefined && { waitingFor }) };
  return { id, operation, acceptedAt, ...(finishedAt !== undefined && { finishedAt }), ...ended };
}
