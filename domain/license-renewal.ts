import { type Actor } from './actor.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { readRequest } from './fields.js';
import { parseRequestId, type RequestId, type TxId } from './ids.js';
import { type LicenseId, type LicenseKey, parseLicenseId } from './license-id.js';
import { type ConsentBy, type RenewStatement, type Signed } from './license-use.js';

/** 延续申请, signed by the holder. Unanswered on the last day, it renews the licence by itself. */
export interface Renewal extends Signed<RenewStatement> {
  readonly schema: 'license-renewal/1';
  readonly licenseKey: LicenseKey;
  readonly version: number;
  readonly consentBy: ConsentBy;
  readonly txId: TxId;
  readonly txTime: string;
}

/** 不予延续: the authority's refusal, before the last day is over. Operation 02 is the other answer. */
export interface RefuseRenewalRequest {
  readonly requestId: RequestId;
  readonly licenseId: LicenseId;
  /** Salted digest of the written decision. */
  readonly documentDigest: DigestHex;
}

export interface RenewalRefusal {
  readonly schema: 'license-renewal-refusal/1';
  readonly licenseKey: LicenseKey;
  readonly version: number;
  readonly request: RefuseRenewalRequest;
  readonly actor: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseRefuseRenewalRequest(value: unknown): RefuseRenewalRequest {
  const fields = readRequest(value, ['requestId', 'licenseId', 'documentDigest']);
  return {
    requestId: parseRequestId(fields.requestId),
    licenseId: parseLicenseId(fields.licenseId, { legacy: true }),
    documentDigest: parseSaltedDigest(fields.documentDigest),
  };
}
