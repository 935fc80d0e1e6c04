import { type Heartbeat } from '../../domain/heartbeat.js';
import { type Ledger } from '../ledger/port.js';

/** Lets the ledger's heartbeat beat when somebody needs to know how fresh an answer is, and never otherwise. */
export class Heart {
  readonly #ledger: Ledger;
  readonly #user: string;
  readonly #everyMs: number;
  readonly #now: () => number;
  #lastMs = Number.NEGATIVE_INFINITY;
  #beating: Promise<void> | undefined;

  /** @param everyMs how old a heartbeat may be, milliseconds; 0 means that this gateway never beats. */
  constructor(ledger: Ledger, user: string, everyMs: number, now: () => number = Date.now) {
    this.#ledger = ledger;
    this.#user = user;
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** Returns once the heartbeat that this gateway knows of is young enough. @throws as {@link Ledger.submit} */
  async ensure(): Promise<void> {
    if (this.#everyMs === 0 || this.#now() - this.#lastMs < this.#everyMs) return;
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const startMs = this.#now();
    await this.#ledger.submit({ user: this.#user, transaction: 'proof:beat', args: [], writtenBy: writerOf });
    this.#lastMs = startMs;
  }
}

function writerOf(result: string): string | undefined {
  return (JSON.parse(result) as Heartbeat).txId;
}
