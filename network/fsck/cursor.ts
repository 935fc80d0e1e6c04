import { type ClassicLevel, type Iterator } from 'classic-level';

import { type ByteString } from './protobuf.js';

type Database = ClassicLevel<Buffer, Buffer>;

/** A key, without what all keys begin with, and its value. */
export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

const batchEntries = 1_000;

/** Reads the entries of a database whose keys have one prefix, in the order of their bytes. */
export class Cursor implements AsyncDisposable {
  readonly #entries: Iterator<Database, Buffer, Buffer>;
  readonly #prefixBytes: number;
  #batch: [Buffer, Buffer][] = [];
  #at = 0;

  /** @param from, to bounds behind the prefix, the upper one exclusive; an empty `to` means all. */
  constructor(database: Database, prefix: ByteString, from: ByteString = '', to: ByteString = '') {
    const bytes = (text: ByteString) => Buffer.from(text, 'latin1');
    this.#prefixBytes = prefix.length;
    this.#entries = database.iterator({
      gte: bytes(prefix + from),
      lt: bytes(to === '' ? after(prefix) : prefix + to),
    });
  }

  /** The next entry; `undefined` at the end. */
  async next(): Promise<Entry | undefined> {
    const entry = await this.peek();
    this.pass();
    return entry;
  }

  /** As {@link next}, without going past it. */
  async peek(): Promise<Entry | undefined> {
    if (this.#at >= this.#batch.length) {
      this.#batch = await this.#entries.nextv(batchEntries);
      this.#at = 0;
    }
    const entry = this.#batch[this.#at];
    return entry && { key: entry[0].subarray(this.#prefixBytes), value: entry[1] };
  }

  /** Goes past the entry that was looked at. */
  pass(): void {
    this.#at += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entries.close();
  }
}

/** Told of a key that one side or both have. @returns whether to go on */
export type OnKey = (key: Buffer, told: Buffer | undefined, wanted: Buffer | undefined) => boolean;

/** Goes through two sides, key by key. */
export async function compareAll(toldSide: Cursor, wantedSide: Cursor, onKey: OnKey): Promise<void> {
  for (;;) {
    const pair = firstOf(await toldSide.peek(), await wantedSide.peek());
    if (pair === undefined || !onKey(pair.key, pair.told?.value, pair.wanted?.value)) return;
    if (pair.told !== undefined) toldSide.pass();
    if (pair.wanted !== undefined) wantedSide.pass();
  }
}

interface Pair {
  readonly key: Buffer;
  readonly told?: Entry;
  readonly wanted?: Entry;
}

function firstOf(told: Entry | undefined, wanted: Entry | undefined): Pair | undefined {
  if (told === undefined) return wanted && { key: wanted.key, wanted };
  if (wanted === undefined) return { key: told.key, told };
  const order = Buffer.compare(told.key, wanted.key);
  if (order === 0) return { key: told.key, told, wanted };
  return order < 0 ? { key: told.key, told } : { key: wanted.key, wanted };
}

/** The first text behind all that begin with a prefix, whose last character is no 0xff. */
function after(prefix: ByteString): ByteString {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
