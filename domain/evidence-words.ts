import { type Standing } from './attestation.js';
import { type EvidenceKind, type Interest } from './evidence.js';
import { type ObjectionDecision, type ObjectionGround } from './objection.js';
import { type STATEMENT_WORDS, type StatementName } from './statements.js';
import { type Verdict } from './verdict.js';
import { type Wording } from './wording.js';

type StatementWord = (typeof STATEMENT_WORDS)[StatementName][number];

/** The six lines of 人民法院在线诉讼规则 article 18, as certificates and pages print them. */
export const STATEMENT_LABELS: Readonly<Record<StatementName, Wording>> = {
  source: { zh: '数据来源', en: 'source of the data' },
  generation: { zh: '生成机制', en: 'how it came to be' },
  storage: { zh: '存储过程', en: 'how it was stored' },
  notarised: { zh: '是否经公证', en: 'notarised' },
  thirdPartyWitness: { zh: '是否由第三方见证', en: 'witnessed by a third party' },
  corroboration: { zh: '关联印证数据', en: 'corroborating data' },
};

const UNDECLARED: Wording = { zh: '未说明', en: 'undeclared' };

/** What a declared word means; nothing declared reads 未说明. */
export const STATEMENT_WORDING: Readonly<Record<StatementWord, Wording>> = {
  'self-made': { zh: '自行制作', en: 'self-made' },
  'own-system': { zh: '本单位系统', en: "the unit's own system" },
  party: { zh: '当事人提供', en: 'given by a party' },
  'third-party-platform': { zh: '第三方平台', en: "a third party's platform" },
  'public-web': { zh: '公开网页', en: 'a public web page' },
  automatic: { zh: '系统自动生成', en: 'made by a system' },
  manual: { zh: '人工生成', en: 'made by hand' },
  mixed: { zh: '自动与人工结合', en: 'both' },
  'original-medium': { zh: '原始载体', en: 'original medium' },
  'verified-copy': { zh: '经核对的副本', en: 'copy that was checked' },
  'unverified-copy': { zh: '未经核对的副本', en: 'copy that was not checked' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  undeclared: UNDECLARED,
};

/** 利害关系. */
export const INTEREST_WORDING: Readonly<Record<Interest, Wording>> = {
  none: { zh: '否', en: 'no' },
  party: { zh: '是', en: 'yes' },
  undeclared: UNDECLARED,
};

/** 证据种类. */
export const KIND_WORDING: Readonly<Record<EvidenceKind, Wording>> = {
  document: { zh: '书证', en: 'document' },
  audio: { zh: '录音', en: 'audio' },
  video: { zh: '录像', en: 'video' },
  image: { zh: '图片', en: 'image' },
  'web-page': { zh: '网页', en: 'web page' },
  'electronic-data': { zh: '电子数据', en: 'electronic data' },
  report: { zh: '报告', en: 'report' },
};

/** What became of a record, as organisations signed it. */
export const STANDING_WORDING: Readonly<Record<Standing, Wording>> = {
  MATCH: { zh: '正常，无异议', en: 'in good standing, no objection' },
  MATCH_CONTESTED: { zh: '有异议，尚待裁定', en: 'an objection awaits its decision' },
  MATCH_SUPERSEDED: { zh: '已有更正记录，原记录继续可核验', en: 'corrected by a later record, still verifiable' },
  MATCH_ANNULLED: { zh: '法院已裁定异议成立，不再据以认定', en: 'a court upheld an objection, no longer relied on' },
  VALID: { zh: '有效', en: 'valid' },
  SUSPENDED: { zh: '暂扣', en: 'suspended' },
  REVOKED: { zh: '吊销', en: 'revoked' },
  EXPIRED: { zh: '失效', en: 'expired' },
  REPLACED: { zh: '已变更', en: 'replaced' },
};

/** A verdict in a few words, for headings and lists; the sentence that goes with it is in wording.ts. */
export const VERDICT_NAMES: Readonly<Record<Verdict, Wording>> = {
  MATCH: { zh: '技术核验一致', en: 'Match' },
  MISMATCH: { zh: '技术核验不一致', en: 'No match' },
  NOT_FOUND: { zh: '未查到', en: 'Not found' },
  MATCH_CONTESTED: { zh: '一致，有异议待裁定', en: 'Match, contested' },
  MATCH_SUPERSEDED: { zh: '一致，已有更正', en: 'Match, corrected' },
  MATCH_ANNULLED: { zh: '一致，但不再据以认定', en: 'Match, annulled' },
  UNVERIFIABLE_NOW: { zh: '目前无法核验', en: 'Cannot be verified now' },
};

/** 异议理由. */
export const GROUND_WORDING: Readonly<Record<ObjectionGround, Wording>> = {
  'altered-before-recording': { zh: '上链前已被修改', en: 'altered before it was recorded' },
  'source-disputed': { zh: '来源有争议', en: 'the source is disputed' },
  'identity-disputed': { zh: '主体身份有争议', en: 'the identity is disputed' },
  'unlawful-collection': { zh: '取证不合法', en: 'collected unlawfully' },
  'contrary-evidence': { zh: '有相反证据', en: 'there is contrary evidence' },
};

/** 裁定. */
export const DECISION_WORDING: Readonly<Record<ObjectionDecision, Wording>> = {
  upheld: { zh: '异议成立', en: 'upheld' },
  rejected: { zh: '异议不成立', en: 'rejected' },
};
