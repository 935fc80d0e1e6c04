import { type RequestHandler, Router } from 'express';

import { type EvidenceView } from '../../domain/evidence-view.js';
import { findCustodyGap } from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { optional, readFields, readShape, readWordOr } from '../../domain/fields.js';
import { type AttestationId, type EvidenceId, isAttestationId, parseEvidenceId } from '../../domain/ids.js';
import { type Caller, callerOf, type Operation } from '../auth/gate.js';
import { getEvidence } from '../evidence.js';
import { getAttestation, partiesOf } from '../attestations.js';
import { type Block, type EventPage, type Timeline } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { cursorOf, FILTER_NAMES, readCursor, readFilter, readLimit } from './event-query.js';
import { indexState } from './index-state.js';

const ORDERS = ['oldest', 'newest'] as const;

/** Auditing: `/v1/audit/events`, `/v1/audit/blocks/{number}`, `/v1/audit/records/{id}/timeline`. */
export function auditRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  return Router()
    .get('/v1/audit/events', ...admit('audit'), (request, response) => {
      const fields = readFields(request.query, [...FILTER_NAMES, 'order', 'cursor', 'limit'], 'query');
      const limit = readLimit(fields.limit);
      const newest = readWordOr(fields.order, ORDERS, 'order', 'oldest') === 'newest';
      const filter = {
        ...readFilter(fields, parts.query.configuration()?.organisations),
        ...(newest && { newest }),
        ...optional('after', fields.cursor === undefined ? undefined : readCursor(fields.cursor)),
      };
      const events = parts.query.events(filter, limit);
      const last = events.length === limit ? events.at(-1) : undefined;
      response.json({
        events,
        ...optional('cursor', last && cursorOf(last)),
        index: indexState(parts),
      } satisfies EventPage);
    })
    .get('/v1/audit/blocks/:number', ...admit('audit'), (request, response) => {
      const number = Number(readShape(request.params.number, /^\d{1,15}$/, 'number', 'the number of a block'));
      const block = parts.query.block(number);
      if (block === undefined) {
        const blocks = indexState(parts).blocks;
        throw new DomainError('REQUEST_MALFORMED', { where: 'number', wanted: `an indexed block, below ${blocks}` });
      }
      const previousHash = number === 0 ? null : (parts.query.hashOf(number - 1) ?? null);
      response.json({
        number,
        hash: block.hash,
        previousHash,
        events: block.events,
        index: indexState(parts),
      } satisfies Block);
    })
    .get('/v1/audit/records/:id/timeline', ...admit('timeline'), async (request, response) => {
      const caller = callerOf(request);
      if (isAttestationId(request.params.id)) {
        response.json(await attestationTimeline(parts, caller, request.params.id));
        return;
      }
      response.json(await evidenceTimeline(parts, caller, parseEvidenceId(request.params.id)));
    });
}

/** A record's, with the chain of custody judged. @throws EVIDENCE_NOT_FOUND, NOT_OWNER */
async function evidenceTimeline(parts: GatewayParts, caller: Caller, id: EvidenceId): Promise<Timeline> {
  const { found, ...view } = await getEvidence(parts.ledger, caller.user, id);
  if (!found) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
  const { record, custody, transfers } = view as EvidenceView;
  const { mspId, unit } = record.submitter;
  checkMaySeeTimeline(caller, mspId);
  const accepted = transfers.filter(({ state }) => state === 'accepted').sort((a, b) => a.sequence - b.sequence);
  const gap = findCustodyGap(record.submitter, accepted, custody.holder);
  return {
    id,
    owner: { mspId, unit },
    holder: custody.holder,
    // The id of the hand-over that does not begin where the one before ended.
    custodyGap: gap === undefined ? null : (accepted[gap]?.id ?? 'holder'),
    events: parts.query.timeline(id),
    index: indexState(parts),
  };
}

/** As a record's; for the two organisations, and auditors of any. */
async function attestationTimeline(parts: GatewayParts, { user, actor }: Caller, id: AttestationId): Promise<Timeline> {
  const { record } = await getAttestation(parts.ledger, user, id);
  const { requester, item } = record;
  const mayRead = actor.role === 'auditor' || partiesOf(record).includes(actor.mspId);
  if (!mayRead) throw new DomainError('ATTESTATION_NOT_PARTY', { wanted: 'one of the two organisations' });
  return {
    id,
    requester: { mspId: requester.mspId, unit: requester.unit },
    answerer: { mspId: item.mspId, unit: item.unit },
    events: parts.query.timeline(id),
    index: indexState(parts),
  };
}

/** A timeline names who looked at a record and when: for its owner's organisation, and auditors of any. */
function checkMaySeeTimeline({ actor }: Caller, owner: string): void {
  if (actor.role !== 'auditor' && actor.mspId !== owner) throw new DomainError('NOT_OWNER', { owner });
}
