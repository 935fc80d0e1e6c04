import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks unless told: short beside what is waited for, processes and locks. */
const pauseMs = 20;

/**
 * Looks again and again until there is something to see. For other processes and their files, which tell nobody.
 * @param look `undefined` means not yet; what it throws ends the waiting. @param everyMs pause between two looks, for
 * what must not be asked too often. @returns `undefined` when the time is over.
 */
export async function pollFor<Seen>(
  timeoutMs: number,
  look: () => Seen | undefined | Promise<Seen | undefined>,
  everyMs: number = pauseMs,
): Promise<Seen | undefined> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || Date.now() >= endMs) return seen;
    await sleep(everyMs);
  }
}
