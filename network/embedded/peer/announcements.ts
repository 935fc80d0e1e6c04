/** Wakes whoever waits for something to be committed, after every commit. Waiters look for themselves. */
export class Announcements {
  readonly #waiting = new Set<() => void>();

  /** Looks again for everybody who waits. */
  announce(): void {
    for (const look of [...this.#waiting]) look();
  }

  /**
   * Resolves with what `find` returns, at once or after a later announcement.
   * @throws the signal's reason when it aborts first, and what `find` throws
   */
  until<Found>(find: () => Found | undefined, signal: AbortSignal): Promise<Found> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(look);
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        stop();
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const look = () => {
        try {
          const found = find();
          if (found === undefined) return;
          stop();
          resolve(found);
        } catch (cause) {
          stop();
          reject(cause instanceof Error ? cause : new Error('a look-up failed', { cause }));
        }
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(look);
      look();
    });
  }
}
