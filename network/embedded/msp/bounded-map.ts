/**
 * A map that holds at most `entriesMax` entries and forgets the one unused for longest.
 * For caches only: a forgotten value must be computable again.
 */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #entriesMax: number;

  /** @param entriesMax at least 1. */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** Number of entries now held. */
  get size(): number {
    return this.#entries.size;
  }

  /** @returns the value, now the most recently used one, or `undefined`; do not store `undefined`. */
  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key); // A Map iterates in insertion order, so re-inserting marks the entry as just used.
    this.#entries.set(key, value);
    return value;
  }

  /** Stores a value and drops the entry unused for longest when there is no room. */
  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#entriesMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }
}
