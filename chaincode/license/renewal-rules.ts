import { endOfDayMs } from '../../domain/calendar.js';
import { DomainError } from '../../domain/errors.js';
import { type Renewal } from '../../domain/license-renewal.js';
import { isRenewalTimely } from '../../domain/license-standing.js';
import { type LicenseAct } from '../../domain/license.js';
import { type TxStamp } from '../ledger-context.js';
import { type LicenseHistory, standingOf } from './history.js';

/** Pure. 延续申请 comes in time, for a licence that lasts and has an end. @throws LICENSE_STATE, RENEWAL_LATE */
export function checkRenewal(history: LicenseHistory, { txTime }: TxStamp): void {
  const atMs = Date.parse(txTime);
  const standing = standingOf(history, atMs);
  const status = standing?.status ?? 'none';
  if (!['01', '02'].includes(status)) throw new DomainError('LICENSE_STATE', { status });
  const validTo = standing?.days.validTo;
  if (validTo === undefined || !isRenewalTimely(validTo, atMs)) throw new DomainError('RENEWAL_LATE');
}

/** Pure. A renewal is refused before the last day is over: silence until then has granted it. @throws RENEWAL_UNKNOWN, RENEWAL_CLOSED */
export function checkRefusal(faceAct: LicenseAct, renewal: Renewal | undefined, { txTime }: TxStamp): void {
  if (renewal === undefined) throw new DomainError('RENEWAL_UNKNOWN');
  const validTo = faceAct.request.face?.validTo;
  if (validTo === undefined || Date.parse(txTime) > endOfDayMs(validTo)) throw new DomainError('RENEWAL_CLOSED');
}
