import { ROLES } from '../../../domain/actor.js';
import { type Me } from '../../../gateway/openapi/types.js';

/** Whose certificate signs what this page sends. */
export type Who = Pick<Me, 'user' | 'organisation' | 'unit' | 'region' | 'role'>;

/** Somebody who is signed in. The token lives as long as the tab and is sent to this gateway alone. */
export interface Signed {
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly who: Who;
  /** Where the office's provider keeps a session of its own. */
  readonly office?: OfficeSession;
}

/** A session at an office's provider, which goes on when somebody signs out of the pages. */
export interface OfficeSession {
  /** `id.office.example`. */
  readonly host: string;
  /** Address at which the provider asks whether to end it (OpenID Connect RP-Initiated Logout 1.0). */
  readonly endAt?: string;
}

const NAME = 'yinzheng.session';

/** What this tab kept; `undefined` where nothing is kept, or it has expired. */
export function readSession(nowMs: number): Signed | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    return isSigned(kept) && Date.parse(kept.expiresAt) > nowMs ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is what {@link keepSession} keeps: an older page may have kept something else. */
function isSigned(kept: unknown): kept is Signed {
  const { token, expiresAt, who } = (kept ?? {}) as Partial<Record<keyof Signed, unknown>>;
  const { user, organisation, unit, region, role } = (who ?? {}) as Partial<Record<keyof Who, unknown>>;
  const texts = [token, expiresAt, user, organisation, unit, region].every((each) => typeof each === 'string');
  return texts && ROLES.some((each) => each === role);
}

/** Keeps a session for this tab, so that a reload does not sign out; `undefined` forgets it. */
export function keepSession(signed: Signed | undefined): void {
  try {
    if (signed === undefined) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, JSON.stringify(signed));
  } catch {
    // Without storage the session lasts until the page is left.
  }
}
