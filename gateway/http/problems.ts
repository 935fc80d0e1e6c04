import { type ErrorRequestHandler, type RequestHandler } from 'express';
import { type Logger } from 'pino';

import { DomainError, type ErrorCode } from '../../domain/errors.js';
import { statusWording } from '../../domain/wording.js';
import { requestIdOf } from './request-log.js';

/** HTTP status of every refusal (RFC 9110). A new code without a status does not compile. */
export const STATUS = {
  REQUEST_MALFORMED: 400,
  REQUEST_TOO_LARGE: 413,
  REQUEST_REUSED: 409,
  DIGEST_MALFORMED: 400,
  ALGORITHM_REFUSED: 400,
  ID_MALFORMED: 400,
  ROUTE_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  RATE_EXCEEDED: 429,
  UNAUTHENTICATED: 401,
  SIGN_IN_REFUSED: 403,
  IDENTITY_REFUSED: 403,
  ACTOR_MALFORMED: 403,
  ROLE_NOT_ALLOWED: 403,
  NOT_OWNER: 403,
  TIME_SKEW: 409,
  JOB_NOT_FOUND: 404,
  EVIDENCE_NOT_FOUND: 404,
  EVIDENCE_SUPERSEDED: 409,
  STREAM_SEQUENCE: 409,
  OBJECTION_NOT_FOUND: 404,
  OBJECTION_OWN_RECORD: 409,
  OBJECTION_DECIDED: 409,
  CUSTODY_NOT_HOLDER: 403,
  CUSTODY_PENDING: 409,
  CUSTODY_NOT_PENDING: 409,
  CUSTODY_NOT_RECEIVER: 403,
  ENTRY_LIMIT: 409,
  LICENSE_TYPE_NOT_FOUND: 404,
  LICENSE_NOT_FOUND: 404,
  LICENSE_EXISTS: 409,
  LICENSE_AUTHORITY: 403,
  LICENSE_STATE: 409,
  LICENSE_SUPERSEDED: 409,
  LICENSE_FIELDS: 409,
  LICENSE_PURGED: 410,
  LICENSE_DATES: 409,
  LICENSE_TRANSFER: 409,
  TRANSFER_ATTESTATION: 409,
  LICENSE_SCOPE: 403,
  RENEWAL_LATE: 409,
  RENEWAL_UNKNOWN: 404,
  RENEWAL_CLOSED: 409,
  HOLDER_SIGNATURE: 403,
  GUARDIAN_REQUIRED: 403,
  GRANT_NOT_FOUND: 404,
  GRANT_REVOKED: 403,
  GRANT_PERIOD: 403,
  GRANT_MISMATCH: 403,
  GRANT_EXHAUSTED: 409,
  CODE_REQUIRED: 403,
  CODE_EXPIRED: 403,
  CODE_USED: 409,
  ATTESTATION_NOT_FOUND: 404,
  ATTESTATION_ITEM_UNKNOWN: 404,
  ATTESTATION_NOT_PARTY: 403,
  ATTESTATION_STATE: 409,
  ATTESTATION_PAYLOAD: 400,
  ATTESTATION_PREVIEW: 409,
  ATTESTATION_SIGNATURE: 403,
  ATTESTATION_DIGEST: 409,
  ATTESTATION_EXPIRED: 409,
  ATTESTATION_MATTER: 403,
  ATTESTATION_USED: 409,
  ATTESTATION_DISPUTED: 409,
  ATTESTATION_LICENCE: 409,
  CONSORTIUM_UNSET: 503,
  CONSORTIUM_NOT_MEMBER: 403,
  LEDGER_CONFLICT: 409,
  LEDGER_REFUSED: 502,
  LEDGER_BUSY: 429,
  OUTBOX_FULL: 429,
  INVALID_TIMESTAMP: 502,
  OUTCOME_UNKNOWN: 504,
  ORDERERS_UNAVAILABLE: 503,
  UNVERIFIABLE_NOW: 503,
} as const satisfies Record<ErrorCode, number>;

const TITLES = {
  400: 'The request is not well-formed.',
  401: 'The caller is not known.',
  403: 'The caller may not do this.',
  404: 'There is no such thing.',
  405: 'The path does not take this method.',
  409: 'The request does not fit the present state.',
  410: 'It was deleted.',
  413: 'The request is too large.',
  429: 'Too many requests.',
  502: 'The ledger, or another service behind the gateway, did not do its part.',
  503: 'The ledger cannot answer now.',
  504: 'The outcome is not known.',
} as const satisfies Record<(typeof STATUS)[ErrorCode], string>;

/** Every path that no route took. @throws ROUTE_UNKNOWN */
export const unknownRoute: RequestHandler = () => {
  throw new DomainError('ROUTE_UNKNOWN');
};

/**
 * Last middleware, the one place where an error becomes an answer (RFC 9457, `application/problem+json`). Bugs are
 * logged whole and answered blank.
 */
export function problems(logger: Logger): ErrorRequestHandler {
  return (cause: unknown, request, response, next) => {
    const error = pathRefusal(cause) ?? cause;
    if (response.headersSent) {
      next(error);
      return;
    }
    const requestId = requestIdOf(request);
    response.type('application/problem+json');
    if (!(error instanceof DomainError)) {
      logger.error({ err: error, requestId }, 'bug');
      response.status(500).json({ type: 'urn:yinzheng:BUG', title: 'Internal error.', status: 500, requestId });
      return;
    }
    const { code, details } = error;
    logger.info({ requestId, code, details, cause: causeOf(error) }, 'refused');
    if (details.retryAfter !== undefined) response.set('Retry-After', String(details.retryAfter));
    if (code === 'UNAUTHENTICATED') response.set('WWW-Authenticate', 'Bearer realm="yinzheng"');
    response.status(STATUS[code]).json({ ...problemOf(error), requestId });
  };
}

/** A refusal as RFC 9457 has it, without what belongs to one answer alone: `Retry-After` and the request's id. */
export function problemOf({ code, details }: DomainError): object {
  const { retryAfter: _retryAfter, ...facts } = details;
  const status = STATUS[code];
  return {
    ...facts,
    type: `urn:yinzheng:${code}`,
    title: TITLES[status],
    status,
    code,
    ...(code === 'UNVERIFIABLE_NOW' ? { wording: statusWording(code) } : {}),
  };
}

/** Express cannot decode a path such as `/%zz`, and says so by an error of its own. */
function pathRefusal(cause: unknown): DomainError | undefined {
  if (!(cause instanceof URIError)) return undefined;
  return new DomainError('REQUEST_MALFORMED', { where: 'path', wanted: 'percent-encoded UTF-8' }, { cause });
}

/** For the operator: what Fabric said. Messages carry codes and organisations, never a request's contents. */
function causeOf(error: DomainError): string | undefined {
  return error.cause instanceof Error ? error.cause.message : undefined;
}
