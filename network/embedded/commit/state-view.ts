import type { Version } from '../wire/rwset.js';

/** A committed key: its value, where it was written, and its metadata entries by name (the key's own policy is one). */
export interface StateEntry {
  readonly value: Uint8Array;
  readonly version: Version;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** A key of one namespace with its entry, as a range yields it. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: StateEntry;
}

/**
 * One consistent view of a channel's state. Point reads are synchronous, so that judging needs no waiting; ranges are
 * not, because LevelDB has no synchronous iterator.
 */
export interface StateView {
  get(namespace: string, key: string): StateEntry | undefined;
  /** A private key by SHA-256 of its name; the entry's value is SHA-256 of the plain value. */
  getHashed(namespace: string, collection: string, keyHash: Uint8Array): StateEntry | undefined;
  /** Keys in UTF-8 order from `startKey` to `endKey` exclusive; an empty key means the namespace's own end. */
  range(namespace: string, startKey: string, endKey: string): AsyncIterable<KeyedEntry>;
}
