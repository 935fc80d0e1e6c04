import { type RequestHandler, type Router } from 'express';

import { DomainError } from '../../domain/errors.js';

/**
 * Adds to every path of a router the answer to methods that it does not take: 405 with `Allow` (RFC 9110, 15.5.6), so
 * that a wrong method is never read as a wrong path. `OPTIONS` is answered 204 with the same header.
 * @param router whose routes are complete. @returns the same router.
 */
export function refuseOtherMethods(router: Router): Router {
  const methods = new Map<string, Set<string>>();
  for (const { route } of router.stack) {
    if (route === undefined) continue;
    const known = methods.get(route.path) ?? new Set<string>();
    for (const { method } of route.stack) known.add(method.toUpperCase());
    methods.set(route.path, known);
  }
  for (const [path, known] of methods) router.all(path, otherMethod(known));
  return router;
}

function otherMethod(known: ReadonlySet<string>): RequestHandler {
  const allow = [...known, ...(known.has('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
  return (request, response) => {
    response.set('Allow', allow);
    if (request.method !== 'OPTIONS') throw new DomainError('METHOD_NOT_ALLOWED', { allow });
    response.status(204).end();
  };
}
