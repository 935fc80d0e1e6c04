import { parseMspId } from './actor.js';
import { parseFieldNames, parseItemId, parseMatter, parseProvision } from './attestation-shapes.js';
import {
  ATTESTATION_BASES,
  ATTESTATION_PURPOSES,
  type AttestationBasis,
  type AttestationPurpose,
} from './attestation-words.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { DomainError } from './errors.js';
import { optional, readFields, readFlag, readRequest, readShape, readWord } from './fields.js';
import { parseRequestId, type RequestId } from './ids.js';
import { type LicenseId, parseLicenseId } from './license-id.js';

/** Which item is asked for, and of whom. */
export interface ItemChoice {
  readonly mspId: string;
  readonly itemId: string;
}

/** What one region asks another to attest. Whom it is about stands in the private payload only. */
export interface AttestationRequest {
  readonly requestId: RequestId;
  readonly item: ItemChoice;
  /** 事项编码: the one matter that the answer may be used for. */
  readonly matter: string;
  readonly purpose: AttestationPurpose;
  /** The provision under which the asking unit acts. */
  readonly legalBasis: string;
  readonly basis: AttestationBasis;
  /**
   * The holder's public key for this matter alone, where the holder consents: a P-256 point, 65 bytes uncompressed
   * (SEC 1 section 2.3.3), base64url. A key for each matter, so that matters cannot be put together by it.
   */
  readonly holderKey?: string;
  /** Fields asked for, sorted. */
  readonly fields: readonly string[];
  /** Identifier of the licence asked about, where it is registered on this chain (GB/T 36904). */
  readonly licence?: LicenseId;
  /** SHA-256 of the private payload. */
  readonly payloadDigest: DigestHex;
  /** 承诺: the caller commits itself to truth, compliance and security of the use (上海市数据条例 article 39). */
  readonly commitment: true;
}

const MEMBERS = [
  ...['requestId', 'item', 'matter', 'purpose', 'legalBasis', 'basis', 'holderKey', 'fields', 'licence'],
  ...['payloadDigest', 'commitment'],
];

/** 65 bytes of which the first is 4: the first digit is B, the second one of A to P. */
const HOLDER_KEY = /^B[A-P][A-Za-z0-9_-]{85}$/;

/** @throws REQUEST_MALFORMED, also without commitment, and where key and basis do not fit; ID_MALFORMED, DIGEST_MALFORMED */
export function parseAttestationRequest(value: unknown): AttestationRequest {
  const fields = readRequest(value, MEMBERS);
  const item = readFields(fields.item, ['mspId', 'itemId'], 'item');
  const basis = readWord(fields.basis, ATTESTATION_BASES, 'basis');
  if (!readFlag(fields.commitment, 'commitment')) {
    throw new DomainError('REQUEST_MALFORMED', { where: 'commitment', wanted: 'true' });
  }
  return {
    requestId: parseRequestId(fields.requestId),
    item: { mspId: parseMspId(item.mspId, 'item.mspId'), itemId: parseItemId(item.itemId, 'item.itemId') },
    matter: parseMatter(fields.matter),
    purpose: readWord(fields.purpose, ATTESTATION_PURPOSES, 'purpose'),
    legalBasis: parseProvision(fields.legalBasis, 'legalBasis'),
    basis,
    ...optional('holderKey', readHolderKey(basis, fields.holderKey)),
    fields: parseFieldNames(fields.fields),
    ...optional('licence', fields.licence === undefined ? undefined : parseLicenseId(fields.licence)),
    payloadDigest: parseSaltedDigest(fields.payloadDigest),
    commitment: true,
  };
}

function readHolderKey(basis: AttestationBasis, value: unknown): string | undefined {
  if (basis === 'consent') {
    return readShape(value, HOLDER_KEY, 'holderKey', "the holder's P-256 key for this matter, base64url");
  }
  if (value === undefined) return undefined;
  throw new DomainError('REQUEST_MALFORMED', { where: 'holderKey', wanted: 'no key without consent' });
}
