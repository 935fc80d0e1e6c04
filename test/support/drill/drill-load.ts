import { setTimeout as sleep } from 'node:timers/promises';

import { type TestNetwork } from '../network/test-network.js';
import { type Acknowledgement, createRequests, send, sendUntilAcknowledged, type SoakRequest } from '../soak/load.js';

/** Requests under way at the same time, and pause of a worker whose request was not acknowledged, milliseconds. */
const IN_FLIGHT = 8;
const PAUSE_MS = 250;
/** No drill makes more. */
const REQUESTS_MAX = 4_000;

/** When somebody was acknowledged, milliseconds since 1970. */
interface Heard {
  readonly user: SoakRequest['user'];
  readonly route: SoakRequest['route'];
  readonly atMs: number;
}

/**
 * Submits by turns for every organisation, through gateways and past them, until it is told to end. What was sent and
 * not acknowledged is kept: whether it was committed is the question of every drill.
 */
export class DrillLoad {
  readonly acknowledged = new Map<SoakRequest, Acknowledgement>();
  readonly unanswered: SoakRequest[] = [];
  /** How often each refusal was heard, by its status and code or the first words of an error. */
  readonly refusals = new Map<string, number>();
  readonly #network: TestNetwork;
  readonly #requests = createRequests(REQUESTS_MAX).values();
  readonly #heard: Heard[] = [];
  readonly #ended = new AbortController();
  readonly #work: Promise<unknown>;

  constructor(network: TestNetwork) {
    this.#network = network;
    this.#work = Promise.all(Array.from({ length: IN_FLIGHT }, () => this.#run()));
  }

  /** How many were sent. */
  get sent(): number {
    return this.acknowledged.size + this.unanswered.length;
  }

  /** Acknowledgements between two times. */
  heardBetween(fromMs: number, toMs: number): number {
    return this.#heard.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).length;
  }

  /** When the last of all users was first acknowledged after a time; `undefined` while one still waits. */
  everyoneHeardSince(fromMs: number, users: readonly SoakRequest['user'][]): number | undefined {
    const first = users.map((user) => this.#heard.find((each) => each.user === user && each.atMs >= fromMs)?.atMs);
    return first.every((each) => each !== undefined) ? Math.max(...first) : undefined;
  }

  /** The longest time without any acknowledgement, milliseconds. */
  get longestGapMs(): number {
    return this.#heard.reduce(
      (gap, { atMs }, index) => Math.max(gap, atMs - (this.#heard[index - 1]?.atMs ?? atMs)),
      0,
    );
  }

  /** Sends nothing new and waits for what is under way. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#work;
  }

  /** Sends everything again that was not acknowledged, under its own request ids, until it is. */
  async repeatUnanswered(): Promise<void> {
    for (const request of this.unanswered) {
      this.acknowledged.set(request, await sendUntilAcknowledged(this.#network, request));
    }
  }

  async #run(): Promise<void> {
    for (const request of this.#requests) {
      if (this.#ended.signal.aborted) return;
      try {
        this.acknowledged.set(request, await send(this.#network, request));
        this.#heard.push({ user: request.user, route: request.route, atMs: Date.now() });
      } catch (error) {
        this.unanswered.push(request);
        const words = (error instanceof Error ? error.message : String(error)).slice(0, 60);
        this.refusals.set(words, (this.refusals.get(words) ?? 0) + 1);
        await sleep(PAUSE_MS);
      }
    }
  }
}
