import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

import { DomainError } from '../../domain/errors.js';
import { type IssuerConfig } from './issuer-config.js';
import { openIssuerKeys } from './issuer-keys.js';

const ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];
const CLOCK_TOLERANCE_S = 5;
/** A token longer than this is not looked at. */
const TOKEN_CHARS_MAX = 4_096;

/** What a token says: the user's name, and until when. */
export interface TokenFacts {
  readonly user: string;
  /** Unix milliseconds. */
  readonly expiresMs: number;
}

/** Checks bearer tokens (RFC 7519, RFC 8725): signature, issuer, audience, expiry; one claim is the user's name. */
export class Tokens {
  readonly #config: IssuerConfig;
  readonly #keys: JWTVerifyGetKey;

  /** @throws {ConfigError} CONFIG_INVALID where the key file holds no JWK set. */
  constructor(config: IssuerConfig) {
    this.#config = config;
    this.#keys = openIssuerKeys(config);
  }

  /** @param header value of `Authorization`. @throws UNAUTHENTICATED; UNVERIFIABLE_NOW where the issuer sends no keys */
  async check(header: string | undefined): Promise<TokenFacts> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(header ?? '')?.[1];
    if (token === undefined || token.length > TOKEN_CHARS_MAX) throw refused('a bearer token');
    const { issuer, audience, userClaim } = this.#config;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: [userClaim, 'exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const user = payload[userClaim];
      if (typeof user !== 'string') throw refused('a token that names its user');
      return { user, expiresMs: (payload.exp ?? 0) * 1_000 };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      const isLate = error instanceof errors.JWTExpired;
      throw refused(isLate ? 'a token that has not expired' : 'a token of the known issuer');
    }
  }
}

function refused(wanted: string): DomainError {
  return new DomainError('UNAUTHENTICATED', { wanted });
}
