import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { GatewayBench } from './support/gateway-bench.js';

const INDEX = '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script src="/assets/app-1a.js"></script>';
const SCRIPT = 'export const words = "核验";'.repeat(40);

let folder: string;
let bench: GatewayBench;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  bench = await GatewayBench.start({}, () => ({ pages: join(folder, 'web') }));
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

/** As a browser sends it, with the body as it came: `fetch` would undo the compression. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, string | undefined>; bytes: Buffer }>(
    (resolve, reject) => {
      const sent = request({ port: new URL(bench.url).port, path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode = 0, headers: given } = response;
          resolve({ status: statusCode, headers: given as never, bytes: Buffer.concat(chunks) });
        });
      });
      sent.on('error', reject).end();
    },
  );
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('a gateway whose pages are not built', () => {
  test('says how to build them, in both languages, and serves its interface', async () => {
    const { status, headers, bytes } = await get('/', asBrowser);
    expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(bytes.toString()).toContain('npm run build:web');
    expect(bytes.toString()).toContain('尚未构建');
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('built pages', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
    mkdirSync(join(folder, 'web', 'assets', 'no-file.js.br'));
    writeFileSync(join(folder, 'secret.txt'), 'SECRET');
    writeFileSync(join(folder, 'web', '.env'), 'SECRET');
    writeFileSync(join(folder, 'web', 'index.html'), INDEX);
    writeFileSync(join(folder, 'web', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    writeFileSync(join(folder, 'web', 'verify.html'), '<!doctype html><script>verify()</script>');
    const script = join(folder, 'web', 'assets', 'app-1a.js');
    writeFileSync(script, SCRIPT);
    writeFileSync(`${script}.br`, brotliCompressSync(SCRIPT));
    writeFileSync(`${script}.gz`, gzipSync(SCRIPT));
  });

  test('the offline page is handed over as a file: opened here, the policy would leave it without its script', async () => {
    const { status, headers } = await get('/verify.html', asBrowser);
    expect([status, headers['content-disposition']]).toEqual([200, 'attachment; filename=yinzheng-verify.html']);
    expect((await get('/icon.svg', asBrowser)).headers['content-disposition']).toBeUndefined();
  });

  test.each(['/', '/index.html', '/verify', '/audit/events?kind=config', '/licences/1.2.156.3005.2.11A'])(
    '%s is the one page, found without a restart',
    async (path) => {
      const { status, headers, bytes } = await get(path, asBrowser);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(bytes.toString()).toContain('/assets/app-1a.js');
    },
  );

  test('each answer has a nonce of its own, in the page and in the policy, and is not stored', async () => {
    const seen = await Promise.all(['/', '/verify'].map((path) => get(path, asBrowser)));
    const nonces = seen.map(({ bytes }) => /content="([^"]+)"/.exec(bytes.toString())?.[1] ?? '');
    expect(new Set(nonces).size).toBe(2);
    for (const [index, { headers }] of seen.entries()) {
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonces[index] ?? ''}'; connect-src 'self'; ` +
          "img-src 'self' data: blob:; worker-src 'self' blob:; font-src 'self'; frame-ancestors 'none'; " +
          "base-uri 'none'; form-action 'self'",
      );
      expect(headers['cache-control']).toBe('no-store');
      expect(Buffer.from(nonces[index] ?? '', 'base64')).toHaveLength(18);
    }
  });

  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliCompressSync(SCRIPT)],
    ['gzip', 'gzip', gzipSync(SCRIPT)],
    ['gzip', 'br;q=0, gzip', gzipSync(SCRIPT)],
    [undefined, 'identity', Buffer.from(SCRIPT)],
    [undefined, '', Buffer.from(SCRIPT)],
  ])('a hashed file goes as %s to who takes %p, to be kept for a year', async (coding, accepted, bytes) => {
    const answer = await get('/assets/app-1a.js', { 'accept-encoding': accepted });
    expect([answer.status, answer.headers['content-encoding'], answer.headers.vary]).toEqual([
      200,
      coding,
      'Accept-Encoding',
    ]);
    expect(answer.bytes.equals(bytes)).toBe(true);
    expect(answer.headers['content-type']).toMatch(/^text\/javascript/);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'; style-src 'self'; ");
  });

  test('a file without a hash is asked after each time', async () => {
    const { headers } = await get('/icon.svg');
    expect([headers['cache-control'], headers['content-type']]).toEqual(['no-cache', 'image/svg+xml']);
    expect((await get('/icon.svg', { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
  });

  test.each(['/v1/nothing', '/v1', '/docs/nothing', '/assets/old-2b.js', '/assets/no-file.js', '/metrics/x'])(
    '%s is never the page, whoever asks',
    async (path) => {
      const { status, headers } = await get(path, { ...asBrowser, 'accept-encoding': 'br' });
      expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
      expect(headers['content-encoding']).toBeUndefined();
    },
  );

  test.each(['/nothing.js', '/verify'])('%s is a problem for a program that asks for no HTML', async (path) => {
    expect((await get(path, { accept: '*/*' })).status).toBe(404);
  });

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/.env', '/assets/../../secret.txt', '/%00'])(
    'nothing outside the bundle and nothing hidden: %s',
    async (path) => {
      const { bytes } = await get(path, asBrowser);
      expect(bytes.toString()).not.toContain('SECRET');
    },
  );

  test('HEAD is answered, other methods are not', async () => {
    expect((await get('/', {}, 'HEAD')).bytes).toHaveLength(0);
    expect((await get('/', {}, 'POST')).status).toBe(404);
  });
});
