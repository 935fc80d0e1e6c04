import { type Request, type RequestHandler, Router } from 'express';

import { optional, readFields } from '../../domain/fields.js';
import { type LedgerPlace } from '../audit/event-filter.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { EventStream } from '../http/event-stream.js';
import { type GatewayParts } from '../parts.js';
import { cursorOf, FILTER_NAMES, readCursor, readFilter } from './event-query.js';
import { indexState } from './index-state.js';

/** Longest delay of a timer, milliseconds. */
const TIMER_MS_MAX = 2 ** 31 - 1;
/** Place behind all blocks. */
const END: LedgerPlace = { blockNumber: Number.MAX_SAFE_INTEGER, txIndex: 0 };

/**
 * `GET /v1/audit/live`: acts as they are indexed, as server-sent events. `Last-Event-ID` or `cursor` continues behind a
 * place; without either the feed begins with what comes next. It ends with the token, so that nobody watches for longer
 * than they may ask.
 */
export function liveRoutes(parts: GatewayParts, admit: (operation: Operation) => RequestHandler[]): Router {
  return Router().get('/v1/audit/live', ...admit('audit'), async (request, response) => {
    const fields = readFields(request.query, [...FILTER_NAMES, 'cursor'], 'query');
    const filter = readFilter(fields, parts.query.configuration()?.organisations);
    const { user, expiresMs } = callerOf(request);
    const after = readStart(request, fields.cursor) ?? newest(parts);
    const stop = new AbortController();
    const expired = AbortSignal.timeout(Math.min(Math.max(0, expiresMs - Date.now()), TIMER_MS_MAX));
    const pages = parts.feed.follow(
      user,
      { ...filter, ...optional('after', after) },
      AbortSignal.any([stop.signal, expired]),
    );
    const first = await pages.next(); // Before the headers: one feed too many is still answered as a problem.
    using stream = new EventStream(response);
    stream.closed.addEventListener('abort', () => {
      stop.abort();
    });
    let told = '';
    try {
      for (let page = first; page.done !== true; page = await pages.next()) {
        for (const event of page.value) await stream.send({ event: 'act', id: cursorOf(event), data: event });
        const index = indexState(parts);
        const state = `${index.blocks} ${index.live}`;
        if (state !== told) await stream.send({ event: 'index', data: index });
        told = state;
      }
      await stream.send({ event: 'end', data: { reason: expired.aborted ? 'token' : 'closing' } });
    } finally {
      await pages.return(undefined);
    }
  });
}

function readStart(request: Request, cursor: unknown): LedgerPlace | undefined {
  const given = request.get('last-event-id') ?? cursor;
  return given === undefined ? undefined : readCursor(given);
}

/** The last place that is indexed now; before all of it in an empty index. */
function newest({ query }: GatewayParts): LedgerPlace | undefined {
  return query.events({ newest: true, after: END }, 1)[0];
}
