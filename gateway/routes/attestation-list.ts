import { type RequestHandler } from 'express';

import { ATTESTATION_STATES } from '../../domain/attestation-words.js';
import { DomainError } from '../../domain/errors.js';
import { type Fields, optional, readFields, readInstant, readShape, readWord } from '../../domain/fields.js';
import { parseAttestationId } from '../../domain/ids.js';
import { type AttestationFilter, AttestationQuery } from '../audit/attestation-query.js';
import { callerOf } from '../auth/gate.js';
import { type Answers } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';

/** Lines of one page of attestations. */
const PAGE = { usual: 50, most: 200 } as const;
const SIDES = ['asked', 'received'] as const;

/** `GET /v1/attestations?side=&state=&overdue=&cursor=&limit=`: those of the caller's organisation, nearest deadline first. */
export function listAttestations({ index }: GatewayParts): RequestHandler {
  const query = new AttestationQuery(index);
  return (request, response) => {
    const at = new Date().toISOString();
    const fields = readFields(request.query, ['side', 'state', 'overdue', 'cursor', 'limit'], 'query');
    const limit = readLimit(fields.limit);
    const attestations = query.list(readFilter(fields, callerOf(request).actor.mspId), at, limit);
    const last = attestations.length === limit ? attestations.at(-1) : undefined;
    const page = { at, attestations, ...(last && { cursor: `${last.dueAt}.${last.id}` }) };
    response.json(page satisfies Answers['listAttestations']);
  };
}

function readFilter({ side, state, overdue, cursor }: Fields, mspId: string): AttestationFilter {
  const own = readWord(side, SIDES, 'side') === 'asked' ? { asker: mspId } : { answerer: mspId };
  return {
    ...own,
    ...optional('state', state === undefined ? undefined : readWord(state, ATTESTATION_STATES, 'state')),
    ...(overdue !== undefined && { overdue: readWord(overdue, ['true', 'false'], 'overdue') === 'true' }),
    ...optional('after', cursor === undefined ? undefined : readCursor(cursor)),
  };
}

function readCursor(value: unknown): NonNullable<AttestationFilter['after']> {
  const text = readShape(value, /^[^A]{20,30}\.AT[0-9a-f]{32}$/, 'cursor', 'the cursor of the page before');
  const at = text.lastIndexOf('.');
  return { dueAt: readInstant(text.slice(0, at), 'cursor'), id: parseAttestationId(text.slice(at + 1)) };
}

function readLimit(value: unknown): number {
  if (value === undefined) return PAGE.usual;
  const limit = Number(readShape(value, /^[1-9]\d{0,2}$/, 'limit', `1 to ${PAGE.most}`));
  if (limit > PAGE.most) throw new DomainError('REQUEST_MALFORMED', { where: 'limit', wanted: `1 to ${PAGE.most}` });
  return limit;
}
