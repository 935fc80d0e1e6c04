import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { parse } from 'yaml';

/** A schema of JSON Schema 2020-12, or a reference to one; what it says is ajv's to read. */
export type Schema = Readonly<Record<string, unknown>>;

/** One operation as the document has it. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

/** One answer of an operation. */
export interface DocumentedAnswer {
  /** Of one that components name, instead of the rest. */
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** A parameter that components name. */
export interface DocumentedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** The parts of an OpenAPI 3.1 document that are used here. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly summary: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly parameters: Readonly<Record<string, DocumentedParameter>>;
    readonly responses: Readonly<Record<string, DocumentedAnswer>>;
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly [kind: string]: Readonly<Record<string, object>>;
  };
}

/**
 * Puts `gateway/openapi.yaml` and the files of `gateway/openapi/` together: each adds paths and components of one
 * subject. @throws {Error} where two files name the same path or component: a bug of ours
 */
export function readDocument(): OpenApiDocument {
  const folder = join(packageRoot(), 'gateway');
  const names = readdirSync(join(folder, 'openapi')).filter((name) => name.endsWith('.yaml'));
  const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as OpenApiDocument;
  const whole = read('openapi.yaml');
  for (const name of names.sort()) {
    const { paths, components } = read(join('openapi', name));
    add(whole.paths, paths, name);
    for (const [kind, members] of Object.entries(components)) add(whole.components[kind] ?? {}, members, name);
  }
  return whole;
}

function add(whole: object, more: object, name: string): void {
  const twice = Object.keys(more).filter((key) => key in whole);
  if (twice.length > 0) throw new Error(`${name} says again: ${twice.join(', ')}`);
  Object.assign(whole, more);
}

/** The folder of package.json, above the sources and above `dist/` alike: the document is not compiled. */
function packageRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error('no package.json above this program');
}
