import { HEIGHT_DEADLINE_MS } from './deliver.js';
import { type BlockSource } from './port.js';

/** Milliseconds of silence after which a peer is asked whether it is there, and how often silence is looked for. */
const SILENCE_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
/** Timers may fire a little early. */
const EARLY_MS = 100;

/** What is watched: a channel that can be given up (`PeerLink`). */
export interface WatchedLink {
  readonly heardMs: number | undefined;
  replace(): void;
}

/** What a {@link LinkWatch} works with. */
export interface LinkWatchOptions {
  readonly link: WatchedLink;
  /** Asked through the link for its height, which has a deadline. */
  readonly source: Pick<BlockSource, 'height'>;
  /** Hears of every channel that is given up. */
  readonly warn: (silentMs: number) => void;
  /** Shorter ones in tests. */
  readonly silenceMs?: number;
}

/**
 * Notices a connection that is dead and does not say so: its peer was killed amid a write, or something on the way
 * forwards nothing any more. Where a peer is silent it is asked for its height; where even that question is not answered in
 * its time, the channel is given up for a new one. A refused connection is no such case: grpc tries again by itself.
 */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  readonly #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), Math.min(LOOK_EVERY_MS, this.#silenceMs)).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks once. Never throws: what the peer answers is for others to read. */
  async look(): Promise<void> {
    const { link, source, warn } = this.#options;
    const silentMs = performance.now() - (link.heardMs ?? -Infinity);
    if (this.#asking || silentMs < this.#silenceMs) return;
    this.#asking = true;
    const askedMs = performance.now();
    try {
      await source.height();
    } catch {
      const waitedMs = performance.now() - askedMs;
      const heardMeanwhile = (link.heardMs ?? -Infinity) >= askedMs;
      // A failure that comes at once is an answer of grpc's own: nobody listens there.
      if (waitedMs < HEIGHT_DEADLINE_MS - EARLY_MS || heardMeanwhile) return;
      warn(Math.round(performance.now() - (link.heardMs ?? askedMs)));
      link.replace();
    } finally {
      this.#asking = false;
    }
  }
}
