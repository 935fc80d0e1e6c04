/**
 * Why bytes are no receipt or trust root. Codes are public API: added, never renamed or reused. What is wrong with a
 * well-formed receipt is said by findings (verify/finding-codes.ts), not by these.
 */
export const PROOF_ERROR_CODES = [
  'CBOR_MALFORMED',
  'RECEIPT_MALFORMED',
  'RECEIPT_TOO_LARGE',
  'RECEIPT_VERSION',
  'RECEIPT_CRITICAL_FIELD',
  'RECEIPT_IDENTITY',
  'PROTOBUF_MALFORMED',
  'ANSWER_MALFORMED',
  'CERTIFICATE_MALFORMED',
  'SIGNATURE_MALFORMED',
  'BLOCK_MALFORMED',
  'CONFIG_MALFORMED',
  'CONFIG_CHAIN_BROKEN',
  'CONFIG_UNSUPPORTED',
  'TRUST_ROOT_MALFORMED',
  'TOKEN_MALFORMED',
] as const;

/** One of {@link PROOF_ERROR_CODES}. */
export type ProofErrorCode = (typeof PROOF_ERROR_CODES)[number];

/** Hostile or damaged bytes. The message says where and what was wanted, in English, for the reader of a log. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly code: ProofErrorCode;

  constructor(code: ProofErrorCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}
