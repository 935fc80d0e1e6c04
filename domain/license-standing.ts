import { addDays, type Day, dayAt, daysBetween, endOfDayMs } from './calendar.js';
import { optional } from './fields.js';
import { type LicenseId, type LicenseKey } from './license-id.js';
import { type LicenseStatus } from './license-status.js';

/** The days on which one version is good. */
export interface ValidityDays {
  readonly validFrom: Day;
  readonly validTo?: Day;
}

/** What of an act decides about status; acts come in their sequence. */
export interface StandingAct {
  readonly to: LicenseStatus;
  readonly version: number;
  readonly licenseId: LicenseId;
  readonly effectiveFrom: string;
  readonly retroactive: boolean;
  /** The days of the version that it made; absent where it made none. */
  readonly days?: ValidityDays;
}

/** What is known of a request to renew one version. */
export interface RenewalFacts {
  /** Whether it was refused before the version ended. */
  readonly refused: boolean;
}

/** How a licence stands at an instant. */
export interface Standing {
  readonly status: LicenseStatus;
  /** Current version then. */
  readonly version: number;
  readonly licenseId: LicenseId;
  readonly days: ValidityDays;
  /** When the status began: of an act, or the end of the last day where it ended by itself. */
  readonly effectiveFrom: string;
  /** Whether the status reaches back to issue. */
  readonly retroactive: boolean;
  /** Set where the licence is past its last day and good because nobody answered the request to renew it. */
  readonly deemedRenewedTo?: Day;
  /** Whether it ended by itself, without an act. */
  readonly expired: boolean;
}

/**
 * Pure. The status as of an instant: the last act that was in effect then. A retroactive act is in effect from issue.
 * The end of validity needs no act: it is computed here, so no job can be late (a suspension does not stop that clock).
 * @param renewalOf request to renew a version, if any. Silence until the last day renews it for as long again
 * (行政许可法 article 50). @returns `undefined` before the first act is in effect.
 */
export function standingAt(
  acts: readonly StandingAct[],
  renewalOf: (version: number) => RenewalFacts | undefined,
  atMs: number,
): Standing | undefined {
  const inEffect = acts.filter(({ effectiveFrom }) => Date.parse(effectiveFrom) <= atMs);
  const last = inEffect.at(-1);
  const face = inEffect.filter(({ days }) => days !== undefined).at(-1);
  if (last === undefined || face?.days === undefined) return undefined;
  const standing = {
    status: last.to,
    version: face.version,
    licenseId: face.licenseId,
    days: face.days,
    effectiveFrom: last.effectiveFrom,
    retroactive: last.retroactive,
    expired: false,
  };
  return endByItself(standing, renewalOf(face.version), atMs);
}

/** Only a licence that could still come back to 有效 ends by itself; the others have ended already or are on their way. */
function endByItself(standing: Standing, renewal: RenewalFacts | undefined, atMs: number): Standing {
  const { validTo } = standing.days;
  if (validTo === undefined || !['01', '02'].includes(standing.status)) return standing;
  if (atMs <= endOfDayMs(validTo)) return standing;
  const deemedTo = renewal?.refused === false ? renewedTo(standing.days) : undefined;
  if (deemedTo !== undefined && atMs <= endOfDayMs(deemedTo)) return { ...standing, deemedRenewedTo: deemedTo };
  const endMs = endOfDayMs(deemedTo ?? validTo) + 1;
  return { ...standing, status: '05', expired: true, effectiveFrom: new Date(endMs).toISOString() };
}

/** Last day of a renewal by silence: as many days again as the version had. */
function renewedTo({ validFrom, validTo }: ValidityDays): Day | undefined {
  return validTo === undefined ? undefined : addDays(validTo, daysBetween(validFrom, validTo) + 1);
}

/** Days before the last one by which a renewal must be asked for (行政许可法 article 50). */
export const RENEWAL_DAYS_MIN = 30;

/** Pure. Whether a request to renew comes in time. @param atMs Unix milliseconds */
export function isRenewalTimely(validTo: Day, atMs: number): boolean {
  return daysBetween(dayAt(atMs), validTo) >= RENEWAL_DAYS_MIN;
}

/** The closed set of answers to "is it good?". `UNVERIFIABLE_NOW` is the gateway's, where nobody could look. */
export const LICENSE_VERDICTS = [
  'VALID',
  'SUSPENDED',
  'ANNULLED',
  'CANCELLED',
  'EXPIRED',
  'TRANSFERRING',
  'TRANSFERRED',
  'REVOKED',
  'OTHER',
  'SUPERSEDED',
  'NOT_YET_VALID',
  'NOT_FOUND',
  'UNVERIFIABLE_NOW',
] as const;
export type LicenseVerdict = (typeof LICENSE_VERDICTS)[number];

/** Whether private values of a version are kept, or were deleted on request while its digests stay. */
export type LicenseContent = 'RECORDED' | 'PURGED';

/** What anybody may ask for: no holder, no field, no issuer's reasons. */
export type LicenseStatusResult =
  | { readonly found: false; readonly verdict: 'NOT_FOUND'; readonly licenseId: LicenseId; readonly asOf: string }
  | {
      readonly found: true;
      readonly verdict: LicenseVerdict;
      readonly licenseId: LicenseId;
      readonly licenseKey: LicenseKey;
      readonly asOf: string;
      readonly content: LicenseContent;
      /** Absent before the licence was in effect. */
      readonly status?: LicenseStatus;
      readonly effectiveFrom?: string;
      readonly retroactive?: boolean;
      readonly validFrom?: Day;
      readonly validTo?: Day;
      readonly deemedRenewedTo?: Day;
      /** The version that was current then. */
      readonly current?: LicenseId;
      /** The licence that took it over elsewhere. */
      readonly transferredTo?: LicenseId;
    };

const VERDICT_OF: Readonly<Record<LicenseStatus, LicenseVerdict>> = {
  '01': 'VALID',
  '02': 'SUSPENDED',
  '03': 'ANNULLED',
  '04': 'CANCELLED',
  '05': 'EXPIRED',
  '06': 'TRANSFERRING',
  '07': 'REVOKED',
  '99': 'OTHER',
};

/** What a status question is answered from. */
export interface StatusFacts {
  readonly licenseId: LicenseId;
  readonly licenseKey: LicenseKey;
  /** The version that was asked about. */
  readonly version: number;
  readonly asOf: string;
  readonly content: LicenseContent;
  readonly standing: Standing | undefined;
  readonly transferredTo: LicenseId | undefined;
}

/**
 * Pure. The answer about one version. An older version of a licence is never plainly valid, and never unknown: it
 * says which one is current. What ended the licence for all its versions weighs more than that.
 */
export function answerStatus({ standing, version, ...facts }: StatusFacts): LicenseStatusResult {
  const { licenseId, licenseKey, asOf, content, transferredTo } = facts;
  const common = { found: true as const, licenseId, licenseKey, asOf, content };
  if (standing === undefined || version > standing.version) return { ...common, verdict: 'NOT_YET_VALID' };
  return {
    ...common,
    verdict: verdictOf(standing, version, transferredTo),
    status: standing.status,
    effectiveFrom: standing.effectiveFrom,
    retroactive: standing.retroactive,
    ...standing.days,
    current: standing.licenseId,
    ...optional('deemedRenewedTo', standing.deemedRenewedTo),
    ...optional('transferredTo', transferredTo),
  };
}

function verdictOf({ status, version }: Standing, asked: number, transferredTo: LicenseId | undefined): LicenseVerdict {
  if (status === '03') return 'ANNULLED';
  if (asked < version) return 'SUPERSEDED';
  if (status === '06' && transferredTo !== undefined) return 'TRANSFERRED';
  return VERDICT_OF[status];
}
