import { type Request, type RequestHandler, Router } from 'express';

import { optional, readFields, readWord } from '../../domain/fields.js';
import { DeskQuery } from '../audit/desk-query.js';
import { type LedgerPlace } from '../audit/event-filter.js';
import { callerOf, type Operation } from '../auth/gate.js';
import {
  type DeskLicenses,
  type DeskLicenseTypes,
  type DeskOffers,
  type DeskRecords,
  type DeskRenewals,
} from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { cursorOf, readCursor, readLimit } from './event-query.js';
import { indexState } from './index-state.js';

/**
 * What a unit's desk shows, of the caller's own unit alone: `GET /v1/desk/records` its records, newest first;
 * `GET /v1/desk/offers?side=received|given` hand-overs that wait for an answer, oldest first; and for who issues
 * licences `GET /v1/desk/licenses`, `/v1/desk/renewals` and `/v1/desk/license-types`.
 */
export function deskRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  const query = new DeskQuery(parts.index);
  const router = Router()
    .get('/v1/desk/records', ...admit('answerTransfer'), (request, response) => {
      const { before, rows } = pageOf(request);
      const records = query.records(callerOf(request).actor, before, rows);
      response.json({ records, ...cursorAfter(records, rows), index: indexState(parts) } satisfies DeskRecords);
    })
    .get('/v1/desk/offers', ...admit('answerTransfer'), (request, response) => {
      const { side } = readFields(request.query, ['side'], 'query');
      const offers = query.offers(readWord(side, ['received', 'given'], 'side'), callerOf(request).actor);
      response.json({ offers, index: indexState(parts) } satisfies DeskOffers);
    });
  return addLicenses(router, { parts, query, admit: admit('license:issue') });
}

/** What an issuing authority's desk shows. */
function addLicenses(
  router: Router,
  { parts, query, admit }: { parts: GatewayParts; query: DeskQuery; admit: readonly RequestHandler[] },
): Router {
  return router
    .get('/v1/desk/licenses', ...admit, (request, response) => {
      const { before, rows } = pageOf(request);
      const licenses = query.licenses(callerOf(request).actor, before, rows);
      response.json({ licenses, ...cursorAfter(licenses, rows), index: indexState(parts) } satisfies DeskLicenses);
    })
    .get('/v1/desk/renewals', ...admit, (request, response) => {
      const renewals = query.renewals(callerOf(request).actor);
      response.json({ renewals, index: indexState(parts) } satisfies DeskRenewals);
    })
    .get('/v1/desk/license-types', ...admit, (request, response) => {
      const typeCodes = query.licenseTypes(callerOf(request).actor);
      response.json({ typeCodes, index: indexState(parts) } satisfies DeskLicenseTypes);
    });
}

function pageOf(request: Request): { readonly before: LedgerPlace | undefined; readonly rows: number } {
  const { cursor, limit } = readFields(request.query, ['cursor', 'limit'], 'query');
  return { before: cursor === undefined ? undefined : readCursor(cursor), rows: readLimit(limit) };
}

/** Where the next page begins; nothing where this one was the last. */
function cursorAfter(listed: readonly LedgerPlace[], rows: number): { readonly cursor?: string } {
  const last = listed.length === rows ? listed.at(-1) : undefined;
  return optional('cursor', last && cursorOf(last));
}
