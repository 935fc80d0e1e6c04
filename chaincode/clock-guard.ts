import { DomainError } from '../domain/errors.js';

/** Farthest a transaction's claimed time may be from the endorsing peer's clock, either way, in milliseconds. */
export const SKEW_MS_MAX = 5 * 60 * 1000;

/** A clock: Unix milliseconds. Injected, so that tests choose the time. */
export type Clock = () => number;

/** The peer's own clock. This file alone reads one in chaincode/ (test/architecture/determinism.test.ts). */
export const peerClock: Clock = () => Date.now();

/**
 * Refuses to endorse a transaction whose time the client made up. Accept or reject only: the clock's value is never
 * written, so peers with slightly different clocks still produce equal results. Reads are guarded too, because an
 * endorsed read is a signed statement that carries this very time.
 * @param claimedMs the transaction timestamp in Unix milliseconds, `NaN` where the proposal has none.
 * @throws TIME_SKEW
 */
export function checkClaimedTime(claimedMs: number, nowMs: number): void {
  if (Math.abs(claimedMs - nowMs) <= SKEW_MS_MAX) return;
  throw new DomainError('TIME_SKEW', { secondsMax: SKEW_MS_MAX / 1000 });
}
