import {
  type AttestationAnswer,
  type AttestationBasis,
  type AttestationGround,
  type AttestationPurpose,
  type AttestationRefusal,
  type AttestationState,
  type ClosingOutcome,
  type PreviewDecision,
  type PurgeGround,
  type Resolution,
  type Shareability,
  type WithdrawalReason,
} from './attestation-words.js';
import { type AttestationTiming } from './attestation-record.js';
import { type PayloadVerdict } from './attestation-payload.js';
import { type Wording } from './wording.js';

/** 核验状态 for people. */
export const STATE_WORDING: Readonly<Record<AttestationState, Wording>> = {
  REQUESTED: { zh: '已申请，待答复', en: 'requested, waiting for an answer' },
  REFUSED: { zh: '已拒绝', en: 'refused' },
  ATTESTED: { zh: '已答复，待会签', en: 'answered, waiting for the co-signature' },
  REJECTED_BY_HOLDER: { zh: '持证人不同意提供', en: 'the holder does not let it go' },
  ACCEPTED: { zh: '双方会签，已出具', en: 'signed by both regions' },
  USED: { zh: '已使用', en: 'used' },
  CLOSED: { zh: '已办结', en: 'closed' },
  DISPUTED: { zh: '异议待处理，暂不得使用', en: 'an objection waits; not to be used' },
  WITHDRAWN: { zh: '已撤回，不得再依据', en: 'withdrawn, no longer to be relied on' },
};

/** 核验结论 for people. */
export const ANSWER_WORDING: Readonly<Record<AttestationAnswer, Wording>> = {
  CONSISTENT: { zh: '一致', en: 'consistent' },
  INCONSISTENT: { zh: '不一致', en: 'not consistent' },
  PARTLY_CONSISTENT: { zh: '部分一致', en: 'partly consistent' },
  VALID: { zh: '有效', en: 'valid' },
  INVALID: { zh: '无效', en: 'not valid' },
  NOT_ON_FILE: { zh: '查无', en: 'not on file' },
  CANNOT_VERIFY: { zh: '无法核验', en: 'cannot be verified' },
};

/** 拒绝代码 for people. */
export const REFUSAL_WORDING: Readonly<Record<AttestationRefusal, Wording>> = {
  ITEM_NOT_SHARED: { zh: '该事项不予共享', en: 'the item is not shared' },
  REQUESTER_NOT_ENTITLED: { zh: '申请机构不在可申请范围', en: 'the asking organisation is not entitled' },
  MATTER_NOT_ALLOWED: { zh: '该事项编码不在可用范围', en: 'the item is not answered for this matter' },
  FIELDS_NOT_ALLOWED: { zh: '所请字段超出范围', en: 'more fields are asked for than the item has' },
  BASIS_NOT_ALLOWED: { zh: '不具备该事项要求的依据', en: 'the basis is not one that the item accepts' },
  SUBJECT_UNCLEAR: { zh: '核验对象不明确', en: 'it is not clear whom the request is about' },
  NOT_COMPETENT: { zh: '不属本单位职责', en: 'the unit is not competent' },
  LEGAL_BASIS_INSUFFICIENT: { zh: '法律依据不足', en: 'the legal basis does not suffice' },
  PURPOSE_MISMATCH: { zh: '用途与事项不符', en: 'the purpose does not fit the matter' },
  CONSENT_DOUBTFUL: { zh: '持证人同意存疑', en: "the holder's consent is in doubt" },
  UNDER_SECRECY: { zh: '依法应当保密', en: 'the law demands secrecy' },
};

/** 撤回理由 for people. */
export const WITHDRAWAL_WORDING: Readonly<Record<WithdrawalReason, Wording>> = {
  'source-corrected': { zh: '源数据已更正', en: 'the source was corrected' },
  'wrong-subject': { zh: '核验对象有误', en: 'it was about somebody else' },
  'issued-in-error': { zh: '误出具', en: 'it was given in error' },
  'court-order': { zh: '法院裁判', en: 'a court ordered it' },
  'objection-upheld': { zh: '异议成立', en: 'an objection was upheld' },
};

/** 共享属性 for people. */
export const SHAREABILITY_WORDING: Readonly<Record<Shareability, Wording>> = {
  unconditional: { zh: '无条件共享', en: 'shared without conditions' },
  conditional: { zh: '有条件共享', en: 'shared under conditions' },
  none: { zh: '不予共享', en: 'not shared' },
};

/** 依据 for people: on what the answer may be given. */
export const BASIS_WORDING: Readonly<Record<AttestationBasis, Wording>> = {
  consent: { zh: '持证人同意', en: "the holder's consent" },
  'statutory-duty': { zh: '法定职责', en: 'a statutory duty' },
};

/** 应用场景 for people. */
export const PURPOSE_WORDING: Readonly<Record<AttestationPurpose, Wording>> = {
  licensing: { zh: '行政许可', en: 'licensing' },
  registration: { zh: '登记', en: 'registration' },
  'qualification-check': { zh: '资格审查', en: 'check of a qualification' },
  benefit: { zh: '待遇给付', en: 'a benefit' },
  enforcement: { zh: '行政执法', en: 'enforcement' },
  judicial: { zh: '司法办案', en: 'a court case' },
};

/** 预览决定 for people. */
export const PREVIEW_WORDING: Readonly<Record<PreviewDecision, Wording>> = {
  released: { zh: '持证人同意提供', en: 'released by the holder' },
  rejected: { zh: '持证人不同意提供', en: 'rejected by the holder' },
};

/** 办结结果 for people. */
export const OUTCOME_WORDING: Readonly<Record<ClosingOutcome, Wording>> = {
  granted: { zh: '准予', en: 'granted' },
  denied: { zh: '不予', en: 'denied' },
  abandoned: { zh: '终止办理', en: 'abandoned' },
};

/** 核验异议理由 for people. */
export const ATTESTATION_GROUND_WORDING: Readonly<Record<AttestationGround, Wording>> = {
  'wrong-subject': { zh: '核验对象有误', en: 'it is about somebody else' },
  'wrong-answer': { zh: '结论有误', en: 'the answer is wrong' },
  'out-of-date': { zh: '内容已过时', en: 'it is out of date' },
  'no-consent': { zh: '未经持证人同意', en: 'the holder did not consent' },
  'over-scope': { zh: '超出范围使用', en: 'used beyond its scope' },
};

/** 异议处理 for people. */
export const RESOLUTION_WORDING: Readonly<Record<Resolution, Wording>> = {
  upheld: { zh: '异议成立，核验撤回', en: 'upheld: the attestation is withdrawn' },
  rejected: { zh: '异议不成立，核验有效', en: 'rejected: the attestation stands' },
};

/** 删除理由 for people (PIPL article 47). */
export const PURGE_GROUND_WORDING: Readonly<Record<PurgeGround, Wording>> = {
  'purpose-achieved': { zh: '目的已实现', en: 'its purpose is achieved' },
  'retention-ended': { zh: '保存期限届满', en: 'its time of keeping is over' },
  'consent-withdrawn': { zh: '同意已撤回', en: 'the consent was withdrawn' },
  unlawful: { zh: '处理不合法', en: 'it was kept unlawfully' },
};

/** What is said of a private payload. */
export const PAYLOAD_WORDING: Readonly<Record<PayloadVerdict, Wording>> = {
  INTACT: { zh: '与登记的哈希值一致', en: 'equals the recorded digest' },
  DELETED: { zh: '已删除；登记的哈希值仍可核验副本', en: 'deleted; the recorded digest still verifies a copy' },
  MISSING: { zh: '本机构节点没有这一内容', en: "the own organisation's peer does not hold it" },
  ALTERED: { zh: '与登记的哈希值不一致', en: 'does not equal the recorded digest' },
};

/** Pure. The state with what the time adds to it: 逾期, 升级督办, 已过有效期. */
export function stateWording(state: AttestationState, timing: Omit<AttestationTiming, 'at'>): Wording {
  const { zh, en } = STATE_WORDING[state];
  if (timing.escalated) return { zh: `${zh}（逾期，升级督办）`, en: `${en} (overdue, escalated)` };
  if (timing.overdue) return { zh: `${zh}（逾期）`, en: `${en} (overdue)` };
  return timing.expired ? { zh: `${zh}（已过有效期）`, en: `${en} (expired)` } : { zh, en };
}
