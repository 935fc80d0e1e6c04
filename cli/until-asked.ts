import { setTimeout as sleep } from 'node:timers/promises';

/** How often a command that stays looks whether what it keeps still runs, milliseconds. */
const watchMs = 500;

/** Waits for Ctrl-C or SIGTERM, or until nothing runs any more. @returns whether it was asked to end. */
export async function untilAsked(isAlive: () => boolean): Promise<boolean> {
  const asked = new AbortController();
  const ask = () => {
    asked.abort();
  };
  // For good, not once: a second Ctrl-C must not cut the orderly end short.
  process.on('SIGINT', ask).on('SIGTERM', ask);
  while (!asked.signal.aborted && isAlive()) await sleep(watchMs);
  return asked.signal.aborted;
}
