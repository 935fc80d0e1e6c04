import { DomainError } from '../../domain/errors.js';
import { type LicenseKey, type LicenseParts, licenseKeyOf } from '../../domain/license-id.js';
import { standingAt, type RenewalFacts, type Standing, type StandingAct } from '../../domain/license-standing.js';
import { type LicenseAct, type LicenseHead } from '../../domain/license.js';
import { type LicenseStore } from './store.js';

/** A licence as the chain holds it. */
export interface LicenseHistory {
  readonly key: LicenseKey;
  readonly head: LicenseHead;
  /** In their sequence; at least one. */
  readonly acts: readonly [LicenseAct, ...LicenseAct[]];
  /** Requests to renew, by version. */
  readonly renewals: ReadonlyMap<number, RenewalFacts>;
}

/** One point read, one range read, and at most two more point reads for each version that ends. */
export async function readHistory(store: LicenseStore, parts: LicenseParts): Promise<LicenseHistory | undefined> {
  const key = licenseKeyOf(parts);
  const head = await store.head(key);
  if (head === undefined) return undefined;
  const acts = await store.acts(head);
  const renewals = new Map<number, RenewalFacts>();
  for (const { request, version } of acts) {
    const facts = request.face?.validTo === undefined ? undefined : await store.renewalFacts(key, version);
    if (facts !== undefined) renewals.set(version, facts);
  }
  return { key, head, acts, renewals };
}

/** Pure. @throws LICENSE_NOT_FOUND */
export function requireHistory(history: LicenseHistory | undefined): LicenseHistory {
  if (history === undefined) throw new DomainError('LICENSE_NOT_FOUND');
  return history;
}

/** Pure. @throws LICENSE_NOT_FOUND, LICENSE_SUPERSEDED with the current identifier, where it is another version */
export function requireCurrent(history: LicenseHistory | undefined, { version }: LicenseParts): LicenseHistory {
  const found = requireHistory(history);
  if (version > found.head.version) throw new DomainError('LICENSE_NOT_FOUND');
  const current = faceActOf(found.acts, found.head.version).licenseId;
  if (version < found.head.version) throw new DomainError('LICENSE_SUPERSEDED', { current });
  return found;
}

/** Pure. The act that made a version. @throws LICENSE_NOT_FOUND */
export function faceActOf(acts: readonly LicenseAct[], version: number): LicenseAct {
  const act = acts.find((each) => each.version === version);
  if (act === undefined) throw new DomainError('LICENSE_NOT_FOUND');
  return act;
}

/** Pure. How it stands at an instant, Unix milliseconds; `undefined` before it is in effect. */
export function standingOf({ acts, renewals }: LicenseHistory, atMs: number): Standing | undefined {
  return standingAt(acts.map(standingActOf), (version) => renewals.get(version), atMs);
}

function standingActOf({ request, ...act }: LicenseAct): StandingAct {
  const { to, version, licenseId, effectiveFrom, retroactive } = act;
  const common = { to, version, licenseId, effectiveFrom, retroactive };
  if (request.face === undefined) return common;
  const { validFrom, validTo } = request.face;
  return { ...common, days: validTo === undefined ? { validFrom } : { validFrom, validTo } };
}
