import { setTimeout as sleep } from 'node:timers/promises';

import { parseConfigureRequest } from '../domain/consortium.js';
import { DomainError } from '../domain/errors.js';
import { configureConsortium, getConsortium } from './consortium.js';
import { type Ledger } from './ledger/port.js';

const BACKOFF_MS = { first: 100, most: 5_000 } as const;

/** Who configures which members, where nobody has yet. */
export interface Bootstrap {
  /** A user with the role `admin`. */
  readonly user: string;
  /** MSP ids. */
  readonly members: readonly string[];
}

/**
 * Configures the consortium unless it is configured already; waits for the network as long as it takes.
 * @param warn hears of a refusal that is no outage, once. @returns when it is configured, or when `signal` aborts.
 */
export async function bootstrapConsortium(
  ledger: Ledger,
  { user, members }: Bootstrap,
  signal: AbortSignal,
  warn: (error: unknown) => void,
): Promise<void> {
  let told = false;
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      if ((await getConsortium(ledger, user)).configured) return;
      await configureConsortium(ledger, user, parseConfigureRequest({ members }));
      return;
    } catch (error) {
      if (!told && !isOutage(error)) {
        warn(error);
        told = true;
      }
    }
    const pause = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.min(failures, 10));
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNVERIFIABLE_NOW';
}
