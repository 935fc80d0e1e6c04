import { randomUUID } from 'node:crypto';

import { type Request, type RequestHandler } from 'express';
import { type Logger } from 'pino';

import { type Metrics } from '../metrics.js';

const ids = new WeakMap<Request, string>();

/** The id that a request's answer and log lines carry. */
export function requestIdOf(request: Request): string {
  return ids.get(request) ?? '';
}

/**
 * Gives each request an id, and writes one line and one measurement for each answer: method, route pattern, status,
 * time. Neither header nor body nor query is logged: they may carry tokens and names.
 */
export function requestLog(logger: Logger, metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID();
    const startedMs = performance.now();
    ids.set(request, requestId);
    response.set('X-Request-Id', requestId);
    response.on('close', () => {
      const ms = Math.round(performance.now() - startedMs);
      const route = patternOf(request);
      const { statusCode: status } = response;
      metrics.answered(request.method, route, status, ms / 1000);
      logger.info(
        { requestId, method: request.method, route, status, ms, finished: response.writableFinished },
        'answered',
      );
    });
    next();
  };
}

/** The pattern, not the path: paths hold ids, and a label for each id would fill the memory. */
function patternOf(request: Request): string {
  const route = request.route as { readonly path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : 'none';
}
