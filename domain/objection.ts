import { type Actor } from './actor.js';
import { type DigestHex, type DigestMap, parseDigestMap, parseSaltedDigest } from './digests.js';
import { optional, readRequest, readWord } from './fields.js';
import {
  type EntryId,
  type EvidenceId,
  parseEntryId,
  parseEvidenceId,
  parseRequestId,
  type RequestId,
  type TxId,
} from './ids.js';

/** 异议理由, after 人民法院在线诉讼规则 articles 16 to 18. Longer reasons stay with the court; their salted digest is recorded. */
export const OBJECTION_GROUNDS = [
  'altered-before-recording',
  'source-disputed',
  'identity-disputed',
  'unlawful-collection',
  'contrary-evidence',
] as const;
export type ObjectionGround = (typeof OBJECTION_GROUNDS)[number];

/** 裁定: `upheld`, the objection stands and the record is not relied on; `rejected`, the record stands. */
export const OBJECTION_DECISIONS = ['upheld', 'rejected'] as const;
export type ObjectionDecision = (typeof OBJECTION_DECISIONS)[number];

export interface ObjectRequest {
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  readonly ground: ObjectionGround;
  readonly detailDigest?: DigestHex;
  /** Digests of the contrary evidence. */
  readonly contrary?: DigestMap;
}

export interface DecideRequest {
  readonly requestId: RequestId;
  readonly evidenceId: EvidenceId;
  readonly objectionId: EntryId;
  readonly decision: ObjectionDecision;
  /** Salted SHA-256 of the court's written decision. */
  readonly documentDigest: DigestHex;
}

/** The court's answer, a key of its own beside the objection, which never changes. */
export interface Decision extends DecideRequest {
  readonly schema: 'decision/1';
  readonly court: Actor;
  readonly txId: TxId;
  readonly txTime: string;
}

/** An objection as filed. `decision` is joined when read; absent while it is open. */
export interface Objection extends ObjectRequest {
  readonly schema: 'objection/1';
  readonly id: EntryId;
  readonly objector: Actor;
  readonly txId: TxId;
  readonly txTime: string;
  readonly decision?: Decision;
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED, ALGORITHM_REFUSED */
export function parseObjectRequest(value: unknown): ObjectRequest {
  const fields = readRequest(value, ['requestId', 'evidenceId', 'ground', 'detailDigest', 'contrary']);
  return {
    requestId: parseRequestId(fields.requestId),
    evidenceId: parseEvidenceId(fields.evidenceId),
    ground: readWord(fields.ground, OBJECTION_GROUNDS, 'ground'),
    ...optional('detailDigest', fields.detailDigest === undefined ? undefined : parseSaltedDigest(fields.detailDigest)),
    ...optional('contrary', fields.contrary === undefined ? undefined : parseDigestMap(fields.contrary, 'contrary')),
  };
}

/** @throws REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseDecideRequest(value: unknown): DecideRequest {
  const fields = readRequest(value, ['requestId', 'evidenceId', 'objectionId', 'decision', 'documentDigest']);
  return {
    requestId: parseRequestId(fields.requestId),
    evidenceId: parseEvidenceId(fields.evidenceId),
    objectionId: parseEntryId('OB', fields.objectionId),
    decision: readWord(fields.decision, OBJECTION_DECISIONS, 'decision'),
    documentDigest: parseSaltedDigest(fields.documentDigest),
  };
}
