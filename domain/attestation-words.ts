/** 共享属性 of an item: answered to whoever may ask, only where its conditions hold, or not at all. */
export const SHAREABILITIES = ['unconditional', 'conditional', 'none'] as const;
export type Shareability = (typeof SHAREABILITIES)[number];

/** On what an answer may be given: the holder's own consent, or a duty that a law puts on the asking unit. */
export const ATTESTATION_BASES = ['consent', 'statutory-duty'] as const;
export type AttestationBasis = (typeof ATTESTATION_BASES)[number];

/** 应用场景: what the answer is wanted for. The longer text travels in the private payload. */
export const ATTESTATION_PURPOSES = [
  'licensing',
  'registration',
  'qualification-check',
  'benefit',
  'enforcement',
  'judicial',
] as const;
export type AttestationPurpose = (typeof ATTESTATION_PURPOSES)[number];

/** 核验结论: 一致, 不一致, 部分一致, 有效, 无效, 查无, 无法核验. Never the record itself where one of these is enough. */
export const ATTESTATION_ANSWERS = [
  'CONSISTENT',
  'INCONSISTENT',
  'PARTLY_CONSISTENT',
  'VALID',
  'INVALID',
  'NOT_ON_FILE',
  'CANNOT_VERIFY',
] as const;
export type AttestationAnswer = (typeof ATTESTATION_ANSWERS)[number];

/** Refusals that follow from the catalogue alone; the contract itself gives them, in this order. */
export const CHECK_REFUSALS = [
  'ITEM_NOT_SHARED',
  'REQUESTER_NOT_ENTITLED',
  'MATTER_NOT_ALLOWED',
  'FIELDS_NOT_ALLOWED',
  'BASIS_NOT_ALLOWED',
] as const;
export type CheckRefusal = (typeof CHECK_REFUSALS)[number];

/** Refusals that an officer of the asked unit gives. */
export const OFFICER_REFUSALS = [
  'SUBJECT_UNCLEAR',
  'NOT_COMPETENT',
  'LEGAL_BASIS_INSUFFICIENT',
  'PURPOSE_MISMATCH',
  'CONSENT_DOUBTFUL',
  'UNDER_SECRECY',
] as const;
export type OfficerRefusal = (typeof OFFICER_REFUSALS)[number];

/** 拒绝代码: why an attestation was not given; every refusal has one. */
export type AttestationRefusal = CheckRefusal | OfficerRefusal;
/** All refusals, the contract's own first. */
export const ATTESTATION_REFUSALS: readonly AttestationRefusal[] = [...CHECK_REFUSALS, ...OFFICER_REFUSALS];

/** What the holder says about what is to be sent (EU once-only technical system, preview). */
export const PREVIEW_DECISIONS = ['released', 'rejected'] as const;
export type PreviewDecision = (typeof PREVIEW_DECISIONS)[number];

/** 办结: what became of the matter that the attestation was used for. */
export const CLOSING_OUTCOMES = ['granted', 'denied', 'abandoned'] as const;
export type ClosingOutcome = (typeof CLOSING_OUTCOMES)[number];

/** 撤回理由 that an officer may give. */
export const WITHDRAWAL_REASONS = ['source-corrected', 'wrong-subject', 'issued-in-error', 'court-order'] as const;
/** Why an attestation no longer stands; the last one follows from an objection. */
export type WithdrawalReason = (typeof WITHDRAWAL_REASONS)[number] | 'objection-upheld';

/** 异议理由 against an attestation. */
export const ATTESTATION_GROUNDS = [
  'wrong-subject',
  'wrong-answer',
  'out-of-date',
  'no-consent',
  'over-scope',
] as const;
export type AttestationGround = (typeof ATTESTATION_GROUNDS)[number];

/** 异议处理: `upheld` withdraws the attestation, `rejected` lets it stand. */
export const RESOLUTIONS = ['upheld', 'rejected'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** 删除理由: why the private payloads are purged (PIPL article 47). */
export const PURGE_GROUNDS = ['purpose-achieved', 'retention-ended', 'consent-withdrawn', 'unlawful'] as const;
export type PurgeGround = (typeof PURGE_GROUNDS)[number];

/** 核验状态. Overdue, escalated and expired are no states: they follow from the time at which somebody reads. */
export const ATTESTATION_STATES = [
  'REQUESTED',
  'REFUSED',
  'ATTESTED',
  'REJECTED_BY_HOLDER',
  'ACCEPTED',
  'USED',
  'CLOSED',
  'DISPUTED',
  'WITHDRAWN',
] as const;
export type AttestationState = (typeof ATTESTATION_STATES)[number];
