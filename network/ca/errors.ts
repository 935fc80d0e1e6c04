/** A certification authority's folder exists but holds no usable certificate and key. */
export type MaterialErrorCode = 'AUTHORITY_BROKEN';

/** Cryptographic material that cannot be used and is not replaced by itself, since everything below would change. */
export class MaterialError extends Error {
  override readonly name = 'MaterialError';
  readonly code: MaterialErrorCode;

  /** @param reason what was found, where, and what to do; follows the code in `message`. */
  constructor(code: MaterialErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.code = code;
  }
}
