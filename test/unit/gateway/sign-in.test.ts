import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as send, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import { DEVELOPMENT_ISSUER } from '../../../gateway/auth/issuer-config.js';
import { readConfig } from '../../../gateway/config.js';
import { GatewayBench } from './support/gateway-bench.js';

const AUDIENCE = 'yinzheng';

describe('with the development issuer', () => {
  let bench: GatewayBench;
  beforeAll(async () => {
    bench = await GatewayBench.start({}, ({ jwksFile, keyFile }) => ({
      issuer: {
        issuer: DEVELOPMENT_ISSUER,
        audience: AUDIENCE,
        jwksFile,
        developmentKeyFile: keyFile,
        userClaim: 'sub',
        scope: 'openid',
      },
    }));
  });
  afterAll(async () => {
    await bench.close();
  });

  /** `fetch` sets no Host and no Origin of its own choice, so this does. */
  function signIn(
    headers: Record<string, string>,
    body: unknown = { user: 'clerk@chongqing.example' },
    method = 'POST',
  ) {
    return new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const port = new URL(bench.url).port;
      const all = { 'content-type': 'application/json', ...headers };
      const sent = send({ port, path: '/v1/sign-in', method, headers: all }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as never });
        });
      });
      sent.on('error', reject).end(method === 'POST' ? JSON.stringify(body) : undefined);
    });
  }
  const ownPage = () => ({ host: new URL(bench.url).host, origin: bench.url, 'sec-fetch-site': 'same-origin' });

  test('the page is told whom it may choose: users with a role, never the gateway itself', async () => {
    const { status, body } = await bench.call(undefined, 'GET', '/v1/sign-in');
    expect([status, body.kind]).toEqual([200, 'development']);
    const users = body.users as { name: string; role: string }[];
    expect(users.map(({ name }) => name)).toEqual(
      ['admin', 'auditor', 'clerk', 'issuer', 'notary', 'officer'].map((name) => `${name}@chongqing.example`),
    );
    expect(users[2]).toEqual({
      name: 'clerk@chongqing.example',
      organisation: 'ChongqingMSP',
      role: 'clerk',
      unit: '11500000000000000A',
      region: '500000',
    });
  });

  test('whoever is chosen gets a token that this gateway takes, and learns who they are', async () => {
    const { status, body } = await signIn(ownPage());
    expect(status).toBe(200);
    const authorization = `Bearer ${body.token as string}`;
    const me = await bench.call(undefined, 'GET', '/v1/me', undefined, { authorization });
    expect(me.body).toEqual({
      user: 'clerk@chongqing.example',
      name: 'clerk-07',
      role: 'clerk',
      unit: '11500000000000000A',
      region: '500000',
      organisation: 'ChongqingMSP',
      expiresAt: body.expiresAt,
      certificateExpiresAt: expect.any(String) as string,
    });
    const lifeMs = Date.parse(body.expiresAt as string) - Date.now();
    expect(lifeMs).toBeGreaterThan(7.9 * 3_600_000);
    expect(lifeMs).toBeLessThanOrEqual(8 * 3_600_000);
  });

  test('an older browser, which says its origin alone, is let in too', async () => {
    const { host, origin } = ownPage();
    expect((await signIn({ host, origin })).status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ['a page of another host', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['an origin that lies about the site', { origin: 'https://evil.example' }],
    ['a name that was made to mean this machine', { host: 'evil.example:80', origin: 'http://evil.example:80' }],
    [
      'a name that begins as this machine does',
      { host: '127.0.0.1.evil.example', origin: 'http://127.0.0.1.evil.example' },
    ],
    ['no page at all', { origin: '', 'sec-fetch-site': '' }],
  ])('%s is refused', async (_name, headers) => {
    const given = Object.entries({ ...ownPage(), ...headers }).filter(([, value]) => value !== '');
    const { status, body } = await signIn(Object.fromEntries(given));
    expect([status, body.code]).toEqual([403, 'SIGN_IN_REFUSED']);
  });

  test('the list of users is for no page of another host either', async () => {
    const foreign = { ...ownPage(), 'sec-fetch-site': 'cross-site' };
    expect((await signIn(foreign, undefined, 'GET')).status).toBe(403);
    expect((await signIn({ ...ownPage(), host: 'evil.example' }, undefined, 'GET')).status).toBe(403);
  });

  test.each([
    ['nobody of this organisation', { user: 'clerk@zhejiang.example' }, 401, 'UNAUTHENTICATED'],
    ['a path', { user: '../clerk@chongqing.example' }, 400, 'REQUEST_MALFORMED'],
    ['the gateway, which has no role', { user: 'gateway@chongqing.example' }, 403, 'ACTOR_MALFORMED'],
    ['nothing', {}, 400, 'REQUEST_MALFORMED'],
    ['more than a name', { user: 'clerk@chongqing.example', role: 'admin' }, 400, 'REQUEST_MALFORMED'],
  ])('%s cannot be chosen', async (_name, wanted, status, code) => {
    const answer = await signIn(ownPage(), wanted);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('with an OpenID provider', () => {
  let provider: Server;
  let bench: GatewayBench;
  let address: string;
  let answer: { status: number; keys: object[] };
  let asked = 0;

  beforeAll(async () => {
    provider = createServer((_request, response) => {
      asked += 1;
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: answer.keys }));
    }).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    provider.close();
    provider.closeAllConnections();
  });
  beforeEach(async () => {
    bench = await GatewayBench.start({}, () => ({
      issuer: {
        issuer: address,
        audience: AUDIENCE,
        jwksUrl: `${address}/keys`,
        userClaim: 'preferred_username',
        scope: 'openid profile',
        clientId: 'yinzheng-pages',
      },
    }));
    asked = 0;
  });
  afterEach(async () => {
    await bench.close();
  });

  async function tokenOf(claims: Record<string, unknown>, algorithm = 'RS256') {
    const { publicKey, privateKey } = await generateKeyPair(algorithm);
    answer = { status: 200, keys: [{ ...(await exportJWK(publicKey)), kid: 'p1', alg: algorithm }] };
    const now = Math.floor(Date.now() / 1_000);
    const user = 'clerk@chongqing.example';
    const usual = { iss: address, aud: AUDIENCE, sub: '0017', preferred_username: user, exp: now + 60 };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: algorithm, kid: 'p1' }).sign(privateKey);
  }
  const me = (token: string) => bench.call(undefined, 'GET', '/v1/me', undefined, { authorization: `Bearer ${token}` });

  test.each(['RS256', 'ES256', 'PS256'])('its tokens name the user by the configured claim (%s)', async (algorithm) => {
    const token = await tokenOf({}, algorithm);
    expect((await me(token)).body).toMatchObject({ user: 'clerk@chongqing.example', role: 'clerk' });
    await me(token);
    expect(asked).toBe(1);
  });

  test.each([
    ['for another audience', { aud: 'other' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['of the development issuer', { iss: DEVELOPMENT_ISSUER }],
    ['that names nobody', { preferred_username: undefined }],
    ['that names a number', { preferred_username: 17 }],
    ['that has expired', { exp: 1 }],
  ])('a token %s is refused', async (_name, claims) => {
    const { status, body } = await me(await tokenOf(claims));
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('a provider that is down is no verdict about the token', async () => {
    const token = await tokenOf({});
    answer = { ...answer, status: 500 };
    const { status, body, headers } = await me(token);
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'UNVERIFIABLE_NOW', '5']);
    answer = { ...answer, status: 200 };
    expect((await me(token)).status).toBe(200);
  });

  test('the page is sent there, and nobody signs in without it', async () => {
    const { body } = await bench.call(undefined, 'GET', '/v1/sign-in');
    const client = { clientId: 'yinzheng-pages', audience: AUDIENCE, scope: 'openid profile' };
    expect(body).toEqual({ kind: 'oidc', issuer: address, ...client });
    const refused = await bench.call(undefined, 'POST', '/v1/sign-in', { user: 'clerk@chongqing.example' });
    expect([refused.status, refused.body.code]).toEqual([403, 'SIGN_IN_REFUSED']);
  });
});

describe('the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function read(issuer: object, host = '127.0.0.1') {
    const file = join(folder, 'gateway.json');
    const usual = { name: 'a', mspId: 'A', connectionProfile: 'p', channel: 'c', chaincode: 'y', users: 'u' };
    const more = { serviceUser: 'g', database: 'd', listen: { host, port: 0 } };
    writeFileSync(file, JSON.stringify({ ...usual, ...more, issuer: { audience: AUDIENCE, ...issuer } }));
    return readConfig(file).issuer;
  }
  const development = { issuer: DEVELOPMENT_ISSUER, jwksFile: 'jwks.json', developmentKeyFile: 'key.json' };

  test('takes the development issuer, and an OpenID provider', () => {
    expect(read(development)).toMatchObject({ developmentKeyFile: join(folder, 'key.json'), userClaim: 'sub' });
    const provider = { issuer: 'https://id.example', jwksUrl: 'https://id.example/keys', clientId: 'pages' };
    expect(read(provider, '0.0.0.0')).toMatchObject({ ...provider, scope: 'openid' });
    expect(read({ ...provider, scope: 'profile openid' })).toMatchObject({ scope: 'profile openid' });
  });

  test('refuses a development issuer that other machines reach', () => {
    expect(() => read(development, '0.0.0.0')).toThrow(/^CONFIG_INVALID .*issuer.developmentKeyFile/);
  });

  test.each<[string, object]>([
    ['a development key beside another issuer', { ...development, issuer: 'https://id.example' }],
    ['a development key beside a client', { ...development, clientId: 'pages' }],
    ['keys over a line that anybody may change', { issuer: 'https://id.example', jwksUrl: 'http://id.example/keys' }],
    ['a provider over such a line', { issuer: 'http://id.example', jwksFile: 'jwks.json', clientId: 'pages' }],
    ['scopes without openid', { ...development, scope: 'profile openidx' }],
    ['scopes with two spaces', { ...development, scope: 'openid  profile' }],
    ['no keys', { issuer: 'https://id.example' }],
    ['keys twice', { issuer: 'https://id.example', jwksFile: 'a', jwksUrl: 'https://id.example/keys' }],
  ])('refuses %s', (_name, issuer) => {
    expect(() => read(issuer)).toThrow(/^CONFIG_INVALID .*issuer/);
  });
});
