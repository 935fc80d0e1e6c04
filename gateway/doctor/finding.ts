import { type Wording } from '../../domain/wording.js';

/** What a look can have found. `skipped`: it could not be looked at, because something before it is broken. */
export type Health = 'ok' | 'warning' | 'broken' | 'skipped';

/** One line of a diagnosis: what was looked at, what was found, and how it is mended. */
export interface Finding {
  /** `profile`, `key`, `chain`, `expiry`, `attributes`, `peer`, `tls-expiry`, `msp`, `clock`, `definition`, `contract`, `index`. */
  readonly check: string;
  /** Which peer, user or file, where there are several. */
  readonly of: string;
  readonly health: Health;
  readonly found: Wording;
  /** Absent where nothing is to be mended. */
  readonly mend?: Wording;
}

/** A finding where all is well. */
export function well(check: string, of: string, zh: string, en: string): Finding {
  return { check, of, health: 'ok', found: { zh, en } };
}

/** A finding where something is to be mended. */
export function ill(
  check: string,
  of: string,
  found: Wording,
  mend: Wording,
  health: Exclude<Health, 'ok'> = 'broken',
): Finding {
  return { check, of, health, found, mend };
}
