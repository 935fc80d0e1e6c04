import { readFileSync } from 'node:fs';

import { type z } from 'zod';

/** A gateway that cannot start as it is configured. For whoever runs it, at start-up; no caller ever sees it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  /** The file that is to be mended. */
  readonly path: string;
  /** Member by member, what should stand there. */
  readonly wanted: string;

  constructor(path: string, wanted: string, options?: ErrorOptions) {
    super(`CONFIG_INVALID ${path}: ${wanted}`, options);
    this.path = path;
    this.wanted = wanted;
  }

  /** Reads a JSON file by its schema. The error names members and what was wanted, never the values found. @throws this */
  static parse<Schema extends z.ZodType>(schema: Schema, path: string): z.infer<Schema> {
    const result = schema.safeParse(readJson(path));
    if (result.success) return result.data;
    const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
    throw new ConfigError(path, issues.join('; '));
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new ConfigError(path, 'a file of JSON that can be read', { cause });
  }
}
