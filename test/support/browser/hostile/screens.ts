import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDocument } from '../../../../gateway/openapi/document.js';
import { ROOT } from '../../source-tree.js';

const SOURCES = readdirSync(join(ROOT, 'web/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => readFileSync(join(ROOT, 'web/src', file), 'utf8'));
const PAGES = readFileSync(join(ROOT, 'web/src/layout/pages.ts'), 'utf8');

/** Every screen that the pages' sources have a route for: `/audit/record/:id`. */
export function screensOfSources(): string[] {
  const pages = [...PAGES.matchAll(/path: '(\/[\w-]+)'[^]*?'\.\.\/(pages\/.+?)\.js'/g)];
  const below = pages.flatMap(([, path = '', file = '']) => {
    const source = readFileSync(join(ROOT, 'web/src', `${file}.tsx`), 'utf8');
    return [path, ...[...source.matchAll(/<Route\s+path="([^"]+)"/g)].map(([, part = '']) => `${path}/${part}`)];
  });
  const app = readFileSync(join(ROOT, 'web/src/app/app.tsx'), 'utf8');
  const own = [...app.matchAll(/<Route\s+path="(\/[^"]*)"/g)].map(([, path = '']) => path);
  return [...own, ...below].filter((path) => !path.endsWith('*')).sort(); // `*` is what no screen has.
}

/** The name of every entry that forms and dialogs have, as the page gives it to the element. */
export function entriesOfSources(): string[] {
  const named = SOURCES.flatMap((source) => [
    ...source.matchAll(/<Form\.Item\s[^>]*?\bname="(\w+)"/g),
    ...source.matchAll(/<(?:Input|FileField)\b[^>]*?\bid="([\w-]+)"/g),
  ]);
  return [...new Set(named.map(([, name = '']) => name))].sort();
}

const OPERATIONS = Object.entries(readDocument().paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({
    name: `${method.toUpperCase()} ${path}`,
    pattern: new RegExp(`^${method.toUpperCase()} ${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    plain: !path.includes('{'),
  })),
);

/** The operation that a request is one of, `GET /v1/evidence/{id}`; `undefined` for what the document does not have. */
export function operationOf(method: string, address: string): string | undefined {
  const request = `${method} ${new URL(address).pathname}`;
  const fitting = OPERATIONS.filter(({ pattern }) => pattern.test(request));
  return (fitting.find(({ plain }) => plain) ?? fitting[0])?.name;
}
