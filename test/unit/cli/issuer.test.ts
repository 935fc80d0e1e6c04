import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

import { ensureIssuer, mintToken, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_SECONDS_MAX } from '../../../cli/issuer.js';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'issuer-')), 'issuer');
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

function publicKeys(file: string): JSONWebKeySet {
  return JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet;
}

test('a token is verified by the public half, and says who, for whom and how long', async () => {
  const { jwksFile } = ensureIssuer(folder);
  const nowMs = Date.now();
  const { token, expiresMs } = await mintToken(folder, 'clerk@chongqing.example', 60, nowMs);
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(publicKeys(jwksFile)), {
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
    algorithms: ['ES256'],
  });
  expect(payload.sub).toBe('clerk@chongqing.example');
  expect(payload.exp).toBe(expiresMs / 1000);
  expect(protectedHeader.kid).toBe(publicKeys(jwksFile).keys[0]?.kid);
});

test('the private key is for its owner alone and never in the public file', () => {
  const { keyFile, jwksFile } = ensureIssuer(folder);
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  expect(publicKeys(jwksFile).keys[0]).not.toHaveProperty('d');
  expect(readFileSync(jwksFile, 'utf8')).not.toContain((JSON.parse(readFileSync(keyFile, 'utf8')) as { d: string }).d);
});

test('the key is made once: starting again changes neither half, so tokens of before stay valid', () => {
  const { keyFile, jwksFile } = ensureIssuer(folder);
  const before = [keyFile, jwksFile].map((file) => readFileSync(file, 'utf8'));
  ensureIssuer(folder);
  expect([keyFile, jwksFile].map((file) => readFileSync(file, 'utf8'))).toEqual(before);
});

test('without a network there is no issuer to ask', async () => {
  await expect(mintToken(folder, 'a@b', 60, Date.now())).rejects.toMatchObject({ code: 'NETWORK_DOWN' });
});

test.each([0, -1, 1.5, TOKEN_SECONDS_MAX + 1, NaN])('a life of %d seconds is refused', async (seconds) => {
  ensureIssuer(folder);
  await expect(mintToken(folder, 'a@b', seconds, Date.now())).rejects.toMatchObject({ code: 'USAGE' });
});
