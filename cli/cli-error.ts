/** Refusals that arise in the command itself; the gateway's own codes stand in `domain/errors.ts`. */
export const CLI_ERROR_CODES = ['USAGE', 'USER_UNKNOWN', 'FILE_UNREADABLE', 'NETWORK_DOWN', 'REPLY_MALFORMED'] as const;

/** One of {@link CLI_ERROR_CODES}. */
export type CliErrorCode = (typeof CLI_ERROR_CODES)[number];

/** A refusal of the command; `details.wanted` says what would have been right. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: CliErrorCode, details: CliError['details'], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(details)}`, options);
    this.code = code;
    this.details = details;
  }
}

/** What a failed read of a file that the caller named becomes; a refusal stays what it is. */
export function unreadable(file: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const { code = 'unknown' } = error as { code?: string }; // Every error of node:fs names its system code.
  return new CliError('FILE_UNREADABLE', { file, reason: code, wanted: 'a file that may be read' }, { cause: error });
}
