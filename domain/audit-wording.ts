import type { AUDIT_KINDS } from './audit-filter.js';
import { type Wording } from './wording.js';

type ActKind = (typeof AUDIT_KINDS)[number];

/** What each kind of act is called in an audit. */
const ACT_WORDING: Readonly<Record<ActKind, Wording>> = {
  'evidence.registered': { zh: '存证登记', en: 'evidence recorded' },
  'evidence.batch-registered': { zh: '批量存证登记', en: 'batch of evidence recorded' },
  'evidence.superseded': { zh: '存证更正', en: 'record corrected' },
  'evidence.objected': { zh: '提出异议', en: 'objection filed' },
  'evidence.decided': { zh: '异议裁定', en: 'objection decided' },
  'evidence.handed-over': { zh: '保管移交', en: 'custody offered' },
  'evidence.transfer-answered': { zh: '移交答复', en: 'hand-over answered' },
  'evidence.accessed': { zh: '调取', en: 'evidence accessed' },
  'attestation.requested': { zh: '申请核验', en: 'attestation requested' },
  'attestation.deposited': { zh: '暂存答复内容', en: 'answer deposited' },
  'attestation.answered': { zh: '核验答复', en: 'attestation answered' },
  'attestation.refused': { zh: '拒绝核验', en: 'attestation refused' },
  'attestation.previewed': { zh: '持证人预览', en: 'previewed by the holder' },
  'attestation.accepted': { zh: '核验会签', en: 'attestation countersigned' },
  'attestation.used': { zh: '核验使用', en: 'attestation used' },
  'attestation.closed': { zh: '核验办结', en: 'attestation closed' },
  'attestation.withdrawn': { zh: '核验撤回', en: 'attestation withdrawn' },
  'attestation.objected': { zh: '对核验提出异议', en: 'objection to an attestation' },
  'attestation.resolved': { zh: '核验异议处理', en: 'objection resolved' },
  'attestation.purged': { zh: '删除核验内容', en: 'payloads deleted' },
  'catalogue.published': { zh: '发布目录事项', en: 'catalogue item published' },
  'reconciliation.posted': { zh: '提交对账', en: 'counts posted' },
  'license.type-defined': { zh: '定义证照类型', en: 'licence type defined' },
  'license.issued': { zh: '颁发证照', en: 'licence issued' },
  'license.operated': { zh: '证照操作', en: 'licence operated' },
  'license.holder-enrolled': { zh: '登记持证人密钥', en: 'holder enrolled' },
  'license.fields-kept': { zh: '保存照面字段', en: 'licence values kept' },
  'license.fields-purged': { zh: '删除照面字段', en: 'licence values deleted' },
  'license.renewal-requested': { zh: '申请延续', en: 'renewal requested' },
  'license.renewal-refused': { zh: '不予延续', en: 'renewal refused' },
  'license.granted': { zh: '持证人授权', en: 'use granted' },
  'license.revoked': { zh: '撤回授权', en: 'grant taken back' },
  'license.used': { zh: '用证', en: 'licence used' },
  'consortium.configured': { zh: '配置联盟', en: 'consortium configured' },
  config: { zh: '通道配置', en: 'channel configuration' },
};

const OTHER: Wording = { zh: '其他交易', en: 'other transaction' };

/** Pure. What an act is called; `null` and words of later versions are other transactions, and say which. */
export function actWording(kind: string | null): Wording {
  if (kind === null) return OTHER;
  const known: Readonly<Record<string, Wording>> = ACT_WORDING;
  return Object.hasOwn(known, kind) ? (known[kind] ?? OTHER) : { zh: `${OTHER.zh} ${kind}`, en: `${OTHER.en} ${kind}` };
}

/** What a transaction's validation code means for people (Fabric, peer.TxValidationCode). */
const CODE_WORDING: Readonly<Record<string, Wording>> = {
  VALID: { zh: '有效', en: 'valid' },
  MVCC_READ_CONFLICT: { zh: '未生效：同时有人先改了同一记录', en: 'rejected: somebody else was first' },
  PHANTOM_READ_CONFLICT: { zh: '未生效：所查范围内同时有新增', en: 'rejected: its range was changed meanwhile' },
  ENDORSEMENT_POLICY_FAILURE: { zh: '未生效：背书机构不足', en: 'rejected: too few organisations endorsed' },
  DUPLICATE_TXID: { zh: '未生效：交易重复', en: 'rejected: sent twice' },
};

/** Pure. The validation code in words; codes that only programs tell apart read as rejected, beside their name. */
export function codeWording(code: string): Wording {
  const found = Object.hasOwn(CODE_WORDING, code) ? CODE_WORDING[code] : undefined;
  return found ?? { zh: `未生效：${code}`, en: `rejected: ${code}` };
}
