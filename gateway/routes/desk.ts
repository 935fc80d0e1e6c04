import { type RequestHandler, Router } from 'express';

import { optional, readFields, readWord } from '../../domain/fields.js';
import { DeskQuery } from '../audit/desk-query.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type DeskOffers, type DeskRecords } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { cursorOf, readCursor, readLimit } from './event-query.js';
import { indexState } from './index-state.js';

/**
 * What a unit's desk shows, of the caller's own unit alone: `GET /v1/desk/records` its records, newest first;
 * `GET /v1/desk/offers?side=received|given` hand-overs that wait for an answer, oldest first.
 */
export function deskRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const query = new DeskQuery(parts.index);
  return Router()
    .get('/v1/desk/records', ...admit('answerTransfer'), (request, response) => {
      const { cursor, limit } = readFields(request.query, ['cursor', 'limit'], 'query');
      const rows = readLimit(limit);
      const before = cursor === undefined ? undefined : readCursor(cursor);
      const records = query.records(callerOf(request).actor, before, rows);
      const last = records.length === rows ? records.at(-1) : undefined;
      response.json({
        records,
        ...optional('cursor', last && cursorOf(last)),
        index: indexState(parts),
      } satisfies DeskRecords);
    })
    .get('/v1/desk/offers', ...admit('answerTransfer'), (request, response) => {
      const { side } = readFields(request.query, ['side'], 'query');
      const offers = query.offers(readWord(side, ['received', 'given'], 'side'), callerOf(request).actor);
      response.json({ offers, index: indexState(parts) } satisfies DeskOffers);
    });
}
