import { type OutboxConfig } from '../config.js';
import { answerWrite } from '../evidence-answer.js';
import { type EvidenceWrites } from '../evidence.js';
import { type GatewayParts } from '../parts.js';
import { type Job, JobStore } from './job-store.js';
import { Outbox } from './outbox.js';

/** @returns an outbox that is not started yet. @throws {Error} where the store cannot be opened */
export function openOutbox({ database, ...bounds }: OutboxConfig, parts: Omit<GatewayParts, 'outbox'>): Outbox {
  return new Outbox({
    ...bounds,
    store: new JobStore(database),
    logger: parts.logger,
    perform: ({ user, operation, request }: Job) =>
      answerWrite(parts, user, operation, request as EvidenceWrites[typeof operation]['request']),
  });
}
