import { type Sent } from '../../../gateway/openapi/operation.js';
import { isProblemCode, Problem } from './problem.js';

/** One request to the gateway that served this page; a body fits its path, as gateway/openapi.yaml has them. */
export type Call = CallFacts & (Sent | { readonly path: string; readonly body?: undefined });

interface CallFacts {
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** A UUID: with it the request may be repeated without being done twice. Made once for what a person means once. */
  readonly idempotencyKey?: string;
  /** `Bearer …` or `Holder …`. */
  readonly authorization?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** Milliseconds that a request may take: above the gateway's own bound for a commit. */
const TIMEOUT_MS = 90_000;
/** Members of a problem that repeat its code, or are for programs that do not know it. */
const PROBLEM_MEMBERS: readonly string[] = ['type', 'status', 'title', 'code', 'verdict'];

/**
 * Sends a request and reads the JSON of the answer. @returns what the gateway's document promises for it.
 * @throws {Problem} the refusal; GATEWAY_DOWN where nobody answered
 */
export async function callJson<Answer>(call: Call): Promise<Answer> {
  const response = await send(call);
  return (await readJson(response)) as Answer;
}

/** Sends a request and gives the bytes of the answer: receipts, certificates. @throws {Problem} */
export async function callBlob(call: Call): Promise<Blob> {
  const response = await send(call);
  try {
    return await response.blob();
  } catch (cause) {
    throw new Problem('GATEWAY_DOWN', {}, { cause });
  }
}

/** Sends a request whose answer goes on and on, such as a live feed; it ends with `signal`. @throws {Problem} */
export async function callStream(call: Call): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { body } = await send(call, call.signal);
  if (body === null) throw new Problem('REPLY_MALFORMED');
  return body;
}

/** A path under `/v1` with encoded parts: `pathOf('licenses', id, 'status')`. Its type tells which operation's it is. */
export function pathOf<const Parts extends readonly string[]>(...parts: Parts): `/v1${Joined<Parts>}` {
  return `/v1/${parts.map(encodeURIComponent).join('/')}` as `/v1${Joined<Parts>}`;
}

type Joined<Parts extends readonly string[]> = Parts extends readonly [
  infer First extends string,
  ...infer Rest extends readonly string[],
]
  ? `/${First}${Joined<Rest>}`
  : '';

async function send(call: Call, signal = withinTime(call.signal)): Promise<Response> {
  const response = await reach({ ...call, signal });
  if (!response.ok) throw readProblem(await readJson(response), response);
  return response;
}

function withinTime(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

async function reach({ method = 'GET', path, query, body, signal, ...more }: Call): Promise<Response> {
  const url = urlOf(path, query);
  try {
    return await fetch(url, {
      method,
      headers: headersOf(more, body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
      // Nothing but the gateway is ever asked, and nothing of it is kept.
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
    });
  } catch (cause) {
    if (signal?.aborted === true && !isTimeout(signal.reason)) throw cause;
    throw new Problem('GATEWAY_DOWN', {}, { cause });
  }
}

function urlOf(path: string, query: Call['query'] = {}): URL {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

function headersOf({ idempotencyKey, authorization, accept }: Partial<Call>, hasBody: boolean): Record<string, string> {
  return {
    accept: accept ?? 'application/json',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

async function readJson(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = await response.json();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new Problem(response.status >= 500 ? 'GATEWAY_DOWN' : 'REPLY_MALFORMED', {}, { cause });
  }
  throw new Problem('REPLY_MALFORMED');
}

function readProblem(body: Readonly<Record<string, unknown>>, response: Response): Problem {
  const { code } = body;
  if (!isProblemCode(code)) return new Problem('REPLY_MALFORMED', { status: response.status });
  const details = Object.entries(body).filter(
    (entry): entry is [string, string | number | boolean] =>
      !PROBLEM_MEMBERS.includes(entry[0]) && ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return new Problem(code, Object.fromEntries(details));
}
