import { createHash } from 'node:crypto';

import { type Request } from 'express';

import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { parseRequestId, type RequestId, requestIdFromDigest } from '../../domain/ids.js';

/** Stands for the request id while the id is still to be derived from everything else. */
const NO_REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** What a write's request is read from. */
export interface RequestSource {
  /** The parsed JSON body. */
  readonly body: unknown;
  /** Header `Idempotency-Key`: a UUID, or absent. */
  readonly key: string | undefined;
  /** Members that the path names; the body may repeat them, never contradict them. */
  readonly path: Readonly<Record<string, string>>;
}

/**
 * What express has of a write. @param members the path's parameters by the request member that each one is; those that
 * the route's path does not have are left out.
 */
export function sourceOf(request: Request, members: Readonly<Record<string, string>> = {}): RequestSource {
  const path = Object.entries(members).flatMap(([member, parameter]) => {
    const value = request.params[parameter];
    return value === undefined ? [] : [[member, String(value)] as const];
  });
  return { body: request.body as unknown, key: request.get('idempotency-key'), path: Object.fromEntries(path) };
}

/** @returns the parsed body. @throws REQUEST_MALFORMED where it is no JSON object */
export function readBody(request: Request): Readonly<Record<string, unknown>> {
  return readObjectBody(request.body);
}

/**
 * Reads the request of a write. Its id is the `Idempotency-Key`, or `requestId` in the body, or else derived from
 * operation and content, so that even a careless retry makes no second record.
 * @param operation separates equal contents of different operations.
 * @throws REQUEST_MALFORMED, ID_MALFORMED and whatever `parse` throws.
 */
export function readRequest<Wanted extends { readonly requestId: RequestId }>(
  operation: string,
  { body, key, path }: RequestSource,
  parse: (value: unknown) => Wanted,
): Wanted {
  const given: Record<string, unknown> = { ...readObjectBody(body) };
  const named = key === undefined ? path : { ...path, requestId: parseRequestId(key) };
  for (const [name, value] of Object.entries(named)) {
    if (given[name] !== undefined && given[name] !== value) {
      throw new DomainError('REQUEST_MALFORMED', { where: name, wanted: 'the same value as in path and header' });
    }
    given[name] = value;
  }
  if (given.requestId !== undefined) return parse(given);
  const nameless = parse({ ...given, requestId: NO_REQUEST_ID });
  const content = canonicalJson([operation, nameless]);
  return parse({ ...given, requestId: requestIdFromDigest(createHash('sha256').update(content).digest('hex')) });
}

function readObjectBody(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new DomainError('REQUEST_MALFORMED', { where: 'body', wanted: 'a JSON object, Content-Type application/json' });
}
