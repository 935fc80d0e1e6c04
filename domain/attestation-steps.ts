import { parseMatter, parseSourceSystem } from './attestation-shapes.js';
import {
  ATTESTATION_ANSWERS,
  ATTESTATION_GROUNDS,
  type AttestationAnswer,
  type AttestationGround,
  CLOSING_OUTCOMES,
  type ClosingOutcome,
  OFFICER_REFUSALS,
  type OfficerRefusal,
  PREVIEW_DECISIONS,
  type PreviewDecision,
  PURGE_GROUNDS,
  type PurgeGround,
  type Resolution,
  RESOLUTIONS,
  WITHDRAWAL_REASONS,
} from './attestation-words.js';
import { type DigestHex, parseSaltedDigest } from './digests.js';
import { type Fields, optional, readInstant, readRequest, readShape, readWord } from './fields.js';
import {
  type AttestationId,
  type EntryId,
  parseAttestationId,
  parseEntryId,
  parseRequestId,
  type RequestId,
} from './ids.js';
import { type LicenseId, parseLicenseId } from './license-id.js';

/** What every step after the request names. */
export interface StepRequest {
  readonly requestId: RequestId;
  readonly attestationId: AttestationId;
}

/** The asked unit's private values, put into its own organisation's collection before it answers. */
export interface DepositRequest extends StepRequest {
  readonly payloadDigest: DigestHex;
}

/** Longest time an answer may be relied on, days. Who needs it longer asks again. */
export const VALIDITY_DAYS_MAX = 366;

export interface AnswerRequest extends StepRequest {
  readonly answer: AttestationAnswer;
  /** 截至时间: the moment that the answer is about. */
  readonly asOf: string;
  readonly sourceSystem: string;
  /** Until when the answer may be accepted and used. */
  readonly validUntil: string;
  /** Salted SHA-256 of what the officer saw; it stays in the asked unit's file. */
  readonly evidenceDigest: DigestHex;
  /** SHA-256 of the private payload, where values are told. */
  readonly payloadDigest?: DigestHex;
}

export interface RefuseRequest extends StepRequest {
  readonly code: OfficerRefusal;
  /** SHA-256 of the private payload that says why in words. */
  readonly payloadDigest?: DigestHex;
}

/** The holder's own word, carried by an officer of the asked unit. */
export interface PreviewRequest extends StepRequest {
  readonly decision: PreviewDecision;
  /** What the holder saw: the answer's digest. */
  readonly digest: DigestHex;
  /** ECDSA P-256 with SHA-256 over `previewText`, IEEE P1363, base64url. */
  readonly signature: string;
}

export interface AcceptRequest extends StepRequest {
  /** What is countersigned: the answer's digest. */
  readonly digest: DigestHex;
}

export interface UseRequest extends StepRequest {
  readonly matter: string;
  /** Salted SHA-256 of the decision's file number: what is flagged when the attestation is withdrawn. */
  readonly decisionReference: DigestHex;
  /** The licence that takes over the one that was let go: its 转入 alone may rest on this use. */
  readonly newLicence?: LicenseId;
}

export interface CloseRequest extends StepRequest {
  readonly outcome: ClosingOutcome;
}

export interface WithdrawRequest extends StepRequest {
  readonly reason: (typeof WITHDRAWAL_REASONS)[number];
}

export interface ObjectAttestationRequest extends StepRequest {
  readonly ground: AttestationGround;
  readonly detailDigest?: DigestHex;
}

export interface ResolveRequest extends StepRequest {
  readonly objectionId: EntryId;
  readonly resolution: Resolution;
  /** Salted SHA-256 of the written answer. */
  readonly documentDigest: DigestHex;
}

export interface PurgeRequest extends StepRequest {
  readonly ground: PurgeGround;
}

const COMMON = ['requestId', 'attestationId'];

/** @throws as all parsers of this file: REQUEST_MALFORMED, ID_MALFORMED, DIGEST_MALFORMED */
export function parseDepositRequest(value: unknown): DepositRequest {
  const fields = readRequest(value, [...COMMON, 'payloadDigest']);
  return { ...readStep(fields), payloadDigest: parseSaltedDigest(fields.payloadDigest) };
}

export function parseAnswerRequest(value: unknown): AnswerRequest {
  const fields = readRequest(value, [
    ...COMMON,
    ...['answer', 'asOf', 'sourceSystem', 'validUntil', 'evidenceDigest', 'payloadDigest'],
  ]);
  return {
    ...readStep(fields),
    answer: readWord(fields.answer, ATTESTATION_ANSWERS, 'answer'),
    asOf: readInstant(fields.asOf, 'asOf'),
    sourceSystem: parseSourceSystem(fields.sourceSystem),
    validUntil: readInstant(fields.validUntil, 'validUntil'),
    evidenceDigest: parseSaltedDigest(fields.evidenceDigest),
    ...readDigest('payloadDigest', fields),
  };
}

export function parseRefuseRequest(value: unknown): RefuseRequest {
  const fields = readRequest(value, [...COMMON, 'code', 'payloadDigest']);
  const code = readWord(fields.code, OFFICER_REFUSALS, 'code');
  return { ...readStep(fields), code, ...readDigest('payloadDigest', fields) };
}

export function parsePreviewRequest(value: unknown): PreviewRequest {
  const fields = readRequest(value, [...COMMON, 'decision', 'digest', 'signature']);
  return {
    ...readStep(fields),
    decision: readWord(fields.decision, PREVIEW_DECISIONS, 'decision'),
    digest: parseSaltedDigest(fields.digest),
    signature: readShape(fields.signature, /^[A-Za-z0-9_-]{86}$/, 'signature', '64 bytes in base64url'),
  };
}

export function parseAcceptRequest(value: unknown): AcceptRequest {
  const fields = readRequest(value, [...COMMON, 'digest']);
  return { ...readStep(fields), digest: parseSaltedDigest(fields.digest) };
}

export function parseUseRequest(value: unknown): UseRequest {
  const fields = readRequest(value, [...COMMON, 'matter', 'decisionReference', 'newLicence']);
  const { newLicence } = fields;
  return {
    ...readStep(fields),
    matter: parseMatter(fields.matter),
    decisionReference: parseSaltedDigest(fields.decisionReference),
    ...optional('newLicence', newLicence === undefined ? undefined : parseLicenseId(newLicence, { legacy: true })),
  };
}

export function parseCloseRequest(value: unknown): CloseRequest {
  const fields = readRequest(value, [...COMMON, 'outcome']);
  return { ...readStep(fields), outcome: readWord(fields.outcome, CLOSING_OUTCOMES, 'outcome') };
}

export function parseWithdrawRequest(value: unknown): WithdrawRequest {
  const fields = readRequest(value, [...COMMON, 'reason']);
  return { ...readStep(fields), reason: readWord(fields.reason, WITHDRAWAL_REASONS, 'reason') };
}

export function parseObjectAttestationRequest(value: unknown): ObjectAttestationRequest {
  const fields = readRequest(value, [...COMMON, 'ground', 'detailDigest']);
  const ground = readWord(fields.ground, ATTESTATION_GROUNDS, 'ground');
  return { ...readStep(fields), ground, ...readDigest('detailDigest', fields) };
}

export function parseResolveRequest(value: unknown): ResolveRequest {
  const fields = readRequest(value, [...COMMON, 'objectionId', 'resolution', 'documentDigest']);
  return {
    ...readStep(fields),
    objectionId: parseEntryId('AO', fields.objectionId),
    resolution: readWord(fields.resolution, RESOLUTIONS, 'resolution'),
    documentDigest: parseSaltedDigest(fields.documentDigest),
  };
}

export function parsePurgeRequest(value: unknown): PurgeRequest {
  const fields = readRequest(value, [...COMMON, 'ground']);
  return { ...readStep(fields), ground: readWord(fields.ground, PURGE_GROUNDS, 'ground') };
}

function readStep(fields: Fields): StepRequest {
  return { requestId: parseRequestId(fields.requestId), attestationId: parseAttestationId(fields.attestationId) };
}

function readDigest<Name extends string>(name: Name, fields: Fields): { [key in Name]?: DigestHex } {
  const value = fields[name];
  return optional(name, value === undefined ? undefined : parseSaltedDigest(value));
}
