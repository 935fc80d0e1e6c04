import express, { type RequestHandler } from 'express';

import { DomainError } from '../../domain/errors.js';

/** Reads a JSON body; body-parser's own errors become refusals here, so that `problems` knows one kind. */
export function jsonBody(bytesMax: number): RequestHandler {
  const read: RequestHandler = express.json({
    limit: bytesMax,
    strict: true,
    type: ['application/json', 'application/*+json'],
  });
  return (request, response, next) => {
    read(request, response, (cause?: unknown) => {
      next(cause === undefined ? undefined : toRefusal(cause, bytesMax));
    });
  };
}

/** The parser's message may quote the body, so it is not passed on, not even as a cause. */
function toRefusal(cause: unknown, bytesMax: number): DomainError {
  const { type } = cause as { readonly type?: string };
  if (type === 'entity.too.large') return new DomainError('REQUEST_TOO_LARGE', { bytesMax });
  return new DomainError('REQUEST_MALFORMED', { where: 'body', wanted: 'JSON in UTF-8' });
}
