import { type LicenseContent, type LicenseVerdict } from './license-standing.js';
import { type LicenseStatus } from './license-status.js';
import { type Wording } from './wording.js';

/** 证照状态 as people read them. */
export const LICENSE_STATUS_NAMES: Readonly<Record<LicenseStatus, Wording>> = {
  '01': { zh: '有效', en: 'valid' },
  '02': { zh: '暂扣', en: 'suspended' },
  '03': { zh: '撤销', en: 'annulled' },
  '04': { zh: '注销', en: 'cancelled' },
  '05': { zh: '失效', en: 'expired' },
  '06': { zh: '办理转出', en: 'being transferred' },
  '07': { zh: '吊销', en: 'revoked' },
  '99': { zh: '其他', en: 'other' },
};

const VERDICT_WORDING: Readonly<Record<LicenseVerdict, Wording>> = {
  VALID: { zh: '有效。', en: 'Valid.' },
  SUSPENDED: { zh: '暂扣。', en: 'Suspended.' },
  ANNULLED: { zh: '撤销：自颁发之日起无效。', en: 'Annulled: not valid from its issue on.' },
  CANCELLED: { zh: '注销。', en: 'Cancelled.' },
  EXPIRED: { zh: '失效。', en: 'Expired.' },
  TRANSFERRING: { zh: '正在办理转出。', en: 'Being transferred to another authority.' },
  TRANSFERRED: {
    zh: '已转出并由其他机关转入，请查转入后的证照。',
    en: 'Taken over by another authority; ask for that licence.',
  },
  REVOKED: { zh: '吊销。', en: 'Revoked.' },
  OTHER: { zh: '其他状态，请向颁发机关核实。', en: 'Another status; ask the issuing authority.' },
  SUPERSEDED: { zh: '已变更，请以现行版本为准。', en: 'There is a later version; go by that one.' },
  NOT_YET_VALID: { zh: '该时点尚未生效。', en: 'Not yet in effect at that time.' },
  NOT_FOUND: {
    zh: '账本已应答：没有这一证照标识。未查到不等于虚假。',
    en: 'The ledger answered: it has no licence with this identifier. Not found does not mean false.',
  },
  UNVERIFIABLE_NOW: {
    zh: '目前无法核验：账本未能应答，请稍后再试。',
    en: 'Cannot be verified now: the ledger did not answer. Try again later.',
  },
};

/** The sentence that goes with an answer about a licence. */
export function licenseWording(verdict: LicenseVerdict): Wording {
  return VERDICT_WORDING[verdict];
}

/** What became of a version's private values. Their digests stay in either case. */
export const CONTENT_WORDING: Readonly<Record<LicenseContent, Wording>> = {
  RECORDED: { zh: '已登记', en: 'recorded' },
  PURGED: { zh: '已删除', en: 'deleted' },
};
