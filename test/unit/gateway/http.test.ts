import { readFileSync, writeFileSync } from 'node:fs';

import { exportJWK, generateKeyPair } from 'jose';

import { ERROR_CODES } from '../../../domain/errors.js';
import { MAY } from '../../../gateway/auth/gate.js';
import { STATUS } from '../../../gateway/http/problems.js';
import { GatewayBench } from './support/gateway-bench.js';
import { digestOf, evidenceId, registerBody } from './support/records.js';

let bench: GatewayBench;
beforeAll(async () => {
  bench = await GatewayBench.start();
});
afterAll(async () => {
  await bench.close();
});

const submit = (role: string | undefined, body: unknown = registerBody('a'), headers = {}) =>
  bench.call(role, 'POST', '/v1/evidence', body, headers);

describe('who calls', () => {
  const withToken = (token: string) => submit(undefined, registerBody('a'), { authorization: token });

  test('nobody is 401 and told how to come back', async () => {
    const { status, headers, body } = await submit(undefined);
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="yinzheng"');
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  test.each([
    ['expired', { exp: 1 }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['for another audience', { aud: 'other' }],
    ['for nobody', { sub: undefined }],
    ['for somebody who is not here', { sub: 'clerk@zhejiang.example' }],
    ['for a path', { sub: '../clerk@chongqing.example' }],
    ['without end', { exp: undefined }],
  ])('a token %s is refused', async (_name, claims) => {
    const { status, body } = await withToken(`Bearer ${await bench.token('clerk', claims as never)}`);
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test.each(['Basic Y2xlcms6eA==', 'Bearer', 'Bearer a.b.c', `Bearer ${'x'.repeat(5_000)}`])(
    'the header %p is refused',
    async (header) => {
      expect((await withToken(header)).status).toBe(401);
    },
  );

  test('a token of another key is refused, until the issuer publishes that key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const forged = `Bearer ${await bench.token('clerk', {}, privateKey, '2')}`;
    expect((await withToken(forged)).status).toBe(401);
    expect((await withToken(`Bearer ${await bench.token('clerk', {}, privateKey, '1')}`)).status).toBe(401);
    const { jwksFile = '' } = bench.parts.config.issuer;
    const set = JSON.parse(readFileSync(jwksFile, 'utf8')) as { keys: object[] };
    writeFileSync(jwksFile, JSON.stringify({ keys: [...set.keys, { ...(await exportJWK(publicKey)), kid: '2' }] }));
    expect((await withToken(forged)).status).toBeLessThan(300);
  });

  test('an unsigned token is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = `${part({ alg: 'none' })}.${part({ sub: 'clerk@chongqing.example', exp: 9e9 })}.`;
    expect((await withToken(`Bearer ${none}`)).status).toBe(401);
  });

  test.each(['issuer', 'auditor', 'admin'])('R02 the role %s may not register', async (role) => {
    const { status, body } = await submit(role);
    expect([status, body.code]).toEqual([403, 'ROLE_NOT_ALLOWED']);
  });

  test('R02 every role meets the gate of every operation as the table says', async () => {
    const paths = {
      supersede: `/v1/evidence/${evidenceId('a')}/supersede`,
      object: `/v1/evidence/${evidenceId('a')}/objections`,
      decideObjection: `/v1/evidence/${evidenceId('a')}/objections/OB1/decision`,
      handOver: `/v1/evidence/${evidenceId('a')}/custody`,
      answerTransfer: `/v1/evidence/${evidenceId('a')}/custody/CT1/answer`,
      recordAccess: `/v1/evidence/${evidenceId('a')}/accesses`,
    } as const;
    for (const [operation, path] of Object.entries(paths)) {
      for (const role of MAY.read) {
        const { status } = await bench.call(role, 'POST', path, { unknown: 'member' });
        const allowed: readonly string[] = MAY[operation as keyof typeof paths];
        expect([operation, role, status]).toEqual([operation, role, allowed.includes(role) ? 400 : 403]);
      }
    }
  });
});

describe('submitting', () => {
  test('R08 answers 201 with record and place, and 200 with the same ones when it is sent again', async () => {
    const key = { 'idempotency-key': '3f2c1a52-7c1e-4f0a-9a57-0c9d1f6f5a10' };
    const first = await submit('clerk', registerBody('idempotent'), key);
    const again = await submit('clerk', registerBody('idempotent'), key);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('location')).toMatch(/^\/v1\/evidence\/EV[0-9a-f]{32}$/);
    expect(first.body).toMatchObject({ blockNumber: 7, code: 'VALID', record: { submitter: { name: 'clerk-07' } } });
  });

  test('R01 signs as the caller, whatever the body says', async () => {
    const { status, body } = await submit('notary', { ...registerBody('a'), submitter: 'judge' });
    expect([status, body.code]).toEqual([400, 'REQUEST_MALFORMED']);
    await submit('notary', registerBody('by notary'));
    expect(bench.ledger.calls.at(-1)?.user).toBe('notary@chongqing.example');
  });

  test.each([
    [{ ...registerBody('a'), digests: { md5: 'd41d8cd98f00b204e9800998ecf8427e' } }, 'ALGORITHM_REFUSED'],
    [{ ...registerBody('a'), digests: { 'sha-256': 'f'.repeat(63) } }, 'DIGEST_MALFORMED'],
    [{ ...registerBody('a'), note: '张三 500101199001011234' }, 'REQUEST_MALFORMED'],
    ['{"digests":', 'REQUEST_MALFORMED'],
    ['[]', 'REQUEST_MALFORMED'],
    ['"text"', 'REQUEST_MALFORMED'],
  ])('R04 refuses %j as %s, with nothing written and nothing echoed', async (body, code) => {
    const calls = bench.ledger.calls.length;
    const answer = await submit('clerk', body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect(JSON.stringify(answer.body)).not.toContain('500101199001011234');
    expect(bench.ledger.calls).toHaveLength(calls);
  });

  test('refuses a body over the bound, before it is read', async () => {
    const { status, body } = await submit('clerk', { ...registerBody('a'), note: 'x'.repeat(3_000) });
    expect([status, body.code, body.bytesMax]).toEqual([413, 'REQUEST_TOO_LARGE', 2_048]);
  });

  test('refuses a body that is not said to be JSON', async () => {
    const { status } = await submit('clerk', JSON.stringify(registerBody('a')), { 'content-type': 'text/plain' });
    expect(status).toBe(400);
  });
});

describe('answers', () => {
  test('an unknown route is 404, with an id that the log has too', async () => {
    const { status, body, headers } = await bench.call(undefined, 'GET', '/v1/nothing');
    expect([status, body.type]).toEqual([404, 'urn:yinzheng:ROUTE_UNKNOWN']);
    expect(headers.get('x-request-id')).toBe(body.requestId);
    expect(bench.logged.join('')).toContain(String(body.requestId));
  });

  test('a path that is not percent-encoded UTF-8 is the caller’s mistake, not a bug', async () => {
    for (const path of ['/v1/evidence/%zz', '/v1/audit/records/%ff/timeline']) {
      const { status, body } = await bench.call(undefined, 'GET', path);
      expect([status, body.code, body.where]).toEqual([400, 'REQUEST_MALFORMED', 'path']);
    }
  });

  test('carry strict headers, no CORS and no cache', async () => {
    const { headers } = await bench.call(undefined, 'GET', '/healthz', undefined, { origin: 'https://evil.example' });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('a bug is 500, logged whole and answered blank', async () => {
    bench.ledger.failure = new Error('SECRET inside');
    const { status, body } = await bench.call(undefined, 'GET', `/v1/verify?alg=sm3&digest=${digestOf('x')}`);
    bench.ledger.failure = undefined;
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('SECRET');
    expect(bench.logged.join('')).toContain('SECRET inside');
  });

  test('the log holds no token, no body and no query', async () => {
    const token = await bench.token('clerk');
    await submit(undefined, registerBody('logged'), { authorization: `Bearer ${token}` });
    await bench.call('auditor', 'GET', '/v1/audit/events?actor=clerk-99');
    const log = bench.logged.join('');
    expect(log).not.toContain(token);
    expect(log).not.toContain(digestOf('logged'));
    expect(log).not.toContain('clerk-99');
    expect(log).toContain('"route":"/v1/evidence"');
  });

  test('every code has a status that says whose turn it is', () => {
    expect(Object.keys(STATUS).sort()).toEqual([...ERROR_CODES].sort());
    expect(Object.values(STATUS).every((status) => status >= 400 && status < 600)).toBe(true);
  });

  test('metrics count by route pattern', async () => {
    const response = await fetch(`${bench.url}/metrics`);
    const text = await response.text();
    expect(text).toMatch(/yinzheng_http_request_seconds_count\{[^}]*route="\/v1\/evidence"[^}]*status="201"/);
    expect(text).not.toContain(evidenceId('a'));
  });
});

describe('limits', () => {
  test('a user and an address each have a bound, and are told when to come back', async () => {
    const small = await GatewayBench.start({ userPerMinute: 2, publicPerMinute: 2 });
    try {
      const statuses = async (call: () => Promise<{ status: number }>) => {
        const seen = [];
        for (let count = 0; count < 3; count += 1) seen.push((await call()).status);
        return seen;
      };
      const verify = `/v1/verify?alg=sm3&digest=${digestOf('x')}`;
      const clerk = () => small.call('clerk', 'POST', '/v1/evidence', registerBody('a'));
      expect(await statuses(clerk)).toEqual([201, 200, 429]);
      expect((await small.call('notary', 'POST', '/v1/evidence', registerBody('a'))).status).toBe(201);
      expect(await statuses(() => small.call(undefined, 'GET', verify))).toEqual([200, 200, 429]);
      // Where anyone may ask, somebody who is known counts for themselves, and a bad token for nobody.
      expect(await statuses(() => small.call('auditor', 'GET', verify))).toEqual([200, 200, 429]);
      const forged = await small.call(undefined, 'GET', verify, undefined, { authorization: 'Bearer a.b.c' });
      expect(forged.status).toBe(429);
      const { headers, body } = await clerk();
      expect([body.code, headers.get('retry-after')]).toEqual(['RATE_EXCEEDED', '60']);
    } finally {
      await small.close();
    }
  });
});

describe('a method that a path does not take', () => {
  test.each([
    ['GET', '/v1/evidence', 'OPTIONS, POST'],
    ['DELETE', `/v1/evidence/${evidenceId('a')}`, 'GET, HEAD, OPTIONS'],
    ['POST', '/v1/audit/events', 'GET, HEAD, OPTIONS'],
    ['PUT', '/v1/verify', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405, and Allow says what the path takes', async (method, path, allow) => {
    const { status, headers, body } = await bench.call(undefined, method, path);
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow]);
    expect((await bench.call(undefined, 'OPTIONS', path)).headers.get('allow')).toBe(allow);
  });

  test('a path that does not exist stays 404', async () => {
    const { status, body, headers } = await bench.call(undefined, 'POST', '/v1/nothing');
    expect([status, body.code, headers.get('allow')]).toEqual([404, 'ROUTE_UNKNOWN', null]);
  });
});
