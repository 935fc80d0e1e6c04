import { DomainError } from '../../domain/errors.js';
import { type EventFilter, type LedgerPlace } from './event-filter.js';
import { type AuditEvent } from '../openapi/types.js';
import { type AuditQuery } from './query.js';

/** Rows that a client is given at once. */
const PAGE_ROWS = 100;
/** Clients of one gateway, and of one user. */
const CLIENTS = { most: 100, ofUser: 8 } as const;
const RETRY_AFTER_S = 10;

/**
 * Hands out events as they are indexed. Nothing is kept for a client but its place: it reads the index behind that, so
 * whoever is slow, or comes back later, misses nothing and delays nobody.
 */
export class LiveFeed {
  readonly #query: AuditQuery;
  readonly #stop = new AbortController();
  readonly #users = new Map<symbol, string>();
  #wake = Promise.withResolvers<undefined>();

  constructor(query: AuditQuery) {
    this.#query = query;
  }

  /** How many clients there are. */
  get clients(): number {
    return this.#users.size;
  }

  /** A block was indexed, or the index's state changed. */
  notify(): void {
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers();
  }

  /** Ends every feed. */
  close(): void {
    this.#stop.abort();
    this.notify();
  }

  /**
   * Pages of events behind a place, for ever: the next one waits for the index. A page may be empty where something
   * else was told. Ends with `signal` and with the gateway.
   * @throws LEDGER_BUSY where there are too many clients
   */
  async *follow(user: string, filter: EventFilter, signal: AbortSignal): AsyncGenerator<readonly AuditEvent[]> {
    using _client = this.#enter(user);
    const ended = AbortSignal.any([signal, this.#stop.signal]);
    const end = Promise.withResolvers<undefined>();
    ended.addEventListener('abort', () => {
      end.resolve(undefined);
    });
    for (let after: LedgerPlace | undefined = filter.after; !ended.aborted;) {
      const next = this.#wake.promise; // Taken before reading: what is indexed meanwhile wakes the next round.
      const page = this.#query.events({ ...filter, ...(after && { after }) }, PAGE_ROWS);
      yield page;
      after = page.at(-1) ?? after;
      if (page.length < PAGE_ROWS) await Promise.race([next, end.promise]);
    }
  }

  #enter(user: string): Disposable {
    const own = [...this.#users.values()].filter((each) => each === user).length;
    if (this.#users.size >= CLIENTS.most || own >= CLIENTS.ofUser) {
      throw new DomainError('LEDGER_BUSY', { feeds: CLIENTS.ofUser, retryAfter: RETRY_AFTER_S });
    }
    const client = Symbol(user);
    this.#users.set(client, user);
    return { [Symbol.dispose]: () => void this.#users.delete(client) };
  }
}
