import { DomainError } from '../../domain/errors.js';
import { type BlockSource } from '../ledger/port.js';
import { type PeerState } from '../openapi/types.js';
import { type AuditQuery } from './query.js';

/** How long what peers said is good, milliseconds: whoever asks sooner gets the same. */
const FRESH_MS = 2_000;

type Seen = Omit<PeerState, 'agrees'>;

/**
 * What every peer of the connection profile has, asked when somebody wants to know and at most every two seconds: the
 * answer is the last one known, and only the first question waits.
 */
export class PeerWatch {
  readonly #sources: readonly BlockSource[];
  readonly #query: AuditQuery;
  #seen: Promise<readonly Seen[]> | undefined;
  #askedMs = 0;
  #asking = false;

  /** @param sources the home peer first. */
  constructor(sources: readonly BlockSource[], query: AuditQuery) {
    this.#sources = sources;
    this.#query = query;
  }

  /** The peers, home first. */
  async look(): Promise<PeerState[]> {
    if (this.#seen === undefined || (!this.#asking && Date.now() - this.#askedMs > FRESH_MS)) {
      const asked = this.#ask();
      this.#seen ??= asked;
      void asked.finally(() => (this.#seen = asked)).catch(() => undefined);
    }
    return (await this.#seen).map((seen) => ({ ...seen, agrees: this.#judge(seen) }));
  }

  async #ask(): Promise<readonly Seen[]> {
    this.#asking = true;
    this.#askedMs = Date.now();
    try {
      return await Promise.all(this.#sources.map((source, index) => see(source, index === 0)));
    } finally {
      this.#asking = false;
    }
  }

  #judge({ blocks, hash }: Seen): boolean | null {
    const indexed = blocks === null ? undefined : this.#query.hashOf(blocks - 1);
    return indexed === undefined ? null : indexed === hash;
  }
}

async function see(source: BlockSource, home: boolean): Promise<Seen> {
  const who = { peer: source.name, mspId: source.mspId ?? null, home, askedAt: new Date().toISOString() };
  try {
    const { number, hash } = await source.newest();
    return { ...who, reachable: true, blocks: number + 1, hash };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ...who, reachable: false, blocks: null, hash: null };
  }
}
