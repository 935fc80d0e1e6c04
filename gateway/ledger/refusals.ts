import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';

import { DomainError, type ErrorDetails, findDomainError } from '../../domain/errors.js';

/** Seconds after which a caller may try again, for `Retry-After`. */
export const RETRY_AFTER_S = 2;

const OUTAGE_CODES: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.RESOURCE_EXHAUSTED,
]);

/** What peers say when others, or a chaincode, cannot be reached (Fabric internal/pkg/gateway and core/chaincode). */
const OUTAGE_TEXTS = [
  'no combination of peers can be derived',
  'no peers available',
  'could not launch chaincode',
  'error creating grpc connection',
  'chaincode stream terminated',
  'timeout expired while executing',
  'ECONNREFUSED',
];

/**
 * What peers say of a signer whom they do not accept: unknown authority, foreign key, expired certificate, no right to
 * write (Fabric core/endorser/msgvalidation.go, core/handlers/auth/filter/expiration.go and core/policy/policy.go).
 */
const IDENTITY_TEXTS = [
  'access denied: channel',
  'proposal client identity expired',
  'Failed evaluating policy on signed data',
];

/**
 * What a peer's gateway says when an envelope was acknowledged by fewer orderers than a quorum, or by none. Those that
 * live may order it later (Fabric internal/pkg/gateway/submit.go).
 */
const NO_QUORUM_TEXTS = ['insufficient number of orderers', 'no orderers could', 'no orderer nodes available'];

const UNREACHABLE: number = status.UNAVAILABLE;
const DISAGREEMENT = 'failed to collect enough transaction endorsements';
const ENDORSERS_TEXT_MAX = 600;

/**
 * Writes any failure of a call as a refusal. A contract's own refusal is found in the message or, where Fabric hides it
 * behind "see attached details", in any endorser's message. An outage is never a refusal: nobody could look.
 * @param error what fabric-gateway threw. @returns the error itself where it is a bug of ours.
 */
export function toRefusal(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof GatewayError)) return error;
  const texts = textsOf(error);
  for (const text of texts) {
    const refusal = findDomainError(text);
    if (refusal !== undefined) return refusal;
  }
  if (IDENTITY_TEXTS.some((part) => texts.some((text) => text.includes(part)))) {
    return new DomainError('IDENTITY_REFUSED', { wanted: 'a certificate that the channel accepts' }, { cause: error });
  }
  if (isOutage(error)) return new DomainError('UNVERIFIABLE_NOW', { retryAfter: RETRY_AFTER_S }, { cause: error });
  return new DomainError('LEDGER_REFUSED', endorserTexts(error), { cause: error });
}

/** Whether too few orderers acknowledged a transaction, which may be ordered all the same. */
export function isWithoutQuorum(error: unknown): boolean {
  return error instanceof GatewayError && NO_QUORUM_TEXTS.some((part) => error.message.includes(part));
}

/** Whether the peer could not be reached, so that nothing happened and another attempt may do better. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof GatewayError && UNREACHABLE === error.code;
}

/**
 * Whether this organisation's peer endorsed and another did not agree: it may only be a block behind, so a new
 * attempt is worth while, as with a read conflict (Fabric internal/pkg/gateway/endorse.go).
 */
export function isDisagreement(error: unknown): boolean {
  return error instanceof GatewayError && error.message.includes(DISAGREEMENT);
}

/** Whether somebody could not be reached: the peer itself, or others or a chaincode behind it. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const texts = textsOf(error);
  return OUTAGE_CODES.has(error.code) || OUTAGE_TEXTS.some((part) => texts.some((text) => text.includes(part)));
}

function textsOf(error: GatewayError): string[] {
  return [error.message, ...error.details.map(({ message }) => message)];
}

/** Every endorser's message on one line, without addresses: callers need the reason, not the network's layout. */
function endorserTexts(error: GatewayError): ErrorDetails {
  const texts = error.details.map(({ mspId, message }) => `${mspId}: ${message}`);
  return { reason: (texts.length > 0 ? texts.join('; ') : error.cause.details).slice(0, ENDORSERS_TEXT_MAX) };
}
