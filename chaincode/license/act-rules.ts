import { dayAt, startOfDayMs } from '../../domain/calendar.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type EntryId } from '../../domain/ids.js';
import { formatLicenseId, LICENSE_VERSION_MAX, licenseKeyOf } from '../../domain/license-id.js';
import { isRenewalTimely, type Standing } from '../../domain/license-standing.js';
import { type LicenseStatus, type LicenseStep, nextStatus, VERSION_OPERATIONS } from '../../domain/license-status.js';
import { type LicenseType } from '../../domain/license-type.js';
import {
  type IssueRequest,
  type LicenseAct,
  type LicenseFace,
  type LicenseHead,
  type OperateRequest,
  partsOf,
} from '../../domain/license.js';
import { type TxFacts } from '../ledger-context.js';
import { type LicenseHistory, standingOf } from './history.js';
import { ACTS_MAX } from './limits.js';
import { checkFace } from './type-rules.js';

/** A licence's next act, and the head that goes with it. */
export interface NextAct {
  readonly act: LicenseAct;
  readonly head: LicenseHead;
}

/** Pure. 新发 or 转入: the first act. In effect from the first day of validity. @throws LICENSE_FIELDS */
export function issue(type: LicenseType, wanted: IssueRequest, id: EntryId, facts: TxFacts): NextAct {
  checkFace(type, wanted.face);
  const licenseKey = licenseKeyOf(partsOf(wanted.licenseId));
  const act: LicenseAct = {
    schema: 'license-act/1',
    id,
    licenseKey,
    sequence: 1,
    request: wanted,
    from: 'none',
    to: '01',
    version: 1,
    licenseId: wanted.licenseId,
    effectiveFrom: new Date(startOfDayMs(wanted.face.validFrom)).toISOString(),
    retroactive: false,
    ...facts,
  };
  const { mspId } = facts.actor;
  const head: LicenseHead = {
    ...{ schema: 'license-head/1', licenseKey, mspId, sequence: 1, version: 1, holder: wanted.holder, purged: [] },
  };
  return { act, head };
}

/** What an operation is decided from, beside the request. */
export interface OperateFacts extends TxFacts {
  readonly id: EntryId;
  /** Whether another authority took the licence over. */
  readonly transferred: boolean;
}

/**
 * Pure. One of the operations on an issued licence; the caller's authority was checked before.
 * @throws LICENSE_STATE, LICENSE_DATES, LICENSE_FIELDS, LICENSE_TRANSFER, RENEWAL_LATE, ENTRY_LIMIT
 */
export function operate(
  type: LicenseType,
  history: LicenseHistory,
  wanted: OperateRequest,
  { id, transferred, ...facts }: OperateFacts,
): NextAct {
  const { head, acts, key: licenseKey } = history;
  if (head.sequence >= ACTS_MAX) throw new DomainError('ENTRY_LIMIT', { entriesMax: ACTS_MAX });
  const standing = presentStanding(history, facts.txTime);
  const to = decideStatus(standing, wanted);
  if (wanted.operation === '10' && transferred) throw new DomainError('LICENSE_TRANSFER');
  const effectiveFrom = decideEffect(acts, standing, wanted, facts.txTime);
  if (wanted.face !== undefined) checkNextFace(type, history, standing, wanted.face, { wanted, effectiveFrom, facts });
  const next = VERSION_OPERATIONS.includes(wanted.operation) ? head.version + 1 : head.version;
  if (next > LICENSE_VERSION_MAX) throw new DomainError('ENTRY_LIMIT', { entriesMax: LICENSE_VERSION_MAX });
  const licenseId = formatLicenseId({ ...partsOf(wanted.licenseId), version: next });
  const act: LicenseAct = {
    schema: 'license-act/1',
    id,
    licenseKey,
    sequence: head.sequence + 1,
    request: wanted,
    from: standing.status,
    to,
    version: next,
    licenseId,
    ...optional('supersedes', next === head.version ? undefined : standing.licenseId),
    effectiveFrom,
    retroactive: wanted.ending === '03',
    ...facts,
  };
  return { act, head: { ...head, sequence: act.sequence, version: next } };
}

/** How it stands now; one that is issued for a later day counts as in effect, so that it can be taken back before. */
export function presentStanding(history: LicenseHistory, txTime: string): Standing {
  const startMs = Date.parse(history.acts[0].effectiveFrom);
  const standing = standingOf(history, Math.max(Date.parse(txTime), startMs));
  if (standing === undefined) throw new Error('an issued licence has no standing');
  return standing;
}

/** Operation 04 writes down that a licence ended by itself, so it alone is allowed after that happened, and only then. */
function decideStatus(standing: Standing, wanted: OperateRequest): LicenseStatus {
  const { status, expired } = standing;
  if (wanted.operation === '04' && expired) return '05';
  const to = nextStatus(status, stepOf(wanted));
  if (to === undefined) throw new DomainError('LICENSE_STATE', { status, operation: wanted.operation });
  if (wanted.operation === '04') throw new DomainError('LICENSE_DATES', { wanted: 'the last day to be over' });
  return to;
}

function stepOf({ operation, ending }: OperateRequest): LicenseStep {
  if (operation !== '05') return { operation };
  if (ending === undefined) throw new Error('operation 05 was parsed without its ending');
  return { operation, ending };
}

/**
 * When an act begins: 撤销 with the first act, 过期 where the validity ended, all others when they say, but not before
 * the act they follow, nor in the future. After 撤销 nothing begins before it was recorded, lest it be hidden.
 */
function decideEffect(
  acts: LicenseHistory['acts'],
  standing: Standing,
  { operation, ending, effectiveFrom }: OperateRequest,
  txTime: string,
): string {
  if (ending === '03') return acts[0].effectiveFrom;
  if (operation === '04') return standing.effectiveFrom;
  const last = acts.at(-1) ?? acts[0];
  const earliest = last.retroactive ? last.txTime : last.effectiveFrom;
  const latest = earliest > txTime ? earliest : txTime; // RFC 3339 in UTC, all of one length.
  const begins = effectiveFrom ?? latest;
  if (begins >= earliest && begins <= latest) return begins;
  throw new DomainError('LICENSE_DATES', { where: 'effectiveFrom', earliest, latest });
}

/** A renewed licence lasts longer than before, was asked for in time, and is good at once. */
function checkNextFace(
  type: LicenseType,
  { renewals, head }: LicenseHistory,
  { days }: Standing,
  face: LicenseFace,
  { wanted, effectiveFrom, facts }: { wanted: OperateRequest; effectiveFrom: string; facts: TxFacts },
): void {
  checkFace(type, face);
  if (face.validFrom > dayAt(Date.parse(effectiveFrom))) {
    throw new DomainError('LICENSE_DATES', { where: 'face.validFrom', wanted: 'a day not after it takes effect' });
  }
  if (wanted.operation !== '02') return;
  const { validTo } = days;
  if (validTo === undefined || (face.validTo !== undefined && face.validTo <= validTo)) {
    throw new DomainError('LICENSE_DATES', { where: 'face.validTo', wanted: 'a later last day than before' });
  }
  const asked = renewals.has(head.version);
  if (!asked && !isRenewalTimely(validTo, Date.parse(facts.txTime))) throw new DomainError('RENEWAL_LATE');
}
