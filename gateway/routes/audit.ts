import { type RequestHandler, Router } from 'express';

import { type EvidenceView } from '../../domain/evidence-view.js';
import { findCustodyGap } from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { type Fields, readFields, readInstant, readShape } from '../../domain/fields.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { auditIntegrity, type IntegrityReport } from '../audit/integrity.js';
import { type EventFilter, type LedgerPlace } from '../audit/query.js';
import { type Caller, callerOf, type Operation } from '../auth/gate.js';
import { getEvidence } from '../evidence.js';
import { InFlight } from '../ledger/in-flight.js';
import { type GatewayParts } from '../parts.js';

/** Rows of one page of events. */
const PAGE = { usual: 50, most: 200 } as const;
const INTEGRITY_DEADLINE_MS = 120_000;
const FILTERS = ['actor', 'org', 'kind', 'from', 'to', 'cursor', 'limit'] as const;

/** Auditing: `/v1/audit/events`, `/v1/audit/records/{id}/timeline`, `/v1/audit/integrity`. */
export function auditRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const oneAtATime = new InFlight(1);
  return Router()
    .get('/v1/audit/events', ...admit('audit'), (request, response) => {
      const fields = readFields(request.query, FILTERS, 'query');
      const limit = readLimit(fields.limit);
      const events = parts.query.events(readFilter(fields), limit);
      const last = events.length === limit ? events.at(-1) : undefined;
      response.json({ events, ...(last === undefined ? {} : { cursor: `${last.blockNumber}.${last.txIndex}` }) });
    })
    .get('/v1/audit/records/:id/timeline', ...admit('timeline'), async (request, response) => {
      const caller = callerOf(request);
      const id = parseEvidenceId(request.params.id);
      const { found, ...view } = await getEvidence(parts.ledger, caller.user, id);
      if (!found) throw new DomainError('EVIDENCE_NOT_FOUND', { id });
      const { record, custody, transfers } = view as EvidenceView;
      checkMaySeeTimeline(caller, record.submitter.mspId);
      const accepted = transfers.filter(({ state }) => state === 'accepted').sort((a, b) => a.sequence - b.sequence);
      const gap = findCustodyGap(record.submitter, accepted, custody.holder);
      const owner = { mspId: record.submitter.mspId, unit: record.submitter.unit };
      // `custodyGap` is the id of the hand-over that does not begin where the one before ended.
      const custodyGap = gap === undefined ? null : (accepted[gap]?.id ?? 'holder');
      response.json({ id, owner, holder: custody.holder, custodyGap, events: parts.query.timeline(id) });
    })
    .get('/v1/audit/integrity', ...admit('audit'), async (_request, response) => {
      response.json(await oneAtATime.run(() => checkIntegrity(parts)));
    });
}

/** A timeline names who looked at a record and when: for its owner's organisation, and auditors of any. */
function checkMaySeeTimeline({ actor }: Caller, owner: string): void {
  if (actor.role !== 'auditor' && actor.mspId !== owner) throw new DomainError('NOT_OWNER', { owner });
}

async function checkIntegrity({ home, others, query, index, config }: GatewayParts): Promise<IntegrityReport> {
  const tip = index.tip();
  if (tip === undefined) throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed block', retryAfter: 2 });
  const options = { home, others, query, chaincode: config.chaincode };
  return auditIntegrity(options, tip, AbortSignal.timeout(INTEGRITY_DEADLINE_MS));
}

function readFilter({ actor, org, kind, from, to, cursor }: Fields): EventFilter {
  const word = (value: unknown, where: string) => readShape(value, /^[\w.@-]{1,128}$/, where, 'one word');
  return {
    ...(actor === undefined ? {} : { actor: word(actor, 'actor') }),
    ...(org === undefined ? {} : { org: word(org, 'org') }),
    ...(kind === undefined ? {} : { kind: word(kind, 'kind') }),
    ...(from === undefined ? {} : { from: readInstant(from, 'from') }),
    ...(to === undefined ? {} : { to: readInstant(to, 'to') }),
    ...(cursor === undefined ? {} : { after: readCursor(cursor) }),
  };
}

function readCursor(value: unknown): LedgerPlace {
  const text = readShape(value, /^\d{1,15}\.\d{1,9}$/, 'cursor', 'the cursor of the page before');
  const [blockNumber = 0, txIndex = 0] = text.split('.').map(Number);
  return { blockNumber, txIndex };
}

function readLimit(value: unknown): number {
  if (value === undefined) return PAGE.usual;
  const limit = Number(readShape(value, /^[1-9]\d{0,2}$/, 'limit', `1 to ${PAGE.most}`));
  if (limit > PAGE.most) throw new DomainError('REQUEST_MALFORMED', { where: 'limit', wanted: `1 to ${PAGE.most}` });
  return limit;
}
