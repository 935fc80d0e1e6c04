import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  discoveryRequest,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';

import { type OidcSignIn } from '../../../../gateway/openapi/types.js';
import { Problem } from '../../api/problem.js';
import { askWho } from '../sign-in.js';
import { type OfficeSession, type Signed } from '../who.js';
import { inWords } from './provider-problem.js';

/** Where the provider sends people back to: it must be registered there, with the gateway's origin before it. */
const REDIRECT_PATH = '/sign-in';
const TIMEOUT_MS = 15_000;

/** One attempt to sign in. Its secrets are in memory alone, and used once. */
export interface Attempt {
  /** Address at which the provider asks who is there. */
  readonly address: string;
  /** Names this attempt, unguessable. */
  readonly state: string;
  /**
   * Changes the provider's answer into a session. @param answer the query string that came back
   * @throws {Problem} SIGN_IN_CANCELLED, PROVIDER_REFUSED, PROVIDER_MISMATCH, PROVIDER_DOWN, TOKEN_REFUSED
   */
  readonly finish: (answer: string) => Promise<Signed>;
}

/**
 * Asks the provider for its addresses and makes the secrets of an attempt: authorization code with PKCE (RFC 7636),
 * state and nonce (OpenID Connect Core 1.0, 3.1). @param anew the provider is to ask even whom it knows already
 * @throws {Problem} PROVIDER_DOWN, PROVIDER_MISMATCH
 */
export async function beginAttempt(way: OidcSignIn, anew: boolean): Promise<Attempt> {
  const server = await inWords(() => discover(way));
  const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()];
  const address = addressOf(way, server.authorization_endpoint) ?? mismatch('authorization_endpoint');
  // The gateway's policy lets pages ask nobody else.
  if (URL.parse(server.token_endpoint ?? '')?.origin !== new URL(way.issuer).origin) mismatch('token_endpoint');
  const asked = {
    response_type: 'code',
    client_id: way.clientId,
    redirect_uri: redirectUri(),
    scope: way.scope,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(anew ? { prompt: 'login' } : {}),
    ...resourceOf(way),
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  const finish = async (answer: string): Promise<Signed> => {
    const tokens = await inWords(() => redeem(server, way, { answer, state, nonce, verifier }));
    return { ...(await signedBy(tokenFor(way, tokens))), office: officeOf(way, server) };
  };
  return { address: address.href, state, finish };
}

async function discover({ issuer }: OidcSignIn): Promise<AuthorizationServer> {
  const url = new URL(issuer);
  return processDiscoveryResponse(url, await discoveryRequest(url, requestOptions(issuer)));
}

/** The gateway's configuration lets http through on this machine alone. */
function requestOptions(issuer: string) {
  return { [allowInsecureRequests]: issuer.startsWith('http:'), signal: () => AbortSignal.timeout(TIMEOUT_MS) };
}

/** @returns `undefined` where that is no address of the web, or not as safe as the issuer's */
function addressOf({ issuer }: OidcSignIn, endpoint = ''): URL | undefined {
  const address = URL.parse(endpoint) ?? undefined;
  const isSafe = address !== undefined && ['https:', new URL(issuer).protocol].includes(address.protocol);
  return isSafe ? address : undefined;
}

function mismatch(reason: string): never {
  throw new Problem('PROVIDER_MISMATCH', { reason });
}

/** Without a token in the address, which logs would keep: the provider asks whoever is there. */
function officeOf(way: OidcSignIn, { end_session_endpoint: endpoint }: AuthorizationServer): OfficeSession {
  const { host } = new URL(way.issuer);
  const address = addressOf(way, endpoint);
  if (address === undefined) return { host };
  address.searchParams.set('client_id', way.clientId);
  address.searchParams.set('post_logout_redirect_uri', redirectUri());
  return { host, endAt: address.href };
}

interface Redemption {
  readonly answer: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

async function redeem(server: AuthorizationServer, way: OidcSignIn, given: Redemption): Promise<TokenEndpointResponse> {
  const client = { client_id: way.clientId };
  const code = validateAuthResponse(server, client, new URLSearchParams(given.answer), given.state);
  const options = { ...requestOptions(way.issuer), additionalParameters: resourceOf(way) };
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    None(),
    code,
    redirectUri(),
    given.verifier,
    options,
  );
  return processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: given.nonce,
    requireIdToken: true,
  });
}

/** Names the gateway to providers that issue tokens for one resource (RFC 8707); others pass over it. */
function resourceOf({ audience, clientId }: OidcSignIn): Record<string, string> {
  return audience !== clientId && URL.canParse(audience) ? { resource: audience } : {};
}

/** An ID token is for the client; whoever else is the audience gets the access token. */
function tokenFor({ audience, clientId }: OidcSignIn, tokens: TokenEndpointResponse): string {
  return audience === clientId ? (tokens.id_token ?? '') : tokens.access_token;
}

async function signedBy(token: string): Promise<Signed> {
  try {
    const who = await askWho(token);
    return { token, expiresAt: who.expiresAt, who };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'UNAUTHENTICATED') throw error;
    throw new Problem('TOKEN_REFUSED', error.details, { cause: error });
  }
}

function redirectUri(): string {
  return new URL(REDIRECT_PATH, location.origin).href;
}
