import { ATTESTATION_ACTS } from '../../domain/attestation-event.js';
import {
  ANSWER_WORDING,
  ATTESTATION_GROUND_WORDING,
  BASIS_WORDING,
  OUTCOME_WORDING,
  PAYLOAD_WORDING,
  PREVIEW_WORDING,
  PURGE_GROUND_WORDING,
  PURPOSE_WORDING,
  REFUSAL_WORDING,
  RESOLUTION_WORDING,
  SHAREABILITY_WORDING,
  STATE_WORDING,
  WITHDRAWAL_WORDING,
} from '../../domain/attestation-wording.js';
import { AUDIT_KINDS } from '../../domain/audit-filter.js';
import { actWording } from '../../domain/audit-wording.js';
import { CUSTODY_PURPOSE_WORDING, TRANSFER_WORDING } from '../../domain/custody-wording.js';
import { ERROR_WORDING } from '../../domain/error-wording.js';
import {
  DECISION_WORDING,
  GROUND_WORDING,
  INTEREST_WORDING,
  KIND_WORDING,
  STANDING_WORDING,
  STATEMENT_WORDING,
  VERDICT_NAMES,
} from '../../domain/evidence-words.js';
import { type Wording } from '../../domain/wording.js';

/** What the words of a closed list mean, by the schema that lists them: the sentences that pages and commands say too. */
export const SCHEMA_WORDS: Readonly<Record<string, Readonly<Record<string, Wording>>>> = {
  ActKind: Object.fromEntries(AUDIT_KINDS.map((kind) => [kind, actWording(kind)])),
  Answered: STATEMENT_WORDING,
  AttestationAct: Object.fromEntries(ATTESTATION_ACTS.map((kind) => [kind, actWording(kind)])),
  AttestationAnswer: ANSWER_WORDING,
  AttestationBasis: BASIS_WORDING,
  AttestationGround: ATTESTATION_GROUND_WORDING,
  AttestationPurpose: PURPOSE_WORDING,
  AttestationRefusal: REFUSAL_WORDING,
  AttestationState: STATE_WORDING,
  ClosingOutcome: OUTCOME_WORDING,
  CustodyPurpose: CUSTODY_PURPOSE_WORDING,
  ErrorCode: ERROR_WORDING,
  EvidenceKind: KIND_WORDING,
  Interest: INTEREST_WORDING,
  ObjectionDecision: DECISION_WORDING,
  ObjectionGround: GROUND_WORDING,
  OfficerRefusal: REFUSAL_WORDING,
  OfficerWithdrawal: WITHDRAWAL_WORDING,
  PayloadVerdict: PAYLOAD_WORDING,
  PreviewDecision: PREVIEW_WORDING,
  PurgeGround: PURGE_GROUND_WORDING,
  Resolution: RESOLUTION_WORDING,
  Shareability: SHAREABILITY_WORDING,
  Standing: STANDING_WORDING,
  StatedGeneration: STATEMENT_WORDING,
  StatedSource: STATEMENT_WORDING,
  StatedStorage: STATEMENT_WORDING,
  TransferAnswer: TRANSFER_WORDING,
  Verdict: VERDICT_NAMES,
  WithdrawalReason: WITHDRAWAL_WORDING,
};
