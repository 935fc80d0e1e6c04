import { type EndingStatus, type LicenseOperation, type LicenseStatus } from './license-status.js';
import { LICENSE_STATUS_NAMES } from './license-wording.js';
import { type Wording } from './wording.js';

const OPERATION_NAMES: Readonly<Record<Exclude<LicenseOperation, '05'>, Wording>> = {
  '01': { zh: '新发', en: 'issued' },
  '02': { zh: '延续', en: 'renewed' },
  '03': { zh: '暂扣', en: 'suspended' },
  '04': { zh: '过期失效', en: 'expired' },
  '06': { zh: '暂扣发还', en: 'given back' },
  '07': { zh: '其他', en: 'other' },
  '08': { zh: '转入', en: 'taken over' },
  '09': { zh: '变更', en: 'changed' },
  '10': { zh: '取消转出', en: 'transfer called back' },
};

/** Pure. What an act on a licence is called; 05 is called by what it ends in. */
export function operationWording(operation: LicenseOperation, ending: EndingStatus | undefined): Wording {
  if (operation !== '05') return OPERATION_NAMES[operation];
  return LICENSE_STATUS_NAMES[ending ?? '04'];
}

/** Pure. The status before an act; nothing before the first one. */
export function statusWording(status: LicenseStatus | 'none'): Wording {
  return status === 'none' ? { zh: '未颁发', en: 'not issued' } : LICENSE_STATUS_NAMES[status];
}
