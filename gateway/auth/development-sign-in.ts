import { type Request } from 'express';
import { importJWK, SignJWT } from 'jose';
import { z } from 'zod';

import { DomainError } from '../../domain/errors.js';
import { ConfigError } from '../config-error.js';
import { type IssuedToken } from '../openapi/types.js';
import { type IssuerConfig, isLoopback } from './issuer-config.js';

/** Life of a token that a page gets, seconds: a working day. */
const TOKEN_SECONDS = 8 * 3_600;
const ALGORITHM = 'ES256';

const keySchema = z.object({ kty: z.literal('EC'), kid: z.string(), d: z.string() }).loose();

/**
 * Signs a token of the development issuer, as `yinzheng token` does. The key is read each time: it is made anew with the
 * data folder. @param user of this gateway's wallet; the caller has looked. @throws {ConfigError} CONFIG_INVALID
 */
export async function mintDevelopmentToken(issuer: IssuerConfig, user: string, nowMs: number): Promise<IssuedToken> {
  const key = ConfigError.parse(keySchema, issuer.developmentKeyFile ?? '');
  const issuedAt = Math.floor(nowMs / 1_000);
  const expires = issuedAt + TOKEN_SECONDS;
  const token = await new SignJWT({ [issuer.userClaim]: user })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: key.kid })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expires)
    .sign(await importJWK(key, ALGORITHM));
  return { token, expiresAt: new Date(expires * 1_000).toISOString() };
}

/**
 * Lets only pages of this gateway on this machine past: no page of another host (`Origin`, `Sec-Fetch-Site`), and no
 * name that was made to mean this machine (`Host`, DNS rebinding). Who only reads need not be a page at all.
 * @throws SIGN_IN_REFUSED
 */
export function checkOwnPage(request: Request): void {
  const host = request.get('host') ?? '';
  if (!isLoopback(host.replace(/:\d+$/, ''))) throw refused('an address of this machine, such as http://127.0.0.1');
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const isOwn = (site === undefined || site === 'same-origin') && (origin === undefined || origin === `http://${host}`);
  const isPage = (site ?? origin) !== undefined;
  if (!isOwn || (!isPage && request.method !== 'GET')) throw refused('a page of this gateway');
}

function refused(wanted: string): DomainError {
  return new DomainError('SIGN_IN_REFUSED', { wanted });
}
