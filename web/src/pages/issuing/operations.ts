import { isRenewalTimely } from '../../../../domain/license-standing.js';
import {
  type EndingStatus,
  type LicenseOperation,
  type LicenseStep,
  nextStatus,
} from '../../../../domain/license-status.js';
import { type Day } from '../../../../domain/calendar.js';
import { type Wording } from '../../../../domain/wording.js';
import { type LicenseAct, type LicenseStatus } from '../../../../gateway/openapi/types.js';

/** An operation that changes an issued licence, and what a form about it needs. */
export interface OperationEntry {
  readonly operation: Exclude<LicenseOperation, '01' | '08'>;
  readonly ending?: EndingStatus;
  readonly name: Wording;
  /** What it does, for whoever is about to do it. */
  readonly about: Wording;
  /** Whether it takes something away for good. */
  readonly danger: boolean;
  /** Whether it rests on a written decision. */
  readonly document: boolean;
  /** Whether it may begin at a time of its own. */
  readonly dated: boolean;
}

const usual = { danger: false, document: true, dated: true } as const;

/** Operations 02 to 07, 09 and 10, in the order in which they are offered. */
export const OPERATIONS: readonly OperationEntry[] = [
  {
    ...usual,
    ...{ operation: '09', document: false, name: { zh: '变更', en: 'Change' } },
    about: {
      zh: '产生下一版本：新的有效期或照面内容；旧版本查询时显示“已变更”。',
      en: 'Makes the next version, with other days or content; the old one then says that it was superseded.',
    },
  },
  {
    ...usual,
    ...{ operation: '02', document: false, name: { zh: '延续', en: 'Renew' } },
    about: {
      zh: '产生下一版本，最后一日须晚于现版本；须在届满三十日前申请。',
      en: 'Makes the next version with a later last day; asked for 30 days before the end.',
    },
  },
  {
    ...usual,
    ...{ operation: '03', name: { zh: '暂扣', en: 'Suspend' } },
    about: { zh: '证照暂停有效，可以发还；有效期照常计算。', en: 'Not good until given back; its days go on.' },
  },
  {
    ...usual,
    ...{ operation: '06', name: { zh: '发还', en: 'Give back' } },
    about: { zh: '暂扣结束，证照恢复有效。', en: 'The suspension ends and the licence is good again.' },
  },
  {
    ...usual,
    ...{ operation: '05', ending: '06', name: { zh: '办理转出', en: 'Let go (transfer)' } },
    about: {
      zh: '证照转给另一机关，由其转入；转入前可以取消。',
      en: 'Another authority may take it over; until then it can be called back.',
    },
  },
  {
    ...usual,
    ...{ operation: '10', name: { zh: '取消转出', en: 'Call the transfer back' } },
    about: { zh: '证照未被转入的，恢复有效。', en: 'Good again, unless it was taken over.' },
  },
  {
    ...usual,
    ...{ operation: '04', document: false, dated: false, name: { zh: '登记过期失效', en: 'Record its expiry' } },
    about: {
      zh: '有效期已过的证照自行失效，此处登记这一事实。',
      en: 'It ended by itself after its last day; this writes that down.',
    },
  },
  {
    ...usual,
    ...{ operation: '05', ending: '04', danger: true, name: { zh: '注销', en: 'Cancel the licence' } },
    about: { zh: '证照终止，不能恢复。', en: 'Ends the licence for good.' },
  },
  {
    ...usual,
    ...{ operation: '05', ending: '07', danger: true, name: { zh: '吊销', en: 'Revoke' } },
    about: { zh: '因违法终止证照，不能恢复。', en: 'Ends the licence as a sanction, for good.' },
  },
  {
    ...usual,
    ...{ operation: '05', ending: '03', danger: true, dated: false, name: { zh: '撤销', en: 'Annul' } },
    about: {
      zh: '证照自颁发之日起无效：查询过去任何一天也是撤销。不能恢复。',
      en: 'Not valid from its issue on, on any day that is asked about. For good.',
    },
  },
  {
    ...usual,
    ...{ operation: '07', danger: true, name: { zh: '其他状态', en: 'Another status' } },
    about: {
      zh: '记为“其他”，以后不能再办理任何操作。',
      en: 'Its status becomes “other”, after which nothing can be done with it.',
    },
  },
];

/** What makes the next version. */
export function makesVersion({ operation }: OperationEntry): boolean {
  return operation === '02' || operation === '09';
}

/** How a licence stands, as far as it decides what may be done with it. */
export interface OpenFor {
  readonly standing: LicenseStatus;
  readonly acts: readonly LicenseAct[];
  /** Whether the holder asked for renewal and nobody decided. */
  readonly asked: boolean;
  readonly nowMs: number;
}

/** Pure. The operations that the present standing permits; the contract decides in the end. */
export function operationsFor({ standing, acts, asked, nowMs }: OpenFor): readonly OperationEntry[] {
  const status = standing.status ?? acts.at(-1)?.to; // Issued for a later day: it can be taken back before.
  if (status === undefined || standing.verdict === 'SUPERSEDED') return [];
  // It ended by itself, and nobody wrote that down yet.
  const ended = status === '05' && acts.at(-1)?.to !== '05';
  const { validTo } = standing;
  const timely = validTo !== undefined && (asked || isRenewalTimely(validTo as Day, nowMs));
  return OPERATIONS.filter((entry) => {
    if (entry.operation === '04') return ended;
    if (entry.operation === '02' && !timely) return false;
    if (entry.operation === '10' && standing.transferredTo !== undefined) return false;
    return nextStatus(status, stepOf(entry)) !== undefined;
  });
}

function stepOf({ operation, ending }: OperationEntry): LicenseStep {
  return operation === '05' ? { operation, ending: ending ?? '04' } : { operation };
}
