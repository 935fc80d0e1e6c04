/**
 * A map that holds at most `entriesMax` entries and forgets those that were not used for long.
 * For caches only: a forgotten value must be computable again.
 *
 * Two generations: what is used moves to the young one; when that is half of all, it becomes the old one, and what the
 * old one still held is forgotten. Nothing is deleted singly, which would make a JavaScript Map slow to walk.
 */
export class BoundedMap<Key, Value> {
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  readonly #generationMax: number;

  /** @param entriesMax at least 2. */
  constructor(entriesMax: number) {
    this.#generationMax = Math.floor(entriesMax / 2);
  }

  /** @returns the value, which now counts as just used, or `undefined`; do not store `undefined`. */
  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#generationMax && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
