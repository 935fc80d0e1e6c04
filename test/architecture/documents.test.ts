import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

import { importsOf, readSource, ROOT } from '../support/source-tree.js';

const FOLDERS_OF_CODE = 'domain|chaincode|gateway|network|cli|scripts|test|docs';
const PATH_IN_TEXT = new RegExp(`\`((?:${FOLDERS_OF_CODE})/[A-Za-z0-9._/-]*)\``, 'g');

/** Every document of the project: Markdown at the root and below docs/. */
function documents(): string[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  return [...readdirSync(ROOT), ...below].filter((name) => name.endsWith('.md'));
}

function decisions(): string[] {
  return documents().filter((name) => name.startsWith('docs/adr/'));
}

/** Targets of a document's links, without those that lead out of the project. */
function linksOf(file: string): string[] {
  return [...readSource(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => posix.join(dirname(file), target));
}

/** Rows of the table whose header begins with these titles, cells without backticks. */
function tableOf(file: string, titles: readonly string[]): string[][] {
  const lines = readSource(file).split('\n');
  const start = lines.findIndex((line) => titles.every((title, index) => cellsOf(line)[index] === title));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return start < 0 ? [] : rows.slice(0, end < 0 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function plain(cell = ''): string {
  return cell.replaceAll('`', '');
}

function listOf(cell = ''): string[] {
  return plain(cell)
    .split(', ')
    .filter((name) => name !== '');
}

/** The table that imports.test.ts holds the parts to, read from its source. */
function wallsInTest(): Record<string, string[]> {
  const name = 'test/architecture/imports.test.ts';
  const source = ts.createSourceFile(name, readSource(name), ts.ScriptTarget.Latest, true);
  const walls: Record<string, string[]> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'MAY_IMPORT' && node.initializer !== undefined) {
      for (const property of (node.initializer as ts.ObjectLiteralExpression).properties) {
        const [key, value] = property.getText().split(/:\s*(?=\[)/);
        walls[key ?? ''] = [...(value ?? '').matchAll(/'([^']+)'/g)].map(([, part = '']) => part);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return walls;
}

describe('the documents', () => {
  test('every link leads to a file', () => {
    const broken = documents().flatMap((file) =>
      linksOf(file)
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('every file and folder that a text names is there', () => {
    const missing = documents().flatMap((file) =>
      [...readSource(file).matchAll(PATH_IN_TEXT)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  test('every decision record has a number of its own, has its four parts and a link from the index', () => {
    const names = decisions();
    const numbers = names.map((name) => /\/(\d{4})-/.exec(name)?.[1]);
    expect(new Set(numbers).size).toBe(names.length);
    expect(numbers).not.toContain(undefined);
    const parts = ['\nStatus: ', '\n## Context', '\n## Decision', '\n## Consequences'];
    expect(names.filter((name) => !parts.every((part) => readSource(name).includes(part)))).toEqual([]);
    const linked = linksOf('docs/README.md');
    expect(names.filter((name) => !linked.includes(name))).toEqual([]);
  });

  test('every installed package is named in a decision record', () => {
    const text = decisions().map(readSource).join('\n');
    const { dependencies, devDependencies } = JSON.parse(readSource('package.json')) as Record<string, object>;
    const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const file = 'ARCHITECTURE.md';

  test('the life of one seal names symbols that stand in their files', () => {
    const rows = tableOf(file, ['Step', 'File', 'Symbol']);
    expect(rows.length).toBeGreaterThan(10);
    const strays = rows.filter(([, path, symbol]) => !readSource(plain(path)).includes(plain(symbol)));
    expect(strays).toEqual([]);
  });

  test('the code map allows what the walls allow, and lists the packages that are used', () => {
    const rows = tableOf(file, ['Part', 'Owns', 'Does not own', 'May import', 'Packages']);
    const allowed = rows.map(([part, , , imports]) => [plain(part), listOf(imports)]);
    expect(Object.fromEntries(allowed)).toEqual(wallsInTest());
    const documented = rows.map(([part, , , , packages]) => [plain(part), listOf(packages)]);
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(rows.map(([part]) => [plain(part), packagesOf(plain(part))])),
    );
  });

  test('every invariant names a test that is there', () => {
    const rows = tableOf(file, ['No.', 'Always true', 'Test file', 'Title says']);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.map(([number]) => number)).toEqual(rows.map((_, index) => `I${index + 1}`));
    const strays = rows.filter(([, , path, title]) => !readSource(plain(path)).includes(title ?? ''));
    expect(strays).toEqual([]);
  });
});

/** Outside packages that a part imports, sorted, without Node's own modules. */
function packagesOf(part: string): string[] {
  const names = importsOf(part)
    .filter(({ relative, target }) => !relative && !target.startsWith('node:'))
    .map(({ target }) => target.split('/').slice(0, target.startsWith('@') ? 2 : 1))
    .map((segments) => segments.join('/'));
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}
