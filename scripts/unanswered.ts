import { existsSync, readFileSync } from 'node:fs';

import { readDocument } from '../gateway/openapi/document.js';

/**
 * Compares what the gateways of a test run answered well with the OpenAPI document. Prints the operations that none did,
 * and exits with 1 where there are some. @param argv `FILE` of lines such as `POST /v1/evidence/:id/custody 201`
 */
function main([file = '']: readonly string[]): void {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const answered = new Set(lines.map((line) => line.replace(/ \d+$/, '').replaceAll(/:(\w+)/g, '{$1}')));
  const documented = Object.entries(readDocument().paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const missing = documented.filter((operation) => !answered.has(operation));
  process.stdout.write(`${documented.length - missing.length} of ${documented.length} operations were answered\n`);
  if (missing.length === 0) return;
  process.stdout.write(`no test was answered:\n${missing.map((operation) => `  ${operation}\n`).join('')}`);
  process.exitCode = 1;
}

main(process.argv.slice(2));
