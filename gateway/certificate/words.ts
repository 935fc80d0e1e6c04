import { type EvidenceKind, type Interest } from '../../domain/evidence.js';
import { type STATEMENT_WORDS, type StatementName } from '../../domain/statements.js';

type StatementWord = (typeof STATEMENT_WORDS)[StatementName][number];

/** The six lines of 在线诉讼规则 article 18, as a certificate prints them. */
export const STATEMENT_LABELS: Readonly<Record<StatementName, string>> = {
  source: '数据来源',
  generation: '生成机制',
  storage: '存储过程',
  notarised: '是否经公证',
  thirdPartyWitness: '是否由第三方见证',
  corroboration: '关联印证数据',
};

/** What a declared word means; nothing declared reads 未说明. */
export const STATEMENT_WORDING: Readonly<Record<StatementWord, string>> = {
  'self-made': '自行制作',
  'own-system': '本单位系统',
  party: '当事人提供',
  'third-party-platform': '第三方平台',
  'public-web': '公开网页',
  automatic: '系统自动生成',
  manual: '人工生成',
  mixed: '自动与人工结合',
  'original-medium': '原始载体',
  'verified-copy': '经核对的副本',
  'unverified-copy': '未经核对的副本',
  yes: '是',
  no: '否',
  undeclared: '未说明',
};

/** 利害关系. */
export const INTEREST_WORDING: Readonly<Record<Interest, string>> = {
  none: '否',
  party: '是',
  undeclared: '未说明',
};

/** 证据种类. */
export const KIND_WORDING: Readonly<Record<EvidenceKind, string>> = {
  document: '书证',
  audio: '录音',
  video: '录像',
  image: '图片',
  'web-page': '网页',
  'electronic-data': '电子数据',
  report: '报告',
};

/** What became of the record, as organisations signed it. */
export const STANDING_WORDING: Readonly<Record<string, string>> = {
  MATCH: '正常，无异议',
  MATCH_CONTESTED: '有异议，尚待裁定',
  MATCH_SUPERSEDED: '已有更正记录，原记录继续可核验',
  MATCH_ANNULLED: '法院已裁定异议成立，不再据以认定',
};
