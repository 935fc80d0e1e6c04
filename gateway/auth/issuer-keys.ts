import { readFileSync } from 'node:fs';

import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

import { DomainError } from '../../domain/errors.js';
import { ConfigError } from '../config-error.js';
import { type IssuerConfig } from './issuer-config.js';

/** How long the issuer may take to send its keys, and how often it is asked at most for one that is not known. */
const REMOTE_MS = { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 } as const;

/** Seconds after which an issuer that did not send its keys may be tried again. */
const RETRY_AFTER_S = 5;
const ABOUT_THE_TOKEN = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

const keySetSchema = z.object({ keys: z.array(z.object({ kty: z.string() }).loose()).min(1) });

/**
 * The issuer's public keys. A file is read at start, and again when a token names a key that is not in it; an address
 * is asked on the first token, then when the keys are ten minutes old or one is not known, so that keys may change.
 * @throws {ConfigError} CONFIG_INVALID where the file holds no JWK set.
 */
export function openIssuerKeys({ jwksFile, jwksUrl }: IssuerConfig): JWTVerifyGetKey {
  return jwksUrl === undefined ? openKeyFile(jwksFile ?? '') : openKeyAddress(new URL(jwksUrl));
}

/** An issuer that does not answer says nothing about the token. @throws UNVERIFIABLE_NOW */
function openKeyAddress(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, REMOTE_MS);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (ABOUT_THE_TOKEN.some((kind) => cause instanceof kind)) throw cause;
      const details = { wanted: 'the keys of the token issuer', retryAfter: RETRY_AFTER_S };
      throw new DomainError('UNVERIFIABLE_NOW', details, { cause });
    }
  };
}

function openKeyFile(path: string): JWTVerifyGetKey {
  let { text, keys } = readKeyFile(path);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || readFileSync(path, 'utf8') === text) throw error;
      ({ text, keys } = readKeyFile(path));
      return keys(header, token);
    }
  };
}

function readKeyFile(path: string): { readonly text: string; readonly keys: JWTVerifyGetKey } {
  const keys = createLocalJWKSet(ConfigError.parse(keySetSchema, path));
  return { text: readFileSync(path, 'utf8'), keys };
}
