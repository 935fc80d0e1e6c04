import { readFileSync } from 'node:fs';

import { createLocalJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';

import { DomainError } from '../../domain/errors.js';
import { ConfigError } from '../config-error.js';

const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519'];
const CLOCK_TOLERANCE_S = 5;
/** A token longer than this is not looked at. */
const TOKEN_CHARS_MAX = 4_096;

/** Who issues tokens for whom, and where the issuer's public keys lie (RFC 7517, a JWK set). */
export interface IssuerConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksFile: string;
}

const keySetSchema = z.object({ keys: z.array(z.object({ kty: z.string() }).loose()).min(1) });

/**
 * Checks bearer tokens (RFC 7519, RFC 8725): signature, issuer, audience, expiry; `sub` is the user's name.
 * The key file is read at start, and again when a token names a key that is not in it, so that keys may change.
 */
export class Tokens {
  readonly #config: IssuerConfig;
  #text: string;
  #keys: ReturnType<typeof createLocalJWKSet>;

  /** @throws {ConfigError} CONFIG_INVALID where the file holds no JWK set. */
  constructor(config: IssuerConfig) {
    const set = ConfigError.parse(keySetSchema, config.jwksFile);
    this.#config = config;
    this.#text = readFileSync(config.jwksFile, 'utf8');
    this.#keys = createLocalJWKSet(set);
  }

  /** @param header value of `Authorization`. @returns the user's name. @throws UNAUTHENTICATED */
  async user(header: string | undefined): Promise<string> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '')?.[1];
    if (token === undefined || token.length > TOKEN_CHARS_MAX) throw refused('a bearer token');
    try {
      return await this.#verify(token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (error instanceof errors.JWKSNoMatchingKey && this.#reload()) return this.#verifyAgain(token);
      throw refused(
        error instanceof errors.JWTExpired ? 'a token that has not expired' : 'a token of the known issuer',
      );
    }
  }

  async #verify(token: string): Promise<string> {
    const { issuer, audience } = this.#config;
    const { payload } = await jwtVerify(token, this.#keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_S,
    });
    if (payload.sub === undefined) throw refused('a token with a subject');
    return payload.sub;
  }

  async #verifyAgain(token: string): Promise<string> {
    try {
      return await this.#verify(token);
    } catch (error) {
      throw error instanceof errors.JOSEError ? refused('a token of the known issuer') : error;
    }
  }

  /** @returns whether the file holds something new. */
  #reload(): boolean {
    const text = readFileSync(this.#config.jwksFile, 'utf8');
    if (text === this.#text) return false;
    this.#keys = createLocalJWKSet(ConfigError.parse(keySetSchema, this.#config.jwksFile));
    this.#text = text;
    return true;
  }
}

function refused(wanted: string): DomainError {
  return new DomainError('UNAUTHENTICATED', { wanted });
}
