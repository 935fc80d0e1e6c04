import { type RequestHandler, Router } from 'express';

import { pageFiles, readIndex } from './page-files.js';
import { createNonce, pageSecurity } from './page-security.js';

/** What `index.html` has where the answer's nonce is to stand: `<meta name="csp-nonce" content="__CSP_NONCE__">`. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** Paths that are never a page, whether something lies there or not. */
const NO_PAGE = /^\/(v1|docs|assets|healthz|readyz|metrics)(\/|$)/;

const NOT_BUILT = `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>印证链 Yinzheng</title>
<h1>网页尚未构建 · The pages are not built yet</h1>
<p>本网关的接口在 <code>/v1</code>，一切正常；网页需先构建：</p>
<p lang="en">This gateway's interface below <code>/v1</code> works; its pages have to be built first:</p>
<pre>npm run build:web</pre>
<p>然后刷新本页，无需重启。<span lang="en">Then reload this page; no restart is needed.</span></p>
<p><a href="/docs">接口文档 · API reference</a></p>
</html>
`;

/**
 * The pages of a bundle: its files, and `index.html` with a nonce of its own for every other path that a browser opens,
 * because pages have addresses (`/verify`, `/audit/events`). Never for the interface's paths.
 * @param folder of the bundle; it need not be there yet. @param connects further origins that the pages' scripts ask.
 */
export function pageRoutes(folder: string, connects: readonly string[] = []): Router {
  const page: RequestHandler = async (_request, response) => {
    const nonce = createNonce();
    const index = await readIndex(folder);
    response.set('Content-Security-Policy', pageSecurity(connects, nonce));
    response.status(index === undefined ? 404 : 200).type('html');
    response.send((index ?? NOT_BUILT).replaceAll(NONCE_PLACEHOLDER, nonce));
  };
  const otherPage: RequestHandler = async (request, response, next) => {
    // Licences' numbers have dots, so the name does not tell a page from a file; what a browser opens asks for HTML.
    const opened = request.get('accept')?.includes('text/html') === true;
    if (!opened || NO_PAGE.test(request.path)) next();
    else await page(request, response, next);
  };
  return Router()
    .get(['/', '/index.html'], page)
    .use(pageFiles(folder, pageSecurity(connects)))
    .get('/*path', otherPage);
}
