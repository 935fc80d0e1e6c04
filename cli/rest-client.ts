import { setTimeout as sleep } from 'node:timers/promises';

import { DomainError, ERROR_CODES, type ErrorCode, type ErrorDetails } from '../domain/errors.js';
import { optional } from '../domain/fields.js';
import { CliError } from './cli-error.js';
import { type Json, type Unread } from './rest-answers.js';

/** One request to a gateway. */
export interface RestRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, `/v1/verify?alg=sm3&digest=…`. */
  readonly path: string;
  readonly token?: string;
  /** A statement that a holder signed, base64url, instead of a token. */
  readonly holder?: string;
  /** A UUID; with it the request may be repeated without being done twice. */
  readonly idempotencyKey?: string;
  readonly body?: object;
  /** Rather a job than to wait until it is written; a gateway without an outbox waits all the same. */
  readonly preferAsync?: true;
}

/** The answer as it came; what its members mean is for the caller to check. */
export interface RestAnswer<Answer = Json> {
  readonly status: number;
  readonly body: Unread<Answer>;
}

/** Milliseconds that a request may take: above the gateway's own bound for a commit. */
const timeoutMs = 90_000;
/** Times that a request under one idempotency key is sent at most, and milliseconds between them unless told. */
const triesMax = 4;
const pauseMs = 500;
/** Longest pause a gateway may ask for, milliseconds. */
const pauseMsMax = 10_000;
/** Refusals that say "try again", which an idempotency key makes safe. */
const RETRIED: readonly string[] = [
  'LEDGER_BUSY',
  'OUTBOX_FULL',
  'OUTCOME_UNKNOWN',
  'ORDERERS_UNAVAILABLE',
  'LEDGER_CONFLICT',
  'NETWORK_DOWN',
];

/**
 * Sends a request; one with an idempotency key is repeated after refusals that may pass.
 * @param url a gateway, `http://127.0.0.1:20004`. @returns an answer of status 200 to 299, and 503 of `verify`.
 * @throws {DomainError} the gateway's refusal (RFC 9457 problem), NETWORK_DOWN where none answered, REPLY_MALFORMED
 */
export async function callGateway<Answer = Json>(url: string, request: RestRequest): Promise<RestAnswer<Answer>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await callOnce(url, request)) as RestAnswer<Answer>;
    } catch (error) {
      const code = error instanceof DomainError || error instanceof CliError ? error.code : '';
      const final = request.idempotencyKey === undefined || attempt === triesMax || !RETRIED.includes(code);
      if (final) throw error;
      await sleep(retryPauseMs(error));
    }
  }
}

async function callOnce(url: string, request: RestRequest): Promise<RestAnswer> {
  const response = await send(url, request);
  const body = await readBody(response);
  // `verify` answers 503 with a verdict of its own, because "cannot decide" is an answer there.
  if (response.ok || typeof body.verdict === 'string') return { status: response.status, body };
  throw readProblem(body, response);
}

async function send(
  url: string,
  { method, path, token, holder, idempotencyKey, body, preferAsync }: RestRequest,
): Promise<Response> {
  try {
    return await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(holder === undefined ? {} : { authorization: `Holder ${holder}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(preferAsync === undefined ? {} : { prefer: 'respond-async' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new CliError('NETWORK_DOWN', { gateway: url, wanted: 'a gateway that answers' }, { cause: error });
  }
}

async function readBody(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = await response.json();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw new CliError('REPLY_MALFORMED', { status: response.status, wanted: 'JSON' }, { cause: error });
  }
  throw new CliError('REPLY_MALFORMED', { status: response.status, wanted: 'a JSON object' });
}

/** Members of a problem that repeat its code, or are for programs that do not know it. */
const PROBLEM_MEMBERS: readonly string[] = ['type', 'status', 'title', 'code', 'verdict'];

/** RFC 9457: the code is the end of `type`, `urn:yinzheng:ROLE_NOT_ALLOWED`; details are the other plain members. */
function readProblem(body: Readonly<Record<string, unknown>>, response: Response): Error {
  const name = typeof body.type === 'string' ? body.type.split(':').at(-1) : undefined;
  const code = ERROR_CODES.find((known: ErrorCode) => known === name);
  if (code === undefined)
    return new CliError('REPLY_MALFORMED', { status: response.status, wanted: 'a known problem' });
  const details = Object.entries(body).filter(
    (entry): entry is [string, string | number | boolean] =>
      !PROBLEM_MEMBERS.includes(entry[0]) && ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  // The gateway's name of this one HTTP request; here `requestId` is what a write is repeated under.
  const { requestId: httpRequestId, ...facts } = Object.fromEntries(details) as ErrorDetails;
  const retryAfter = response.headers.get('retry-after');
  const pause = retryAfter === null ? {} : { retryAfter: Number(retryAfter) };
  return new DomainError(code, { ...facts, ...optional('httpRequestId', httpRequestId), ...pause });
}

function retryPauseMs(error: unknown): number {
  const seconds = error instanceof DomainError ? Number(error.details.retryAfter) : NaN;
  return Math.min(Number.isFinite(seconds) ? seconds * 1000 : pauseMs, pauseMsMax);
}
