import { type Actor } from './actor.js';
import { type DigestHex, type DigestMap, parseDigestMap, parseSaltedDigest } from './digests.js';
import { type Fields, optional, readRequest, readInstant, readWord, readWordOr } from './fields.js';
import { type EvidenceId, parseEvidenceId, parseRequestId, type RequestId, type TxId } from './ids.js';
import { parseStatements, type Statements } from './statements.js';

/** 证据种类 of 民事诉讼法 article 66 as far as they come as files, and what an office records besides. */
export const EVIDENCE_KINDS = ['document', 'audio', 'video', 'image', 'web-page', 'electronic-data', 'report'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** 利害关系 of the submitter in the dispute, 人民法院在线诉讼规则 article 17 (2). */
export const INTERESTS = ['none', 'party', 'undeclared'] as const;
export type Interest = (typeof INTERESTS)[number];

/**
 * Farthest that `claimedAt` may be ahead of the transaction's own time, milliseconds: as far as peers bear clocks to
 * differ. What has not happened yet cannot be evidence.
 */
export const CLAIMED_AHEAD_MS_MAX = 5 * 60 * 1000;

/** What is declared about evidence, whether one file or many. */
export interface Declaration {
  readonly requestId: RequestId;
  readonly kind: EvidenceKind;
  /** Salted SHA-256 of the case number; the court keeps number and salt. */
  readonly caseReference?: DigestHex;
  readonly statements: Statements;
  readonly interest: Interest;
  /** 申报时间: when the caller says the file came to be. A claim, never shown as trusted. */
  readonly claimedAt: string;
}

/** What a caller asks to have recorded. It names no submitter: that is read from the certificate. */
export interface RegisterRequest extends Declaration {
  readonly digests: DigestMap;
}

/** A record as it stands on the chain, for ever: no function changes or deletes it (requirement R07). */
export interface Evidence extends RegisterRequest {
  readonly schema: 'evidence/1';
  readonly id: EvidenceId;
  readonly submitter: Actor;
  readonly txId: TxId;
  /** 交易时间: the transaction's timestamp, which the client chose; peers only check that it is near their clock. */
  readonly txTime: string;
  /** The older record that this one corrects. */
  readonly supersedes?: EvidenceId;
}

/** Names of the members of a {@link Declaration}. */
export const DECLARATION_MEMBERS = [
  'requestId',
  'kind',
  'caseReference',
  'statements',
  'interest',
  'claimedAt',
] as const;
const REGISTER_MEMBERS = ['digests', ...DECLARATION_MEMBERS] as const;

/** A correction is a whole new record that names the old one. */
export interface SupersedeRequest extends RegisterRequest {
  readonly supersedes: EvidenceId;
}

/** @param value text of JSON or a parsed value. @throws REQUEST_MALFORMED, DIGEST_MALFORMED, ALGORITHM_REFUSED, ID_MALFORMED */
export function parseRegisterRequest(value: unknown): RegisterRequest {
  return readRegister(readRequest(value, REGISTER_MEMBERS));
}

/** As {@link parseRegisterRequest}, with `supersedes`. @throws the same codes */
export function parseSupersedeRequest(value: unknown): SupersedeRequest {
  const fields = readRequest(value, [...REGISTER_MEMBERS, 'supersedes']);
  return { ...readRegister(fields), supersedes: parseEvidenceId(fields.supersedes) };
}

function readRegister(fields: Fields): RegisterRequest {
  return { digests: parseDigestMap(fields.digests), ...readDeclaration(fields) };
}

/** What a caller declares about evidence, whether one file or many. @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function readDeclaration(fields: Fields): Declaration {
  return {
    requestId: parseRequestId(fields.requestId),
    kind: readWord(fields.kind, EVIDENCE_KINDS, 'kind'),
    statements: parseStatements(fields.statements),
    interest: readWordOr<Interest>(fields.interest, INTERESTS, 'interest', 'undeclared'),
    claimedAt: readInstant(fields.claimedAt, 'claimedAt'),
    ...optional(
      'caseReference',
      fields.caseReference === undefined ? undefined : parseSaltedDigest(fields.caseReference),
    ),
  };
}
