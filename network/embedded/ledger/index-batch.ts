import { type StateEntry } from '../commit/state-view.js';
import { type IndexChange, type IndexDatabase } from './disk.js';
import { hashedKey, privateKey, readEntry, stateKey } from './index-codec.js';

/** Changes that are to enter the index together. What is read through it is the index with these changes. */
export class IndexBatch {
  readonly #index: IndexDatabase;
  readonly #values = new Map<string, Buffer | undefined>();
  readonly changes: IndexChange[] = [];

  constructor(index: IndexDatabase) {
    this.#index = index;
  }

  /** The last change of a key counts. */
  add(changes: readonly IndexChange[]): void {
    for (const { key, value } of changes) this.#values.set(key.toString('latin1'), value);
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
    const id = key.toString('latin1');
    const bytes = this.#values.has(id) ? this.#values.get(id) : this.#index.getSync(key);
    return bytes && readEntry(bytes);
  }
}
