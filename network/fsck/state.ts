import { sha256 } from './block.js';
import { type ByteString } from './protobuf.js';
import { encodeEntry, readEntry, spaceKey, versionAt } from './records.js';
import { type Effects, type NamespaceEffects, type Version } from './rwset.js';
import { type Scratch } from './scratch.js';

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
const noBytes = new Uint8Array(0);
const hashOfNothing = sha256().toString('latin1');

/** A channel's state as its blocks leave it, made anew from them. Source: Fabric's txmgmt/validation/tx_ops.go. */
export class State {
  readonly #scratch: Scratch;
  /** Changes of the block that is being replayed. */
  readonly #changes = new Map<string, { readonly space: Space; readonly keys: Map<ByteString, Change> }>();
  readonly #values: Values;
  #count = 0;

  constructor(scratch: Scratch, values: Values) {
    this.#scratch = scratch;
    this.#values = values;
  }

  /** How many keys there are, public ones and hashes of private ones. */
  get count(): number {
    return this.#count;
  }

  /** A key after the transactions that were applied so far. */
  get(space: Space, key: ByteString): Entry | undefined {
    const change = this.#changes.get(idOf(space))?.keys.get(key);
    return change === undefined ? this.#settled(space, key) : change.entry;
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

  /** Public keys of a namespace with their versions, in the order of their bytes; an empty `to` means all. */
  async range(namespace: ByteString, from: ByteString, to: ByteString): Promise<[ByteString, Version][]> {
    const space = { namespace, collection: '' };
    const changed = this.#changes.get(idOf(space))?.keys ?? new Map<ByteString, Change>();
    const found: [ByteString, Version][] = [];
    await using settled = await this.#scratch.cursor(spaceKey(space, ''), from, to);
    for (let entry = await settled.next(); entry !== undefined; entry = await settled.next()) {
      const key = entry.key.toString('latin1');
      if (!changed.has(key)) found.push([key, versionAt(entry.value, 0)]);
    }
    const isWithin = (key: ByteString): boolean => key >= from && (to === '' || key < to);
    for (const [key, { entry }] of changed) {
      if (entry !== undefined && isWithin(key)) found.push([key, entry.version]);
    }
    return changed.size === 0 ? found : found.sort(([a], [b]) => compare(a, b));
  }

  /** Adds what a valid transaction does. */
  apply(effects: readonly NamespaceEffects[], version: Version): void {
    for (const { publicKeys, collections } of effects) {
      for (const part of [publicKeys, ...collections]) this.#applyPart(part, version);
    }
  }

  /** After the block: takes a key away whose time is over, unless it was written again after this earlier block. */
  expire(key: ByteString, writtenBlock: bigint): void {
    const bytes = this.#scratch.get(key);
    if (bytes === undefined || !versionAt(bytes, 0).startsWith(`${writtenBlock}:`)) return;
    this.#scratch.delete(key);
    this.#count -= 1;
  }

  /** What the block changed, spaces and keys in the order of their bytes; and begins the next block. */
  takeChanges(): SpaceChanges[] {
    const taken = [...this.#changes.values()]
      .map(({ space, keys }) => ({ space, keys: [...keys].sort(([a], [b]) => compare(a, b)) }))
      .sort((a, b) => compare(a.space.namespace, b.space.namespace) || compare(a.space.collection, b.space.collection));
    this.#changes.clear();
    for (const { space, keys } of taken) {
      for (const [key, { entry }] of keys) this.#settle(spaceKey(space, key), entry);
    }
    return taken;
  }

  #settled(space: Space, key: ByteString): Entry | undefined {
    const bytes = this.#scratch.get(spaceKey(space, key));
    return bytes && readEntry(bytes);
  }

  #settle(key: ByteString, entry: Entry | undefined): void {
    const wasThere = this.#scratch.get(key) !== undefined;
    this.#count += Number(entry !== undefined) - Number(wasThere);
    if (entry === undefined) this.#scratch.delete(key);
    else this.#scratch.put(key, encodeEntry(entry));
  }

  #applyPart(part: Effects, version: Version): void {
    for (const [key, { gone, value, metadata }] of operationsOf(part)) {
      const before = this.get(part, key);
      if (gone === true) this.#set(part, key, { version, entry: undefined, value: noBytes });
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
    return { value: this.#values.locate(value) ?? value, valueHash: sha256(value).toString('latin1') };
  }

  #set({ namespace, collection }: Space, key: ByteString, change: Change): void {
    const space = { namespace, collection };
    const id = idOf(space);
    const changes = this.#changes.get(id) ?? { space, keys: new Map<ByteString, Change>() };
    this.#changes.set(id, changes);
    changes.keys.set(key, change);
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
