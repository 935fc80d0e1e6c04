// office-provider.mjs PORT REDIRECT_URI…: an office's OpenID provider on this machine, for tests of the pages. Its
// addresses, claims and tokens are shaped as Keycloak's of the realm `office`, a sign-in asks for a name and no
// password, and whom it knows it remembers in a cookie. `POST /behave` takes what it is to do from then on (Behaviour
// in office.ts). Loaded by Node itself, because the provider is an ES module of its own kind.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { Provider } from 'oidc-provider';

const [port, ...redirectUris] = process.argv.slice(2);
const REALM = '/realms/office';
const PROTOCOL = '/protocol/openid-connect';
let behaviour = {};

/** Names by subject: a Keycloak user's `sub` is a UUID, and the name a claim beside it. */
const names = new Map();
function subjectOf(name) {
  const hex = createHash('sha256').update(name).digest('hex');
  const subject = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
  names.set(subject, name);
  return subject;
}
const claimsOf = (subject) => ({ sub: subject, preferred_username: names.get(subject) });

const provider = new Provider(`http://127.0.0.1:${port}${REALM}`, {
  clients: [
    {
      client_id: 'yinzheng-pages',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: redirectUris,
      post_logout_redirect_uris: redirectUris,
    },
  ],
  routes: {
    authorization: `${PROTOCOL}/auth`,
    token: `${PROTOCOL}/token`,
    jwks: `${PROTOCOL}/certs`,
    userinfo: `${PROTOCOL}/userinfo`,
    end_session: `${PROTOCOL}/logout`,
  },
  pkce: { required: () => true },
  // "Web origins" of the client.
  clientBasedCORS: (_context, origin, client) =>
    behaviour.closedToPages !== true && client.redirectUris.some((uri) => new URL(uri).origin === origin),
  cookies: { keys: ['of tests alone'] },
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  // Keycloak puts the claims of a scope into both tokens.
  conformIdTokenClaims: false,
  extraTokenClaims: (_context, token) => ({ preferred_username: names.get(token.accountId) }),
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (context, form) => {
        context.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button>`);
      },
    },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: '',
        audience: behaviour.audience ?? resource,
        accessTokenFormat: 'jwt',
      }),
    },
  },
  ttl: {
    AuthorizationCode: () => behaviour.codeSeconds ?? 60,
    AccessToken: 3_600,
    IdToken: 3_600,
    Interaction: 600,
    Session: 86_400,
    Grant: 86_400,
  },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, accountId) =>
    names.has(accountId) ? { accountId, claims: () => claimsOf(accountId) } : undefined,
  // Whoever signed in has agreed: the client is the office's own.
  loadExistingGrant: async ({ oidc: { client, session } }) => {
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

function page(body) {
  return `<!doctype html><html lang="en"><title>Office</title><link rel="icon" href="data:,">${body}</html>`;
}

const FORM = page(`<form method="post"><label>Name <input name="login"></label>
<button name="act" value="sign-in">Sign in</button> <button name="act" value="cancel">Cancel</button></form>`);

async function interact(request, response) {
  await provider.interactionDetails(request, response);
  if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/html' }).end(FORM);
  const form = new URLSearchParams(await text(request));
  const result =
    form.get('act') === 'cancel'
      ? { error: 'access_denied' }
      : { login: { accountId: subjectOf(form.get('login') ?? '') } };
  return provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://provider');
  if (pathname === '/behave') {
    behaviour = JSON.parse(await text(request));
    return response.end();
  }
  if (pathname.startsWith('/interaction/')) return interact(request, response);
  if (!pathname.startsWith(REALM)) return response.writeHead(404).end();
  if (behaviour.hangsUpAt !== undefined && pathname.endsWith(behaviour.hangsUpAt)) return request.socket.destroy();
  // As frameworks do that serve a part of their addresses by another program.
  request.originalUrl = request.url;
  request.url = request.url.slice(REALM.length);
  return answer(request, response);
}).listen(Number(port), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true })}\n`));
process.once('SIGTERM', () => process.exit());
