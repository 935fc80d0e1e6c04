import { type RequestHandler, Router } from 'express';

import { parsePeriod } from '../../domain/audit-filter.js';
import { readFields, readWord, readWordOr } from '../../domain/fields.js';
import { countBy, STATISTICS, type Zone, ZONES } from '../audit/statistics.js';
import { type Operation } from '../auth/gate.js';
import { type Statistics } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';
import { indexState } from './index-state.js';

/** `GET /v1/audit/statistics?by=&from=&to=&zone=`: what charts show, counted in the index. */
export function statisticsRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  return Router().get('/v1/audit/statistics', ...admit('audit'), (request, response) => {
    const fields = readFields(request.query, ['by', 'from', 'to', 'zone'], 'query');
    const by = readWord(fields.by, STATISTICS, 'by');
    const zone = readWordOr(fields.zone, Object.keys(ZONES) as Zone[], 'zone', 'UTC');
    const now = new Date().toISOString();
    const rows = countBy(parts.index, by, { period: parsePeriod(fields.from, fields.to), zone, now });
    response.json({ by, zone, at: now, rows, index: indexState(parts) } satisfies Statistics);
  });
}
