import { type Logger } from 'pino';

import { DomainError, type ErrorCode } from '../../domain/errors.js';
import { type WriteAnswer } from '../evidence-answer.js';
import { problemOf } from '../http/problems.js';
import { type Job, type JobStore, type Outcome } from './job-store.js';

/** Refusals that pass by themselves: a job that meets one stays open and is tried again. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CONSORTIUM_UNSET',
  'LEDGER_BUSY',
  'LEDGER_CONFLICT',
  'ORDERERS_UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'TIME_SKEW',
  'UNVERIFIABLE_NOW',
]);
/** Pause of the whole outbox after a refusal that passes, milliseconds: doubled each time, until one succeeds. */
const PAUSE_MS = { first: 100, most: 30_000 } as const;
/** How long jobs under way may take to end when the gateway closes; what is cut off is done again at the next start. */
const DRAIN_MS = 5_000;
const DAY_MS = 86_400_000;

/** A job as its user sees it; `waitingFor` is why it is still open, where it was tried in vain. */
export interface JobView extends Job {
  readonly waitingFor?: string;
}

/** Where routes hand writes in that nobody waits for. */
export interface JobDesk {
  /** Keeps a write for ever until it ended. @throws OUTBOX_FULL, with `retryAfter` seconds */
  accept(wanted: Pick<Job, 'user' | 'operation' | 'request'>): Promise<JobView>;
  /** @throws JOB_NOT_FOUND also for a job of somebody else */
  find(id: string, user: string): JobView;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly store: JobStore;
  /** Writes one job to the ledger; the ledger writes an equal request once, however often it comes. */
  readonly perform: (job: Job) => Promise<WriteAnswer>;
  readonly logger: Logger;
  /** Open jobs at most. */
  readonly openMax: number;
  /** Jobs under way at the same time. */
  readonly running: number;
  /** How long a job that ended is kept, days. */
  readonly keepDays: number;
}

/**
 * Writes that were accepted and are still to be done. Each is on the disk before it is acknowledged, and leaves the queue
 * only with its outcome, so that a kill at any moment loses none; and since a request's id is its id on the chain, the
 * repeated one is answered with what was stored, so that none is done twice (docs/adr/0065-outbox.md).
 */
export class Outbox implements JobDesk {
  readonly #options: OutboxOptions;
  /** Open jobs that are not under way, in order. */
  readonly #queue: string[] = [];
  readonly #open = new Set<string>();
  readonly #waitingFor = new Map<string, string>();
  readonly #running = new Set<Promise<void>>();
  #failures = 0;
  #pause: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** How many jobs are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Goes on with what was open when the gateway ended. */
  start(): void {
    for (const id of this.#options.store.open()) this.#enqueue(id);
    this.#sweep = setInterval(() => void this.#forget(), DAY_MS).unref();
    void this.#forget();
    this.#pump();
  }

  async accept(wanted: Pick<Job, 'user' | 'operation' | 'request'>): Promise<JobView> {
    const { store, openMax } = this.#options;
    if (this.open >= openMax) throw new DomainError('OUTBOX_FULL', { openMax, retryAfter: 5 });
    const job = await store.accept(wanted, Date.now());
    if (job.outcome === undefined) this.#enqueue(job.id);
    this.#pump();
    return this.#view(job);
  }

  find(id: string, user: string): JobView {
    const job = this.#options.store.find(id);
    if (job?.user !== user) throw new DomainError('JOB_NOT_FOUND');
    return this.#view(job);
  }

  /** Lets what is under way end, within bounds; the rest stays for the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    clearInterval(this.#sweep);
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      resolve(undefined);
    }, DRAIN_MS);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
    this.#options.store.close();
  }

  #view(job: Job): JobView {
    const waitingFor = this.#waitingFor.get(job.id);
    return waitingFor === undefined ? job : { ...job, waitingFor };
  }

  #enqueue(id: string): void {
    if (this.#open.has(id)) return;
    this.#open.add(id);
    this.#queue.push(id);
  }

  #pump(): void {
    while (!this.#closed && this.#pause === undefined && this.#running.size < this.#options.running) {
      const id = this.#queue.shift();
      if (id === undefined) return;
      const run = this.#run(id).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  /** One attempt at a job. Never throws: what goes wrong sends it back into the queue. */
  async #run(id: string): Promise<void> {
    const { store, logger } = this.#options;
    try {
      const job = store.find(id);
      if (job === undefined) throw new Error(`job ${id} is gone`);
      const outcome = await this.#attempt(job);
      await store.finish(id, outcome, Date.now());
      this.#open.delete(id);
      this.#waitingFor.delete(id);
      this.#failures = 0;
      logger.info({ jobId: id, state: outcome.state }, 'a job ended');
    } catch (error) {
      if (this.#closed) return; // It is still open in the store.
      this.#putOff(id, error);
    }
  }

  /** @throws whatever may pass: outages, and failures that are no refusal at all, such as a full disk */
  async #attempt(job: Job): Promise<Outcome> {
    try {
      const { location, body } = await this.#options.perform(job);
      return { state: 'done', location, answer: body };
    } catch (error) {
      if (!(error instanceof DomainError) || PASSING.has(error.code)) throw error;
      return { state: 'refused', problem: problemOf(error) };
    }
  }

  /** At the end of the queue, so that one job that cannot be done holds up no other for longer than a pause. */
  #putOff(id: string, error: unknown): void {
    const code = error instanceof DomainError ? error.code : 'BUG';
    const { logger } = this.#options;
    if (code === 'BUG') logger.error({ jobId: id, err: error }, 'bug');
    else logger.info({ jobId: id, code }, 'a job waits');
    this.#waitingFor.set(id, code);
    this.#queue.push(id);
    if (this.#pause !== undefined) return;
    const pauseMs = Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#pump();
    }, pauseMs);
  }

  async #forget(): Promise<void> {
    const { store, logger, keepDays } = this.#options;
    try {
      await store.forget(Date.now() - keepDays * DAY_MS);
    } catch (error) {
      logger.warn({ err: error }, 'old jobs could not be forgotten');
    }
  }
}
