/**
 * Where bytes stopped making sense. `BAD_BYTES` is a protobuf or DER fault on its own; the others name the message that
 * was being read, so that a caller can tell a broken header from a broken read/write set.
 */
export type WireErrorCode =
  | 'BAD_BYTES'
  | 'BAD_BLOCK'
  | 'BAD_METADATA'
  | 'BAD_ENVELOPE'
  | 'BAD_PAYLOAD'
  | 'BAD_HEADER'
  | 'BAD_HEADER_EXTENSION'
  | 'BAD_TRANSACTION'
  | 'BAD_ACTION'
  | 'BAD_EVENT'
  | 'BAD_RWSET'
  | 'BAD_PROPOSAL';

/** The only error that reading outside bytes can raise; `message` never quotes the bytes. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, detail: string, options?: ErrorOptions) {
    super(`WIRE/${code} ${detail}`, options);
    this.code = code;
  }
}

/** Runs `read`; a bare `BAD_BYTES` inside becomes `code`, so the error names the outermost part that was asked for. */
export function readingPart<T>(code: WireErrorCode, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof WireError && cause.code === 'BAD_BYTES') throw new WireError(code, cause.message, { cause });
    throw cause;
  }
}
