import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Express, type Router } from 'express';

import { ATTESTATION_ANSWERS, ATTESTATION_REFUSALS, ATTESTATION_STATES } from '../../../domain/attestation-words.js';
import { AUDIT_KINDS } from '../../../domain/audit-filter.js';
import { ERROR_CODES } from '../../../domain/errors.js';
import { EVIDENCE_KINDS } from '../../../domain/evidence.js';
import { createApp } from '../../../gateway/http/server.js';
import { Contract, type RequestParts } from '../../../gateway/openapi/contract.js';
import { readDocument } from '../../../gateway/openapi/document.js';
import { SCHEMA_WORDS } from '../../../gateway/openapi/words.js';
import { type GatewayParts } from '../../../gateway/parts.js';
import { ROOT } from '../../support/source-tree.js';
import { outage } from './support/fake-ledger.js';
import { GatewayBench } from './support/gateway-bench.js';
import { openObjects } from './support/open-objects.js';
import { registerBody } from './support/records.js';

const document = readDocument();
const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** Every method and path that express would serve, of the interface: pages and their files are no part of it. */
function routesOf(app: Express): string[] {
  const routers = app.router.stack.map(({ handle }) => handle as unknown as Partial<Router>);
  return routers
    .flatMap(({ stack = [] }) => stack)
    .flatMap(({ route }) =>
      (route?.path.startsWith('/docs') === true ? [] : (route?.stack ?? [])).flatMap(({ method }) =>
        (method as string | undefined) === undefined
          ? []
          : [`${method.toUpperCase()} ${route?.path.replaceAll(/:(\w+)/g, '{$1}') ?? ''}`],
      ),
    );
}

describe('the OpenAPI document', () => {
  let bench: GatewayBench;
  beforeAll(async () => {
    bench = await GatewayBench.start();
  });
  afterAll(async () => {
    await bench.close();
  });

  test('names every route of the interface, and no other', () => {
    // Receipts are optional in a gateway, not in its interface.
    const app = createApp({ ...bench.parts, receipts: {} } as unknown as GatewayParts);
    expect([...new Set(routesOf(app))].sort()).toEqual([...documented].sort());
  });

  test('has one name for each operation, and refers to nothing that is not there', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    const missing = references.filter(([, kind = '', name = '']) => !(name in (document.components[kind] ?? {})));
    expect(missing.map(([text]) => text)).toEqual([]);
    expect(references.length).toBeGreaterThan(100);
  });

  test('gave the types that are checked in', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'types-')), 'types.ts');
    const run = [join(ROOT, 'node_modules/ts-node/dist/bin.js'), join(ROOT, 'scripts/write-openapi-types.ts'), file];
    execFileSync(process.execPath, run, {
      cwd: ROOT,
      stdio: 'pipe',
      env: { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') },
    });
    // Format is prettier's, which finds its settings beside the file alone.
    const words = (path: string) => readFileSync(path, 'utf8').replaceAll(/["'\s|;,]/g, '');
    expect(words(file)).toBe(words(join(ROOT, 'gateway/openapi/types.ts')));
  }, 60_000);

  test('is shown at /docs under the policy of pages, whole and without a script', async () => {
    const response = await fetch(`${bench.url}/docs`);
    const text = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    for (const path of documented) expect(text).toContain(`<h3><code>${path}</code></h3>`);
    expect(text).toContain('<li><code>web-page</code> 网页 · web page</li>');
    expect(text).toContain('<code>ROLE_NOT_ALLOWED</code> 403');
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, name = '']) => name);
    expect([...new Set(links)].filter((name) => !text.includes(`id="${name}"`))).toEqual([]);
    expect(text).not.toMatch(/<script|<style| style=| on\w+=|https?:/);
    expect((await fetch(`${bench.url}/docs/reference.css`)).headers.get('content-type')).toContain('text/css');
    expect(await (await fetch(`${bench.url}/docs/openapi.json`)).json()).toEqual(document);
  });

  test('every path parameter is declared', () => {
    const strays = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { parameters = [] }]) => {
          const names = parameters.map(({ $ref }) => document.components.parameters[$ref.split('/').at(-1) ?? '']);
          const declared = names.filter((each) => each?.in === 'path').map((each) => each?.name);
          return (
            declared.sort().join() !==
            [...path.matchAll(/\{(\w+)\}/g)]
              .map(([, name]) => name)
              .sort()
              .join()
          );
        })
        .map(([method]) => `${method} ${path}`),
    );
    expect(strays).toEqual([]);
  });
});

describe('a request that the parsers take and the document does not', () => {
  test('never reaches the ledger, and is refused by a known code', async () => {
    const bench = await GatewayBench.start();
    try {
      const checked = jest.spyOn(Contract.prototype, 'checkRequest');
      checked.mockReturnValue({ where: 'body/kind', wanted: 'something else' });
      const { status, body } = await bench.call('clerk', 'POST', '/v1/evidence', registerBody('a'));
      expect([status, body.code, body.where]).toEqual([400, 'REQUEST_MALFORMED', 'body/kind']);
      expect(bench.ledger.calls).toEqual([]);
      expect((await bench.call('auditor', 'GET', '/v1/audit/events')).status).toBe(400);
      checked.mockRestore();
      expect((await bench.call('clerk', 'POST', '/v1/evidence', registerBody('a'))).status).toBe(201);
    } finally {
      await bench.close();
    }
  });

  const contract = new Contract(document);
  test.each<[string, string, object, unknown, string | undefined]>([
    ['POST', '/v1/evidence', {}, registerBody('a'), undefined],
    ['POST', '/v1/evidence', {}, { ...registerBody('a'), note: 'x' }, 'body'],
    ['POST', '/v1/evidence', {}, { ...registerBody('a'), kind: 'poem' }, 'body/kind'],
    ['POST', '/v1/evidence', { a: '1' }, registerBody('a'), 'query'],
    ['GET', '/v1/audit/statistics', {}, undefined, 'query'],
    ['GET', '/v1/audit/statistics', { by: 'org' }, undefined, undefined],
    ['GET', '/v1/nothing', {}, undefined, 'path'],
    ['POST', '/v1/attestations/:id/close', {}, { outcome: 'granted' }, undefined],
    ['POST', '/v1/attestations/:id/close', {}, { outcome: 'perhaps' }, 'body/outcome'],
  ])('%s %s %j %j', (method, path, query, body, where) => {
    const ids = { id: 'AT5a1fe0bb0e8e6e923885ad7605124699' };
    const named = path.includes(':id') ? { path: ids } : {};
    expect(contract.checkRequest(method, path, { ...named, query, body })?.where).toBe(where);
  });
});

describe('a request', () => {
  const contract = new Contract(document);
  const id = 'EV322c1fe90d8e6e923885ad760512469a';
  test.each<[string, RequestParts, string | undefined]>([
    ['GET', { path: { id } }, undefined],
    ['GET', { path: { id: 'EV1' } }, 'path/id'],
    ['GET', { path: { id, more: 'x' } }, 'path'],
    ['GET', { path: {} }, 'path'],
  ])('is held in its path: %s %j', (method, parts, where) => {
    expect(contract.checkRequest(method, '/v1/evidence/:id', parts)?.where).toBe(where);
  });

  test('is held in the headers that the document names, and in no other', () => {
    const check = (header: object) =>
      contract.checkRequest('POST', '/v1/evidence', { header: { ...header }, body: registerBody('a') })?.where;
    expect(check({ accept: '*/*', 'idempotency-key': '6f1c0c52-5b8e-4c5f-9d3a-2b7c1f0e8a44' })).toBeUndefined();
    expect(check({ 'idempotency-key': 'again' })).toBe('header/idempotency-key');
  });
});

describe('a body', () => {
  test('of bytes is not held to the schema of JSON, where the document has it', () => {
    const contract = new Contract(document);
    const check = (path: string, type: string) =>
      contract.checkRequest('POST', path, { header: { 'content-type': type } })?.where;
    expect(check('/v1/verify', 'application/octet-stream')).toBeUndefined();
    expect(check('/v1/verify', 'application/json; charset=utf-8')).toBe('body');
    expect(check('/v1/evidence', 'application/octet-stream')).toBe('body');
  });
});

describe('closed lists', () => {
  test.each(Object.entries(SCHEMA_WORDS))('%s is told word by word at /docs', (name, words) => {
    const listed = document.components.schemas[name]?.enum as readonly string[] | undefined;
    expect(listed?.filter((word) => words[word] === undefined)).toEqual([]);
  });

  test.each([
    ['ErrorCode', ERROR_CODES],
    ['ActKind', AUDIT_KINDS],
    ['EvidenceKind', EVIDENCE_KINDS],
    ['AttestationState', ATTESTATION_STATES],
    ['AttestationRefusal', ATTESTATION_REFUSALS],
    ['AttestationAnswer', ATTESTATION_ANSWERS],
  ] as const)('%s has the words of domain/, and no other', (name, words) => {
    expect([...(document.components.schemas[name]?.enum as string[])].sort()).toEqual([...words].sort());
  });
});

describe('the schemas', () => {
  test('describe every object whole, so that a member that they lack is seen', () => {
    expect(openObjects(document)).toEqual([]);
  });
});

describe('answers', () => {
  const contract = new Contract(document);
  test('are held to the document, problems too', () => {
    expect(contract.checkAnswer('GET', '/healthz', 200, { status: 'up', name: 'a' })).toBeUndefined();
    expect(contract.checkAnswer('GET', '/healthz', 200, { status: 'down', name: 'a' })?.where).toBe('answer/status');
    expect(contract.checkAnswer('GET', '/healthz', 302, {})?.where).toBe('status');
    expect(contract.checkAnswer('GET', '/healthz', 404, { title: 'x' })?.where).toBe('answer');
  });

  test('a misfit in development is logged and answered all the same; in tests it is a bug', async () => {
    const bench = await GatewayBench.start();
    try {
      bench.ledger.failure = outage();
      expect((await bench.call(undefined, 'GET', '/readyz')).status).toBe(503);
      bench.ledger.failure = undefined;
      bench.ledger.answers.set('evidence:get', () => ({ found: true, record: 7 }));
      const { status } = await bench.call('clerk', 'GET', '/v1/evidence/EV322c1fe90d8e6e923885ad760512469a');
      expect(status).toBe(500);
      expect(bench.logged.join('')).toContain('does not fit gateway/openapi.yaml');
    } finally {
      await bench.close();
    }
  });
});
