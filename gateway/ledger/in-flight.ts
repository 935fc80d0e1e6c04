import { DomainError } from '../../domain/errors.js';

/** At most so many calls under way at the same time; one more is refused at once instead of queued. */
export class InFlight {
  readonly #most: number;
  #now = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many are under way. */
  get now(): number {
    return this.#now;
  }

  /** @throws LEDGER_BUSY with `retryAfter` seconds where the bound is reached; else whatever the call throws. */
  async run<Value>(call: () => Promise<Value>): Promise<Value> {
    if (this.#now >= this.#most) throw new DomainError('LEDGER_BUSY', { inFlight: this.#most, retryAfter: 1 });
    this.#now += 1;
    try {
      return await call();
    } finally {
      this.#now -= 1;
    }
  }
}
