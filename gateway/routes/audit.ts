import { type RequestHandler, Router } from 'express';

import { AUDIT_KINDS, parsePeriod } from '../../domain/audit-filter.js';
import { type EvidenceView } from '../../domain/evidence-view.js';
import { findCustodyGap } from '../../domain/custody.js';
import { DomainError } from '../../domain/errors.js';
import { type Fields, optional, readFields, readShape, readWord } from '../../domain/fields.js';
import { type AttestationId, isAttestationId, parseEvidenceId } from '../../domain/ids.js';
import { auditIntegrity, type IntegrityReport } from '../audit/integrity.js';
import { type EventFilter, type LedgerPlace } from '../audit/query.js';
import { type Caller, callerOf, type Operation } from '../auth/gate.js';
import { getEvidence } from '../evidence.js';
import { getAttestation, partiesOf } from '../attestations.js';
import { InFlight } from '../ledger/in-flight.js';
import { type GatewayParts } from '../parts.js';
import { indexState } from './index-state.js';

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
      const members = parts.query.configuration()?.organisations;
      const events = parts.query.events(readFilter(fields, members), limit);
      const last = events.length === limit ? events.at(-1) : undefined;
      const cursor = last === undefined ? undefined : `${last.blockNumber}.${last.txIndex}`;
      response.json({ events, ...optional('cursor', cursor), index: indexState(parts) });
    })
    .get('/v1/audit/records/:id/timeline', ...admit('timeline'), async (request, response) => {
      const caller = callerOf(request);
      if (isAttestationId(request.params.id)) {
        response.json(await attestationTimeline(parts, caller, request.params.id));
        return;
      }
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
      const events = parts.query.timeline(id);
      response.json({ id, owner, holder: custody.holder, custodyGap, events, index: indexState(parts) });
    })
    .get('/v1/audit/integrity', ...admit('audit'), async (_request, response) => {
      response.json(await oneAtATime.run(() => checkIntegrity(parts)));
    });
}

/** As a record's; for the two organisations, and auditors of any. */
async function attestationTimeline(parts: GatewayParts, { user, actor }: Caller, id: AttestationId): Promise<object> {
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

async function checkIntegrity({ home, others, query, index, config }: GatewayParts): Promise<IntegrityReport> {
  const tip = index.tip();
  if (tip === undefined) throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed block', retryAfter: 2 });
  const options = { home, others, query, chaincode: config.chaincode };
  return auditIntegrity(options, tip, AbortSignal.timeout(INTEGRITY_DEADLINE_MS));
}

/** A word that names nothing is refused: "no events" would read as if somebody had looked. */
function readFilter(
  { actor, org, kind, from, to, cursor }: Fields,
  members: readonly string[] | undefined,
): EventFilter {
  const word = (value: unknown, where: string) => readShape(value, /^[\w.@-]{1,128}$/, where, 'one word');
  const member = (value: unknown) => (members === undefined ? word(value, 'org') : readWord(value, members, 'org'));
  return {
    ...optional('actor', actor === undefined ? undefined : word(actor, 'actor')),
    ...optional('org', org === undefined ? undefined : member(org)),
    ...optional('kind', kind === undefined ? undefined : readWord(kind, AUDIT_KINDS, 'kind')),
    ...parsePeriod(from, to),
    ...optional('after', cursor === undefined ? undefined : readCursor(cursor)),
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
