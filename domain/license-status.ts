/** 证照状态, the codes of the ministries' exchange format. */
export const LICENSE_STATUSES = ['01', '02', '03', '04', '05', '06', '07', '99'] as const;
export type LicenseStatus = (typeof LICENSE_STATUSES)[number];

/** 操作类型, the codes of the same format. */
export const LICENSE_OPERATIONS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'] as const;
export type LicenseOperation = (typeof LICENSE_OPERATIONS)[number];

/** What operation 05 makes of a licence: 撤销, 注销, 办理转出 or 吊销. */
export const ENDING_STATUSES = ['03', '04', '06', '07'] as const;
export type EndingStatus = (typeof ENDING_STATUSES)[number];

/** One step: an operation, and for operation 05 the status that it is to end in. */
export type LicenseStep =
  { readonly operation: Exclude<LicenseOperation, '05'> } | { readonly operation: '05'; readonly ending: EndingStatus };

/** Operations that make the next version of a licence: 延续 and 变更. */
export const VERSION_OPERATIONS: readonly LicenseOperation[] = ['02', '09'];

/** By status (`none` before issue) and step, `05` followed by its ending; what is not there is refused. */
const NEXT: Readonly<Record<LicenseStatus | 'none', Readonly<Record<string, LicenseStatus>>>> = {
  none: { '01': '01', '08': '01' },
  '01': {
    ...{ '02': '01', '03': '02', '04': '05', '07': '99', '09': '01' },
    ...{ '05/03': '03', '05/04': '04', '05/06': '06', '05/07': '07' },
  },
  '02': { '04': '05', '06': '01', '05/03': '03', '05/04': '04', '05/07': '07' },
  '03': { '05/04': '04' },
  '04': {},
  '05': { '05/04': '04' },
  '06': { '10': '01' },
  '07': { '05/04': '04' },
  '99': {},
};

/**
 * The status machine. Whether a step also keeps its own conditions (that a licence has expired, say) is for the rules.
 * Held, cell by cell, by test/unit/domain/license-status.test.ts.
 * @returns the status after the step, `undefined` where the step is not allowed.
 */
export function nextStatus(from: LicenseStatus | 'none', step: LicenseStep): LicenseStatus | undefined {
  const name = step.operation === '05' ? `05/${step.ending}` : step.operation;
  return NEXT[from][name];
}
