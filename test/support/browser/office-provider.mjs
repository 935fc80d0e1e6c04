// office-provider.mjs PORT REDIRECT_URI…: an office's OpenID provider on this machine, for tests of the pages. It asks
// for a name and no password, remembers whom it knows in a cookie, and takes `POST /audience` (a text) for the tokens
// that it then issues. Loaded by Node itself, because the provider is an ES module of its own kind.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { Provider } from 'oidc-provider';

const [port, ...redirectUris] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
let audience;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'yinzheng-pages',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: redirectUris,
    },
  ],
  pkce: { required: () => true },
  clientBasedCORS: (_context, origin, client) => client.redirectUris.some((uri) => new URL(uri).origin === origin),
  cookies: { keys: ['of tests alone'] },
  features: {
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context, resource) => ({
        scope: '',
        audience: audience ?? resource,
        accessTokenFormat: 'jwt',
      }),
    },
  },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  // Whoever signed in has agreed: the client is the office's own.
  loadExistingGrant: async ({ oidc: { client, session } }) => {
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

const FORM = `<!doctype html><html lang="en"><title>Office</title><link rel="icon" href="data:,"><form method="post">
<label>Name <input name="login"></label> <button name="act" value="sign-in">Sign in</button>
<button name="act" value="cancel">Cancel</button></form></html>`;

async function interact(request, response) {
  await provider.interactionDetails(request, response);
  if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/html' }).end(FORM);
  const form = new URLSearchParams(await text(request));
  const result =
    form.get('act') === 'cancel' ? { error: 'access_denied' } : { login: { accountId: form.get('login') ?? '' } };
  return provider.interactionFinished(request, response, result);
}

const answer = provider.callback();
createServer(async (request, response) => {
  if (request.url.startsWith('/interaction/')) return interact(request, response);
  if (request.url !== '/audience') return answer(request, response);
  audience = (await text(request)) || undefined;
  return response.end();
}).listen(Number(port), '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ ready: true })}\n`));
process.once('SIGTERM', () => process.exit());
