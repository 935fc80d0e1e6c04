import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type DocumentedOperation,
  type OpenApiDocument,
  readDocument,
  type Schema,
} from '../gateway/openapi/document.js';

const ROOT = join(__dirname, '..');

const OPTIONS = ['--immutable', '--empty-objects-unknown', '--root-types', '--root-types-no-schema-prefix'];

/** Where each operation's schemas stand, by the name of the type that lists them. */
const LISTS: Readonly<Record<string, (operation: DocumentedOperation, path: string) => Schema | undefined>> = {
  Answers: ({ responses }) => jsonOf(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]),
  Bodies: ({ requestBody }) => jsonOf(requestBody),
  Paths: (_, path) => ({ const: path }),
};

/** The document's schemas, and by operation what comes, what goes and where: `Answers['getEvidence']`. */
function schemasOf({ paths, components }: OpenApiDocument): Readonly<Record<string, object>> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => [operation, path] as const),
  );
  const lists = Object.entries(LISTS).map(([name, schemaOf]) => {
    const properties = operations.flatMap(([operation, path]) => {
      const schema = schemaOf(operation, path);
      return schema === undefined ? [] : [[operation.operationId, schema] as const];
    });
    return [
      name,
      { type: 'object', required: properties.map(([id]) => id), properties: Object.fromEntries(properties) },
    ];
  });
  return { ...components.schemas, ...(Object.fromEntries(lists) as object) };
}

function jsonOf(part: DocumentedOperation['responses'][string] | undefined): Schema | undefined {
  return part?.content?.['application/json']?.schema;
}

/** Writes the types of the OpenAPI document's schemas. @param argv `FILE` instead of `gateway/openapi/types.ts` */
function main([file = join(ROOT, 'gateway', 'openapi', 'types.ts')]: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const document = readDocument();
    const schemas = join(folder, 'openapi.json');
    writeFileSync(schemas, JSON.stringify({ ...document, paths: {}, components: { schemas: schemasOf(document) } }));
    const generator = join(ROOT, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
    execFileSync(process.execPath, [generator, schemas, '--output', file, ...OPTIONS], { stdio: 'pipe' });
    execFileSync(process.execPath, [join(ROOT, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), '--write', file], {
      stdio: 'pipe',
      cwd: ROOT,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main(process.argv.slice(2));
