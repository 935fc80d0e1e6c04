import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { callGateway } from '../../../cli/rest-client.js';

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

let server: Server | undefined;
afterEach(async () => {
  await new Promise<void>((resolve) => {
    if (server === undefined) resolve();
    else
      server.close(() => {
        resolve();
      });
  });
  server = undefined;
});

/** A real HTTP server that gives these replies in turn, the last one for ever; `seen` are the requests. */
async function serve(...replies: readonly Reply[]): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  server = createServer((request, response) => {
    seen.push(request);
    const { status, body, headers } = replies[Math.min(seen.length, replies.length) - 1] ?? { status: 500, body: '' };
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const problem = (code: string, status: number, more: object = {}): Reply => ({
  status,
  body: JSON.stringify({ type: `urn:yinzheng:${code}`, status, title: 'x', ...more }),
});
const post = { method: 'POST', path: '/v1/evidence', idempotencyKey: '6f2b7d50-0d5e-4d5e-8c1f-000000000001' } as const;

test('an answer comes as its status and body, and the token goes out', async () => {
  const { url, seen } = await serve({ status: 201, body: '{"txId":"ab"}' });
  expect(await callGateway(url, { ...post, token: 't0', body: { kind: 'report' } })).toEqual({
    status: 201,
    body: { txId: 'ab' },
  });
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer t0', 'idempotency-key': post.idempotencyKey });
});

test('a problem becomes the refusal that its type names, with its details', async () => {
  const { url } = await serve(problem('ROLE_NOT_ALLOWED', 403, { wanted: 'clerk', nested: {} }));
  await expect(callGateway(url, post)).rejects.toMatchObject({
    code: 'ROLE_NOT_ALLOWED',
    details: { wanted: 'clerk' },
  });
});

test("the gateway's name of one HTTP request never goes by the name of the idempotency key", async () => {
  const { url } = await serve(problem('ROLE_NOT_ALLOWED', 403, { requestId: 'http-1' }));
  await expect(callGateway(url, post)).rejects.toMatchObject({ details: { httpRequestId: 'http-1' } });
  await expect(callGateway(url, post)).rejects.not.toMatchObject({ details: { requestId: 'http-1' } });
});

test('a refusal that may pass is met by the same request again, under the same key', async () => {
  const busy = { ...problem('LEDGER_BUSY', 429), headers: { 'retry-after': '0' } };
  const { url, seen } = await serve(busy, busy, { status: 201, body: '{}' });
  expect((await callGateway(url, post)).status).toBe(201);
  expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill(post.idempotencyKey));
});

test('without a key nothing is sent twice', async () => {
  const { url, seen } = await serve({ ...problem('LEDGER_BUSY', 429), headers: { 'retry-after': '0' } });
  await expect(callGateway(url, { method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
  expect(seen).toHaveLength(1);
});

test('the tries end, and the last refusal is told', async () => {
  const { url, seen } = await serve({ ...problem('OUTCOME_UNKNOWN', 504), headers: { 'retry-after': '0' } });
  await expect(callGateway(url, post)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  expect(seen).toHaveLength(4);
});

test('a refusal that will not pass is not repeated', async () => {
  const { url, seen } = await serve(problem('DIGEST_MALFORMED', 400));
  await expect(callGateway(url, post)).rejects.toMatchObject({ code: 'DIGEST_MALFORMED' });
  expect(seen).toHaveLength(1);
});

test('a verdict that cannot be given is an answer, not an error', async () => {
  const { url } = await serve({ status: 503, body: '{"verdict":"UNVERIFIABLE_NOW"}' });
  expect(await callGateway(url, { method: 'GET', path: '/v1/verify' })).toEqual({
    status: 503,
    body: { verdict: 'UNVERIFIABLE_NOW' },
  });
});

test.each([
  ['a page of HTML', '<html>'],
  ['a JSON text', '"yes"'],
  ['an unknown problem', '{"type":"urn:yinzheng:NEW_CODE"}'],
])('%s is no answer of a gateway', async (_what, body) => {
  const { url } = await serve({ status: 500, body });
  await expect(callGateway(url, { method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'REPLY_MALFORMED' });
});

test('where nobody listens the network is down', async () => {
  const { url } = await serve({ status: 200, body: '{}' });
  await new Promise((resolve) => server?.close(resolve));
  server = undefined;
  await expect(callGateway(url, { method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'NETWORK_DOWN' });
});
