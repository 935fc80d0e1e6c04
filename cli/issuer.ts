import { createHash, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

import { importJWK, type JWK, SignJWT } from 'jose';

import { readIfThere, writeAtomically } from '../network/manager/atomic-file.js';
import { CliError } from './cli-error.js';

/** `iss` of every token of the development issuer; a gateway set up for production does not accept it. */
export const TOKEN_ISSUER = 'yinzheng-dev';
/** `aud` of every token. */
export const TOKEN_AUDIENCE = 'yinzheng';
/** Longest life of a token, seconds: a day. */
export const TOKEN_SECONDS_MAX = 86_400;

/** Files of the development issuer, which lives in the data folder beside the users' keys and is as safe as they are. */
export interface IssuerFiles {
  /** Private ES256 key as a JWK, mode 0600. */
  readonly keyFile: string;
  /** Public half as a JWK set (RFC 7517), which the gateways read. */
  readonly jwksFile: string;
}

/** @param folder the data folder's `issuer`. */
export function issuerFiles(folder: string): IssuerFiles {
  return { keyFile: join(folder, 'key.json'), jwksFile: join(folder, 'jwks.json') };
}

/** Makes the issuer's key unless there is one. The public half is written anew from it, should it be missing. */
export function ensureIssuer(folder: string): IssuerFiles {
  const files = issuerFiles(folder);
  const existing = readIfThere(files.keyFile);
  const key = existing === undefined ? generateKey() : (JSON.parse(existing) as JWK);
  if (existing === undefined) writeAtomically(files.keyFile, JSON.stringify(key), 0o600);
  const { d: _private, ...publicKey } = key;
  writeAtomically(files.jwksFile, JSON.stringify({ keys: [publicKey] }), 0o644);
  return files;
}

function generateKey(): JWK {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as JWK;
  // RFC 7638: the thumbprint names the key, from its required members in this order.
  const thumbprint = JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x, y: key.y });
  const kid = createHash('sha256').update(thumbprint).digest('base64url');
  return { ...key, kid, alg: 'ES256', use: 'sig' };
}

/** A bearer token and its end. */
export interface Token {
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresMs: number;
}

/**
 * Mints a token of the development issuer (RFC 7519, ES256).
 * @param subject full user name. @param seconds its life, at most {@link TOKEN_SECONDS_MAX}. @param nowMs Unix time.
 * @throws NETWORK_DOWN where no network was ever started in this data folder, USAGE for a longer life
 */
export async function mintToken(folder: string, subject: string, seconds: number, nowMs: number): Promise<Token> {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > TOKEN_SECONDS_MAX) {
    throw new CliError('USAGE', { wanted: `a life of 1 to ${TOKEN_SECONDS_MAX} seconds` });
  }
  const text = readIfThere(issuerFiles(folder).keyFile);
  if (text === undefined) throw new CliError('NETWORK_DOWN', { wanted: 'a network: start it with yinzheng up' });
  const key = JSON.parse(text) as JWK;
  const issuedAt = Math.floor(nowMs / 1000);
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(await importJWK(key, 'ES256'));
  return { token, expiresMs: (issuedAt + seconds) * 1000 };
}
