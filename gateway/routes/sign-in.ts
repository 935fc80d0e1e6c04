import { type RequestHandler, Router } from 'express';

import { DomainError } from '../../domain/errors.js';
import { readFields, readShape } from '../../domain/fields.js';
import { checkOwnPage, mintDevelopmentToken } from '../auth/development-sign-in.js';
import { callerOf, type Operation } from '../auth/gate.js';
import { type Wallet } from '../identity/wallet.js';
import { type Answers, type Me, type Selectable, type SignIn } from '../openapi/types.js';
import { type GatewayParts } from '../parts.js';

/** How pages get a token: `GET` and `POST /v1/sign-in`; and whom it is of: `GET /v1/me`. */
export function signInRoutes(
  { config: { issuer }, wallet }: GatewayParts,
  admit: (operation: Operation) => RequestHandler[],
  publicly: readonly RequestHandler[],
): Router {
  return Router()
    .get('/v1/sign-in', ...publicly, (request, response) => {
      if (issuer.developmentKeyFile !== undefined) {
        checkOwnPage(request);
        response.json({ kind: 'development', users: selectable(wallet) } satisfies SignIn);
      } else if (issuer.clientId !== undefined) {
        const { issuer: address, clientId, audience, scope } = issuer;
        response.json({ kind: 'oidc', issuer: address, clientId, audience, scope } satisfies SignIn);
      } else response.json({ kind: 'none' } satisfies SignIn);
    })
    .post('/v1/sign-in', ...publicly, async (request, response) => {
      if (issuer.developmentKeyFile === undefined) throw new DomainError('SIGN_IN_REFUSED', { wanted: wayIn(issuer) });
      checkOwnPage(request);
      const { user } = readFields(request.body, ['user'], 'body');
      const name = readShape(user, /^[\w.@-]{1,320}$/, 'user', 'a user of this organisation');
      wallet.identity(name).actor(); // Who has no role has nothing to sign in for.
      response.json((await mintDevelopmentToken(issuer, name, Date.now())) satisfies Answers['signIn']);
    })
    .get('/v1/me', ...admit('read'), (request, response) => {
      const { user, actor, expiresMs } = callerOf(request);
      const { name, role, unit, region, mspId: organisation } = actor;
      const certificateExpiresAt = new Date(wallet.identity(user).validToMs).toISOString();
      const expiresAt = new Date(expiresMs).toISOString();
      response.json({ user, name, role, unit, region, organisation, expiresAt, certificateExpiresAt } satisfies Me);
    });
}

function wayIn({ clientId, issuer }: GatewayParts['config']['issuer']): string {
  return clientId === undefined ? 'a token of the configured issuer' : `the sign-in of ${issuer}`;
}

/** Users without a role, such as the gateway itself, and folders without a certificate are left out. */
function selectable(wallet: Wallet): Selectable[] {
  return wallet.names().flatMap((name) => {
    try {
      const { mspId, role, unit, region } = wallet.identity(name).actor();
      return [{ name, organisation: mspId, role, unit, region }];
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  });
}
