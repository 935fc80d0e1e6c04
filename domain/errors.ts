/**
 * Every refusal the system can give. Codes are public API: added, never renamed or reused. They travel unchanged from
 * contract to wire, to HTTP problem (RFC 9457), to CLI exit code; `docs/errors.md` lists them for readers.
 */
export const ERROR_CODES = [
  // The request itself.
  'REQUEST_MALFORMED',
  'REQUEST_TOO_LARGE',
  'REQUEST_REUSED',
  'DIGEST_MALFORMED',
  'ALGORITHM_REFUSED',
  'ID_MALFORMED',
  'ROUTE_UNKNOWN',
  'METHOD_NOT_ALLOWED',
  'RATE_EXCEEDED',
  // The caller.
  'UNAUTHENTICATED',
  'SIGN_IN_REFUSED',
  'IDENTITY_REFUSED',
  'ACTOR_MALFORMED',
  'ROLE_NOT_ALLOWED',
  'NOT_OWNER',
  'TIME_SKEW',
  // The record.
  'EVIDENCE_NOT_FOUND',
  'EVIDENCE_SUPERSEDED',
  'STREAM_SEQUENCE',
  'OBJECTION_NOT_FOUND',
  'OBJECTION_OWN_RECORD',
  'OBJECTION_DECIDED',
  'CUSTODY_NOT_HOLDER',
  'CUSTODY_PENDING',
  'CUSTODY_NOT_PENDING',
  'CUSTODY_NOT_RECEIVER',
  'ENTRY_LIMIT',
  // A licence and its use.
  'LICENSE_TYPE_NOT_FOUND',
  'LICENSE_NOT_FOUND',
  'LICENSE_EXISTS',
  'LICENSE_AUTHORITY',
  'LICENSE_STATE',
  'LICENSE_SUPERSEDED',
  'LICENSE_FIELDS',
  'LICENSE_PURGED',
  'LICENSE_DATES',
  'LICENSE_TRANSFER',
  'TRANSFER_ATTESTATION',
  'LICENSE_SCOPE',
  'RENEWAL_LATE',
  'RENEWAL_UNKNOWN',
  'RENEWAL_CLOSED',
  'HOLDER_SIGNATURE',
  'GUARDIAN_REQUIRED',
  'GRANT_NOT_FOUND',
  'GRANT_REVOKED',
  'GRANT_PERIOD',
  'GRANT_MISMATCH',
  'GRANT_EXHAUSTED',
  'CODE_REQUIRED',
  'CODE_EXPIRED',
  'CODE_USED',
  // The cross-region attestation.
  'ATTESTATION_NOT_FOUND',
  'ATTESTATION_ITEM_UNKNOWN',
  'ATTESTATION_NOT_PARTY',
  'ATTESTATION_STATE',
  'ATTESTATION_PAYLOAD',
  'ATTESTATION_PREVIEW',
  'ATTESTATION_SIGNATURE',
  'ATTESTATION_DIGEST',
  'ATTESTATION_EXPIRED',
  'ATTESTATION_MATTER',
  'ATTESTATION_USED',
  'ATTESTATION_DISPUTED',
  'ATTESTATION_LICENCE',
  // The consortium that the contracts ask about their members.
  'CONSORTIUM_UNSET',
  'CONSORTIUM_NOT_MEMBER',
  // The ledger behind the gateway.
  'LEDGER_CONFLICT',
  'LEDGER_REFUSED',
  'LEDGER_BUSY',
  'OUTBOX_FULL',
  'JOB_NOT_FOUND',
  'INVALID_TIMESTAMP',
  'OUTCOME_UNKNOWN',
  'ORDERERS_UNAVAILABLE',
  'UNVERIFIABLE_NOW',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Facts that help the caller to mend the request; never personal data, never an echo of what was sent. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** A refusal the caller can act on. A bug is a plain `Error`. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    // Fabric carries `message` alone from a contract to its client, so code and details must stand in it.
    super(`YINZHENG/${code} ${JSON.stringify(details)}`, options);
    this.code = code;
    this.details = details;
  }
}

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);
const MARK = 'YINZHENG/';
// A code and, after one space, a flat JSON object; a brace inside one of its strings does not end it.
const REFUSAL = /^([A-Z_]+)(?: (\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}))?/;

/**
 * Finds the refusal that a contract threw inside a message that Fabric wrapped around it (a peer prefixes
 * `chaincode response 500, `; a gateway may prefix more).
 * @param message any text. @returns the refusal, or `undefined` where the text carries none of our codes.
 */
export function findDomainError(message: string): DomainError | undefined {
  const start = message.indexOf(MARK);
  if (start < 0) return undefined;
  const match = REFUSAL.exec(message.slice(start + MARK.length));
  const code = match?.[1];
  if (code === undefined || !CODES.has(code)) return undefined;
  return new DomainError(code as ErrorCode, readDetails(match?.[2]));
}

function readDetails(text: string | undefined): ErrorDetails {
  if (text === undefined) return {};
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>).filter(
      (entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]),
    );
    return Object.fromEntries(entries);
  } catch {
    return {}; // Details are a courtesy; the code alone is the contract.
  }
}
