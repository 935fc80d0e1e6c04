import { sha256 } from './block.js';
import { type ByteString } from './protobuf.js';
import { type Effects, type NamespaceEffects, type Version } from './rwset.js';
import { SortedKeys } from './sorted-keys.js';

/** Where a value's bytes lie in the block file, so that they need not stay in memory. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** How the state finds values in the block file. */
export interface Values {
  /** Where bytes of the present block lie; `undefined` for bytes that stand nowhere in one piece. */
  readonly locate: (bytes: Uint8Array) => Place | undefined;
  readonly read: (place: Place) => Uint8Array;
}

/** What is known of a key: of its value only a hash and the place, but for what stands nowhere in one piece. */
export interface Entry {
  readonly version: Version;
  /** SHA-256 of the value, as a byte string. */
  readonly valueHash: string;
  readonly value: Place | Uint8Array;
  readonly metadata: ReadonlyMap<ByteString, Uint8Array>;
}

/** What a block did to a key: `entry` is undefined where it was deleted, `value` as it was written. */
export interface Change {
  readonly version: Version;
  readonly entry: Entry | undefined;
  readonly value: Uint8Array;
}

/** What a block changed in one set of keys, in the order of their bytes. */
export interface SpaceChanges {
  readonly space: Space;
  readonly keys: readonly (readonly [ByteString, Change])[];
}

/** A set of keys: the public ones of a namespace, or the hashed ones of a collection. */
export interface Space {
  readonly namespace: ByteString;
  /** Empty for public keys. */
  readonly collection: ByteString;
}

const noMetadata: ReadonlyMap<ByteString, Uint8Array> = new Map();
const metadataMax = 10_000;
const noBytes = new Uint8Array(0);
const hashOfNothing = sha256().toString('latin1');

/** A channel's state as its blocks leave it, made anew from them. Source: Fabric's txmgmt/validation/tx_ops.go. */
export class State {
  readonly #spaces = new Map<string, { readonly space: Space; readonly entries: Map<ByteString, Entry> }>();
  readonly #sorted = new Map<ByteString, SortedKeys>();
  /** Changes of the block that is being replayed. */
  readonly #changes = new Map<string, { readonly space: Space; readonly keys: Map<ByteString, Change> }>();
  readonly #values: Values;
  /** Metadata by its content: most keys have one of a few policies. */
  readonly #metadata = new Map<string, ReadonlyMap<ByteString, Uint8Array>>();

  constructor(values: Values) {
    this.#values = values;
  }

  /** A key after the transactions that were applied so far. */
  get(space: Space, key: ByteString): Entry | undefined {
    return this.#spaces.get(idOf(space))?.entries.get(key);
  }

  /** A key's value, empty where the key is absent. */
  valueOf(space: Space, key: ByteString): Uint8Array {
    const value = this.get(space, key)?.value ?? noBytes;
    return value instanceof Uint8Array ? value : this.#values.read(value);
  }

  /** Whether a transaction of the present block changed the key. */
  isChanged(space: Space, key: ByteString): boolean {
    return this.#changes.get(idOf(space))?.keys.has(key) === true;
  }

  /** Public keys of a namespace in the order of their bytes. */
  keys(namespace: ByteString, from: ByteString, to: ByteString): Iterable<ByteString> {
    let sorted = this.#sorted.get(namespace);
    if (sorted === undefined) {
      // Only namespaces whose ranges are read are kept in order.
      sorted = new SortedKeys();
      for (const key of this.#spaces.get(idOf({ namespace, collection: '' }))?.entries.keys() ?? []) sorted.add(key);
      this.#sorted.set(namespace, sorted);
    }
    return sorted.range(from, to);
  }

  /** Everything, one set of keys after the other. */
  *spaces(): Iterable<{ readonly space: Space; readonly entries: ReadonlyMap<ByteString, Entry> }> {
    yield* this.#spaces.values();
  }

  /** Adds what a valid transaction does. */
  apply(effects: readonly NamespaceEffects[], version: Version): void {
    for (const { publicKeys, collections } of effects) {
      for (const part of [publicKeys, ...collections]) this.#applyPart(part, version);
    }
  }

  /** Takes a key away whose time is over, unless it was written again after this block. */
  expire(space: Space, key: ByteString, writtenBlock: bigint): void {
    const entries = this.#spaces.get(idOf(space))?.entries;
    if (entries?.get(key)?.version.startsWith(`${writtenBlock}:`) === true) entries.delete(key);
  }

  /** What the block changed, spaces and keys in the order of their bytes; and begins the next block. */
  takeChanges(): SpaceChanges[] {
    const taken = [...this.#changes.values()]
      .map(({ space, keys }) => ({ space, keys: [...keys].sort(([a], [b]) => compare(a, b)) }))
      .sort((a, b) => compare(a.space.namespace, b.space.namespace) || compare(a.space.collection, b.space.collection));
    this.#changes.clear();
    return taken;
  }

  #applyPart(part: Effects, version: Version): void {
    for (const [key, operation] of operationsOf(part)) {
      const before = this.get(part, key);
      const { value } = operation;
      const metadata = operation.metadata && this.#keepMetadata(operation.metadata);
      if (operation.gone === true) this.#set(part, key, { version, entry: undefined, value: noBytes });
      else if (value !== undefined) {
        const entry = { version, ...this.#keep(value), metadata: metadata ?? before?.metadata ?? noMetadata };
        this.#set(part, key, { version, entry, value });
      } else if (before !== undefined) {
        const entry = { ...before, version, metadata: metadata ?? noMetadata };
        this.#set(part, key, { version, entry, value: this.valueOf(part, key) });
      }
    }
  }

  #keep(value: Uint8Array): Pick<Entry, 'value' | 'valueHash'> {
    return {
      value: this.#values.locate(value) ?? Uint8Array.from(value),
      valueHash: sha256(value).toString('latin1'),
    };
  }

  /** A copy, one for all that are alike: values are views of a block's bytes, which must not stay in memory with them. */
  #keepMetadata(metadata: ReadonlyMap<ByteString, Uint8Array>): ReadonlyMap<ByteString, Uint8Array> {
    const id = JSON.stringify([...metadata].map(([name, bytes]) => [name, asText(bytes)]));
    const known = this.#metadata.get(id);
    if (known !== undefined) return known;
    if (this.#metadata.size >= metadataMax) this.#metadata.clear();
    const copy = new Map([...metadata].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
    this.#metadata.set(id, copy);
    return copy;
  }

  #set({ namespace, collection }: Space, key: ByteString, change: Change): void {
    const { entry } = change;
    const space = { namespace, collection };
    const id = idOf(space);
    const changes = this.#changes.get(id) ?? { space, keys: new Map<ByteString, Change>() };
    this.#changes.set(id, changes);
    changes.keys.set(key, change);
    const { entries } = this.#spaces.get(id) ?? { entries: new Map<ByteString, Entry>() };
    this.#spaces.set(id, { space, entries });
    const sorted = collection === '' ? this.#sorted.get(namespace) : undefined;
    if (entry === undefined) {
      entries.delete(key);
      sorted?.remove(key);
    } else {
      entries.set(key, entry);
      sorted?.add(key);
    }
  }
}

/** What one transaction does to a key: its writes joined, a delete being stronger than a value. */
interface Operation {
  readonly value?: Uint8Array;
  readonly gone?: true;
  readonly metadata?: ReadonlyMap<ByteString, Uint8Array>;
}

function operationsOf(part: Effects): Map<ByteString, Operation> {
  const operations = new Map<ByteString, Operation>();
  for (const { key, isDelete, value } of part.writes) {
    // A value of nothing is a delete, in a collection also where it comes as the hash of nothing.
    const nothing = value.length === 0 || (part.collection !== '' && asText(value) === hashOfNothing);
    operations.set(key, { ...operations.get(key), ...(isDelete || nothing ? { gone: true as const } : { value }) });
  }
  for (const { key, entries } of part.metadata) operations.set(key, { ...operations.get(key), metadata: entries });
  return operations;
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function idOf({ namespace, collection }: Space): string {
  return `${namespace}\0${collection}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
