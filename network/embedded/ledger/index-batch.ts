import { type StateEntry } from '../commit/state-view.js';
import { type IndexChange, type IndexDatabase } from './disk.js';
import { hashedKey, privateKey, readEntry, stateKey } from './index-codec.js';

/** Changes that are to enter the index together. What is read through it is the index with these changes. */
export class IndexBatch {
  readonly #index: IndexDatabase;
  readonly #values = new Map<string, Buffer | undefined>();
  /** How many of the changes `#values` has: only who reads needs them there. */
  #mapped = 0;
  readonly changes: IndexChange[] = [];

  constructor(index: IndexDatabase) {
    this.#index = index;
  }

  /** The last change of a key counts. */
  add(changes: readonly IndexChange[]): void {
    this.changes.push(...changes);
  }

  get(namespace: string, key: string): StateEntry | undefined {
    return this.#entry(stateKey(namespace, key));
  }

  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined {
    return this.#entry(hashedKey(namespace, collection, keyHash));
  }

  getPrivate(namespace: string, collection: string, key: string): StateEntry | undefined {
    return this.#entry(privateKey(namespace, collection, key));
  }

  #entry(key: Buffer): StateEntry | undefined {
    for (; this.#mapped < this.changes.length; this.#mapped += 1) {
      const change = this.changes[this.#mapped];
      if (change !== undefined) this.#values.set(change.key.toString('latin1'), change.value);
    }
    const id = key.toString('latin1');
    const bytes = this.#values.has(id) ? this.#values.get(id) : this.#index.getSync(key);
    return bytes && readEntry(bytes);
  }
}
