import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** Root of the checkout. */
export const ROOT = join(__dirname, '../..');

const SOURCE = /\.(ts|tsx|mts|cts|js|mjs|cjs)$/;

/** One import, require, re-export or dynamic import with a fixed name. */
export interface Import {
  /** The importing file, from the root, with forward slashes. */
  readonly file: string;
  /** A path from the root without its ending for a relative import, else the name as written. */
  readonly target: string;
  readonly relative: boolean;
  /** Whether nothing of it exists at run time. */
  readonly typeOnly: boolean;
}

/** Folders at the root that hold sources; tests and what is built or installed are not product parts. */
export function parts(): string[] {
  const others = ['node_modules', 'dist', 'coverage', 'test', 'docs'];
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !others.includes(entry.name))
    .map(({ name }) => name)
    .filter((part) => sourcesOf(part).length > 0);
}

/** Source files under a folder, from the root; none where it does not exist yet. */
export function sourcesOf(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => SOURCE.test(name) && !name.split(sep).includes('node_modules'))
    .map((name) => posix.join(folder, name.split(sep).join('/')))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Text of a file named from the root. */
export function readSource(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Every import of a part. Its examples are outsiders' programs: they show what a part serves and are none of it. */
export function importsOf(part: string): Import[] {
  const own = sourcesOf(part).filter((file) => !file.startsWith(`${part}/examples/`));
  return own.flatMap((file) => readImports(file, readSource(file)));
}

/** @param text the file's source. @returns its imports, in every form that names a module by a literal. */
export function readImports(file: string, text: string): Import[] {
  const typeOnly = namesOfTypeImports(file, text);
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    const isRelative = fileName.startsWith('.');
    const target = isRelative
      ? relative(ROOT, join(ROOT, file, '..', fileName))
          .split(sep)
          .join('/')
      : fileName;
    return { file, target: target.replace(SOURCE, ''), relative: isRelative, typeOnly: typeOnly.has(fileName) };
  });
}

/** Modules of which a file imports types alone. */
function namesOfTypeImports(file: string, text: string): Set<string> {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const imports = statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier, importClause }) => ({
    name: ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '',
    types: isTypeClause(importClause),
  }));
  const values = new Set(imports.filter(({ types }) => !types).map(({ name }) => name));
  return new Set(imports.map(({ name }) => name).filter((name) => !values.has(name)));
}

function isTypeClause(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every(({ isTypeOnly }) => isTypeOnly);
}

/** Where a file loads a module whose name no reader of the source can know. @returns `file:line` */
export function readHiddenImports(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const ownRequire = /(function|const|let|var) require\b/.test(text); // A file's own function of that name loads nothing.
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isLoader(node.expression, ownRequire) && !isLiteral(node.arguments[0])) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLoader(callee: ts.Expression, ownRequire: boolean): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (!ts.isIdentifier(callee)) return false;
  return callee.text === 'createRequire' || (callee.text === 'require' && !ownRequire);
}

function isLiteral(argument: ts.Expression | undefined): boolean {
  return argument !== undefined && ts.isStringLiteralLike(argument);
}
