import { type ByteString, Message } from './protobuf.js';

/** Where a value was written: `block:transaction`. */
export type Version = string;

/** A key that was read, and the version that was seen; `undefined` where the key was absent. */
export interface Read {
  readonly key: ByteString;
  readonly version: Version | undefined;
  /** Bytes of `kvrwset.KVRead`, canonical: a range's summary is a hash of them. */
  readonly encoded: Uint8Array;
}

/** A range that was scanned. */
export interface Range {
  readonly from: ByteString;
  readonly to: ByteString;
  /** False where the scan stopped at `to`, which then was the last key that was seen. */
  readonly exhausted: boolean;
  readonly reads: readonly Read[];
  readonly summary:
    { readonly degree: number; readonly level: number; readonly hashes: readonly Uint8Array[] } | undefined;
}

/** What a transaction does to one key; in a collection key and value are hashes. */
export interface Write {
  readonly key: ByteString;
  readonly isDelete: boolean;
  readonly value: Uint8Array;
  /** Whether it takes a private key away for good, its past too. */
  readonly isPurge: boolean;
}

/** A key's new metadata: all entries, none where it is taken away. */
export interface MetadataWrite {
  readonly key: ByteString;
  readonly entries: ReadonlyMap<ByteString, Uint8Array>;
}

/** The effects on the public keys of a namespace, or on the hashed keys of one of its collections. */
export interface Effects {
  readonly namespace: ByteString;
  /** Empty for public keys. */
  readonly collection: ByteString;
  readonly reads: readonly Read[];
  readonly ranges: readonly Range[];
  readonly writes: readonly Write[];
  readonly metadata: readonly MetadataWrite[];
  /** SHA-256 of the plain text that a collection's members keep; empty where there is none. */
  readonly setHash: Uint8Array;
}

/** What a transaction read and wrote in one namespace. */
export interface NamespaceEffects {
  readonly namespace: ByteString;
  readonly publicKeys: Effects;
  readonly collections: readonly Effects[];
}

const nothing = new Uint8Array(0);

/** Reads `rwset.TxReadWriteSet`. @throws Unreadable. Source: Fabric's ledger/rwset/rwset.proto and kvrwset.proto. */
export function readEffects(bytes: Uint8Array): NamespaceEffects[] {
  return new Message(bytes).all(2).map((part) => {
    const fields = new Message(part);
    const namespace = fields.text(1);
    return {
      namespace,
      publicKeys: readPublic(namespace, fields.bytes(2)),
      collections: fields.all(3).map((collection) => readHashed(namespace, new Message(collection))),
    };
  });
}

/** Reads `kvrwset.KVRWSet`: public keys, or the plain text of a collection. @throws Unreadable */
export function readPublic(namespace: ByteString, bytes: Uint8Array): Effects {
  const set = new Message(bytes);
  return {
    namespace,
    collection: '',
    reads: set.all(1).map(readRead),
    ranges: set.all(2).map(readRange),
    writes: set.all(3).map((write) => {
      const fields = new Message(write);
      return { key: fields.text(1), isDelete: fields.flag(2), value: fields.bytes(3), isPurge: false };
    }),
    metadata: set.all(4).map((write) => {
      const fields = new Message(write);
      return { key: fields.text(1), entries: readEntries(fields) };
    }),
    setHash: nothing,
  };
}

function readHashed(namespace: ByteString, collection: Message): Effects {
  const set = new Message(collection.bytes(2));
  const keyOf = (fields: Message) => Buffer.from(fields.bytes(1)).toString('latin1');
  return {
    namespace,
    collection: collection.text(1),
    reads: set.all(1).map((read) => {
      const fields = new Message(read);
      return { key: keyOf(fields), version: readVersion(fields.part(2)), encoded: read };
    }),
    ranges: [],
    writes: set.all(2).map((write) => {
      const fields = new Message(write);
      return { key: keyOf(fields), isDelete: fields.flag(2), value: fields.bytes(3), isPurge: fields.flag(4) };
    }),
    metadata: set.all(3).map((write) => {
      const fields = new Message(write);
      return { key: keyOf(fields), entries: readEntries(fields) };
    }),
    setHash: collection.bytes(3),
  };
}

/** Entries of a key's metadata, in field 2 of whatever holds them. @throws Unreadable */
export function readEntries(fields: Message): Map<ByteString, Uint8Array> {
  return new Map(
    fields.all(2).map((bytes) => {
      const entry = new Message(bytes);
      return [entry.text(1), entry.bytes(2)] as const;
    }),
  );
}

function readRead(bytes: Uint8Array): Read {
  const fields = new Message(bytes);
  return { key: fields.text(1), version: readVersion(fields.part(2)), encoded: bytes };
}

function readVersion(bytes: Uint8Array | undefined): Version | undefined {
  if (bytes === undefined) return undefined;
  const fields = new Message(bytes);
  return `${fields.uint(1)}:${fields.uint(2)}`;
}

function readRange(bytes: Uint8Array): Range {
  const fields = new Message(bytes);
  const form = fields.which(4, 5);
  const summary = fields.message(5);
  return {
    from: fields.text(1),
    to: fields.text(2),
    exhausted: fields.flag(3),
    reads: form === 4 ? fields.message(4).all(1).map(readRead) : [],
    summary:
      form === 5
        ? { degree: Number(summary.uint(1)), level: Number(summary.uint(2)), hashes: summary.all(3) }
        : undefined,
  };
}
