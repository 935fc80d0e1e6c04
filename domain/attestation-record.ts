import { type Actor } from './actor.js';
import { type AttestationAct } from './attestation-event.js';
import { type AttestationRequest } from './attestation-request.js';
import {
  type AcceptRequest,
  type AnswerRequest,
  type CloseRequest,
  type ObjectAttestationRequest,
  type PreviewRequest,
  type PurgeRequest,
  type RefuseRequest,
  type ResolveRequest,
  type StepRequest,
  type UseRequest,
} from './attestation-steps.js';
import { type AttestationRefusal, type AttestationState, type WithdrawalReason } from './attestation-words.js';
import { type DigestHex } from './digests.js';
import { type AttestationId, type EntryId, type RequestId, type TxId } from './ids.js';

/** Who took a step and in which transaction; `requestId` makes a retry of it harmless. */
export interface StepFacts {
  readonly by: Actor;
  readonly requestId: RequestId;
  readonly txId: TxId;
  readonly txTime: string;
}

type Step<Request extends StepRequest> = StepFacts & Omit<Request, keyof StepRequest>;

/** The published item that a request was made under; later versions do not change it. */
export interface ItemReference {
  readonly mspId: string;
  readonly itemId: string;
  readonly version: number;
  /** The unit that answers. */
  readonly unit: string;
  /** As the item says it. */
  readonly transferOut?: true;
}

/** The steps that a record may hold beside its request, each once. */
export interface AttestationSteps {
  /** By the contract's own check, with the request; or by an officer. */
  readonly refusal?: StepFacts & Pick<RefuseRequest, 'payloadDigest'> & { readonly code: AttestationRefusal };
  /** `digest` is what holder and requester sign: SHA-256 of `attestedContent`. */
  readonly answer?: Step<AnswerRequest> & { readonly digest: DigestHex };
  readonly preview?: Step<PreviewRequest>;
  readonly acceptance?: Step<AcceptRequest>;
  readonly use?: Step<UseRequest>;
  readonly closing?: Step<CloseRequest>;
  /** `flagged` are the decisions that relied on the attestation: 提示重审. */
  readonly withdrawal?: StepFacts & { readonly reason: WithdrawalReason; readonly flagged: readonly DigestHex[] };
  readonly purge?: Step<PurgeRequest>;
}

/** Name of a step in a record. */
export type AttestationStep = keyof AttestationSteps;

/**
 * 跨域核验: one question from one region to another and all that became of it, under one key that the peers of both
 * must endorse.
 */
export interface Attestation extends Omit<AttestationRequest, 'item'>, AttestationSteps {
  readonly schema: 'cross-attestation/1';
  readonly id: AttestationId;
  readonly item: ItemReference;
  readonly requester: Actor;
  readonly txId: TxId;
  readonly txTime: string;
  /**
   * 转出省原证照编号 of a licence that this chain does not hold: SHA-256(salt, 32 bytes ‖ number), salt and number of the
   * private payload; with items about 办理转出 only.
   */
  readonly numberDigest?: DigestHex;
  /** When the answer is due, and when its delay is escalated. */
  readonly dueAt: string;
  readonly escalateAt: string;
  readonly state: AttestationState;
  /** The objection that waits for its answer, and the state to go back to when it is rejected. */
  readonly dispute?: { readonly objectionId: EntryId; readonly resumes: AttestationState };
  /** Objections so far. */
  readonly objections: number;
}

/** 异议 to an attestation, a key of its own beside the record; its resolution is written into it, once. */
export interface AttestationObjection extends Omit<ObjectAttestationRequest, 'requestId'>, StepFacts {
  readonly schema: 'attestation-objection/1';
  readonly id: EntryId;
  readonly resolution?: StepFacts & Pick<ResolveRequest, 'resolution' | 'documentDigest'>;
}

/** What follows from the time at which a record is read. */
export interface AttestationTiming {
  /** RFC 3339: the reading transaction's claimed time. */
  readonly at: string;
  /** 逾期 */
  readonly overdue: boolean;
  /** 升级督办 */
  readonly escalated: boolean;
  /** The answer's time is over, so that it can neither be accepted nor used. */
  readonly expired: boolean;
}

/** One record with its objections, as a read-only call returns it. */
export interface AttestationView {
  readonly record: Attestation;
  readonly objections: readonly AttestationObjection[];
  readonly timing: AttestationTiming;
}

/** A miss is an answer, as in `GetResult`. */
export type AttestationResult =
  { readonly found: false; readonly id: AttestationId } | ({ readonly found: true } & AttestationView);

/** One act on an attestation, derived from the record, so that organisations can sign it. */
export interface AttestationHistoryEntry {
  readonly kind: AttestationAct;
  readonly by: Actor;
  readonly txId: TxId;
  readonly txTime: string;
  /** The objection that the act was about. */
  readonly subject?: string;
}

/** States in which a limit still runs. */
const ANSWER_PENDING: readonly AttestationState[] = ['ATTESTED', 'ACCEPTED'];

/** Pure. @param at RFC 3339 in UTC with milliseconds, so that texts compare as times do. */
export function timingOf({ state, dueAt, escalateAt, answer }: Attestation, at: string): AttestationTiming {
  const waits = state === 'REQUESTED';
  return {
    at,
    overdue: waits && at > dueAt,
    escalated: waits && at > escalateAt,
    expired: ANSWER_PENDING.includes(state) && answer !== undefined && at > answer.validUntil,
  };
}

/**
 * Pure. What both regions sign, as an object for canonical JSON: the question and the answer, and nothing that another
 * step could change.
 */
export function attestedContent(record: Attestation, answer: Omit<AnswerRequest, keyof StepRequest>): object {
  const { id, item, matter, purpose, legalBasis, basis, fields, licence, payloadDigest, numberDigest } = record;
  const asker = { mspId: record.requester.mspId, unit: record.requester.unit };
  const question = { item, matter, purpose, legalBasis, basis, fields, licence, payloadDigest, numberDigest, asker };
  return { schema: 'attested-content/1', id, question, answer };
}

/** Pure. What a holder signs on preview, as an object for canonical JSON. */
export function previewText({
  attestationId,
  decision,
  digest,
}: Omit<PreviewRequest, 'requestId' | 'signature'>): object {
  return { schema: 'attestation-preview/1', attestationId, decision, digest };
}
