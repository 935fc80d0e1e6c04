import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readDocument } from '../gateway/openapi/document.js';

const ROOT = join(__dirname, '..');

const OPTIONS = ['--immutable', '--empty-objects-unknown', '--root-types', '--root-types-no-schema-prefix'];

/** Writes the types of the OpenAPI document's schemas. @param argv `FILE` instead of `gateway/openapi/types.ts` */
function main([file = join(ROOT, 'gateway', 'openapi', 'types.ts')]: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const document = readDocument();
    const schemas = join(folder, 'openapi.json');
    // Of schemas alone: a caller knows its path, and wants to name what goes and comes.
    writeFileSync(
      schemas,
      JSON.stringify({ ...document, paths: {}, components: { schemas: document.components.schemas } }),
    );
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
