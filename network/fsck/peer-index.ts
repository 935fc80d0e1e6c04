import { ClassicLevel } from 'classic-level';

import { sha256 } from './block.js';
import { type Chain } from './chain.js';
import { type FindingCode } from './finding.js';
import { type ByteString, display, Message } from './protobuf.js';
import { readEntries } from './rwset.js';
import { type Entry } from './state.js';

/** A fault in a peer's index; an index is derived, so a start without it makes it anew. */
export interface IndexFault {
  readonly code: FindingCode;
  readonly detail: string;
}

/** What the blocks say about public values that were written, as one number for each: see `historyMark`. */
export type HistoryMarks = ReadonlySet<string>;

interface Expected {
  readonly chain: Chain;
  readonly history: HistoryMarks;
  /** Length of the block file in bytes. */
  readonly fileBytes: number;
}

/** How many entries of each kind the index held that the chain wants too. */
type Counts = Record<'block' | 'blockHash' | 'history' | 'private' | 'state' | 'transaction', number>;

const versionBytes = 12;
const faultsMax = 10;
const batchEntries = 1_000;

/** One write of a value, for comparing: enough of a hash that no two are alike by chance. */
export function historyMark(namespace: ByteString, key: ByteString, block: bigint, index: number): string {
  const bytes = Buffer.from(`${block}:${index}:${namespace.length}:${namespace}${key}`, 'latin1');
  return sha256(bytes).subarray(0, 15).toString('latin1');
}

/**
 * Compares a peer's index, entry by entry, with what its blocks lead to. The form is read from the bytes alone: the
 * first byte of a key names its kind, numbers have their highest byte first.
 * @param onShare told how much of it was compared, from 0 to 1. @returns the first faults; `undefined` where another process has the index open
 */
export async function checkIndex(
  folder: string,
  expected: Expected,
  onShare: (share: number) => void,
): Promise<IndexFault[] | undefined> {
  const index = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  try {
    await index.open({ createIfMissing: false });
  } catch (cause) {
    if (isLocked(cause)) return undefined;
    return [{ code: 'INDEX_UNREADABLE', detail: 'the database cannot be opened' }];
  }
  try {
    return await compare(index, new IndexComparison(expected), onShare);
  } catch (cause) {
    return [{ code: 'INDEX_UNREADABLE', detail: cause instanceof Error ? cause.message : 'unreadable' }];
  } finally {
    await index.close();
  }
}

async function compare(
  index: ClassicLevel<Buffer, Buffer>,
  comparison: IndexComparison,
  onShare: (share: number) => void,
): Promise<IndexFault[]> {
  const faults: IndexFault[] = [];
  await using iterator = index.iterator();
  for (;;) {
    const batch = await iterator.nextv(batchEntries);
    if (batch.length === 0) break;
    for (const [key, value] of batch) {
      const fault = comparison.look(key, value);
      if (fault !== undefined && faults.push(fault) >= faultsMax) return faults;
    }
    onShare(comparison.share);
  }
  return [...faults, ...comparison.missing()].slice(0, faultsMax);
}

/** Whether an error, or one that caused it, says that somebody else holds the database. */
function isLocked(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  const { code, cause: deeper } = cause as { readonly code?: unknown; readonly cause?: unknown };
  return code === 'LEVEL_LOCKED' || isLocked(deeper);
}

class IndexComparison {
  readonly #expected: Expected;
  readonly #counts: Counts = { block: 0, blockHash: 0, history: 0, private: 0, state: 0, transaction: 0 };
  readonly #numbers: ReadonlyMap<string, bigint>;
  #savepoint = false;

  constructor(expected: Expected) {
    this.#expected = expected;
    this.#numbers = new Map(expected.chain.blocks.map(({ hash, number }) => [hash.toString('latin1'), number]));
  }

  look(key: Buffer, value: Buffer): IndexFault | undefined {
    switch (key.toString('latin1', 0, 1)) {
      case 'b':
        return this.#block(key.readBigUInt64BE(1), value);
      case 'x':
        return this.#blockHash(key.toString('latin1', 1), value);
      case 't':
        return this.#transaction(key.toString('latin1', 1), value);
      case 's':
        return this.#entry('state', key, value);
      case 'c':
        return this.#entry('private', key, value);
      case 'v':
        return this.#privateValue(key, value);
      case 'h':
        return this.#history(key);
      case 'p':
        return key.length === 1 ? this.#savepointOf(value) : undefined;
      default:
        return undefined; // What a peer plans for itself, such as when it looks for private keys that end.
    }
  }

  /** How much of what the chain wants was looked at, from 0 to 1. */
  get share(): number {
    const looked = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    return Math.min(1, looked / this.#wanted.reduce((sum, [, , , all]) => sum + all, 1));
  }

  /** What the chain wants and the index did not hold. */
  missing(): IndexFault[] {
    const short = this.#wanted.filter(([, , found, all]) => found !== all);
    const faults = short.map(([code, what, found, all]) => ({ code, detail: `${found} of ${all} ${what}` }));
    return this.#savepoint ? faults : [...faults, { code: 'INDEX_SAVEPOINT', detail: 'there is none' }];
  }

  /** Kinds of entries: how many were found, how many there should be. */
  get #wanted() {
    const { chain } = this.#expected;
    const entries = { state: 0, private: 0 };
    for (const { space, entries: held } of chain.state.spaces()) {
      entries[space.collection === '' ? 'state' : 'private'] += held.size;
    }
    const { length } = chain.blocks;
    return [
      ['INDEX_BLOCK', 'blocks', this.#counts.block, length],
      // An index of before such entries were written holds none of them until its peer starts.
      ['INDEX_BLOCK', 'block hashes', this.#counts.blockHash, this.#counts.blockHash === 0 ? 0 : length],
      ['INDEX_TRANSACTION', 'transactions', this.#counts.transaction, chain.transactions.size],
      ['INDEX_STATE', 'public keys', this.#counts.state, entries.state],
      ['INDEX_PRIVATE_HASH', 'private hashes', this.#counts.private, entries.private],
      ['INDEX_HISTORY', 'written values', this.#counts.history, this.#expected.history.size],
    ] as const;
  }

  #block(number: bigint, value: Buffer): IndexFault | undefined {
    const block = this.#expected.chain.blocks[Number(number)];
    const told = [value.readBigUInt64BE(0), value.readUInt32BE(8)].join(' ');
    this.#counts.block += 1;
    if (block !== undefined && told === `${block.offset} ${block.length}`) return undefined;
    return { code: 'INDEX_BLOCK', detail: `block ${number} does not lie at byte ${told.replace(' ', ', length ')}` };
  }

  #blockHash(hash: string, value: Buffer): IndexFault | undefined {
    this.#counts.blockHash += 1;
    if (this.#numbers.get(hash) === value.readBigUInt64BE(0)) return undefined;
    return { code: 'INDEX_BLOCK', detail: `a hash that is not that of block ${value.readBigUInt64BE(0)}` };
  }

  #transaction(txId: string, value: Buffer): IndexFault | undefined {
    const place = this.#expected.chain.transactions.get(txId);
    const told = `${versionAt(value)} ${value.readUInt8(versionBytes)}`;
    this.#counts.transaction += 1;
    if (place !== undefined && told === `${place.block}:${place.index} ${place.code}`) return undefined;
    return { code: 'INDEX_TRANSACTION', detail: `transaction ${display(txId)} at another place or with another code` };
  }

  #entry(kind: 'state' | 'private', key: Buffer, value: Buffer): IndexFault | undefined {
    const [namespace, rest] = splitAtZero(key.subarray(1));
    const [collection, name] = kind === 'private' ? splitAtZero(rest) : ['', rest];
    const wanted = this.#expected.chain.state.get({ namespace, collection }, name.toString('latin1'));
    this.#counts[kind] += 1;
    if (wanted !== undefined && holds(value, wanted)) return undefined;
    const shown = kind === 'private' ? name.toString('hex') : JSON.stringify(name.toString());
    const where = [namespace, ...(collection === '' ? [] : [collection])].map(display).join('/');
    const why = wanted === undefined ? 'is not in the state' : 'has another value, version or metadata';
    return { code: kind === 'state' ? 'INDEX_STATE' : 'INDEX_PRIVATE_HASH', detail: `key ${shown} of ${where} ${why}` };
  }

  /** A member's plain value is the one whose hash is in the blocks, or an older one that it still holds. */
  #privateValue(key: Buffer, value: Buffer): IndexFault | undefined {
    const [namespace, rest] = splitAtZero(key.subarray(1));
    const [collection, name] = splitAtZero(rest);
    const wanted = this.#expected.chain.state.get({ namespace, collection }, sha256(name).toString('latin1'));
    const plain = value.subarray(versionBytes + 4 + value.readUInt32BE(versionBytes));
    const told = versionAt(value);
    const isOlder = wanted === undefined || isBefore(told, wanted.version);
    const isSame = wanted?.version === told && sha256(sha256(plain)).toString('latin1') === wanted.valueHash;
    if (isOlder || isSame) return undefined;
    const hash = sha256(name).toString('hex');
    const where = `${display(namespace)}/${display(collection)}`;
    return { code: 'INDEX_PRIVATE_VALUE', detail: `the plain value of ${hash} in ${where} is not that of its hash` };
  }

  #history(key: Buffer): IndexFault | undefined {
    const [namespace, rest] = splitAtZero(key.subarray(1));
    const length = rest.readUInt32BE(0);
    const name = rest.toString('latin1', 4, 4 + length);
    const place = rest.subarray(4 + length);
    const mark = historyMark(namespace, name, place.readBigUInt64BE(0), place.readUInt32BE(8));
    this.#counts.history += 1;
    // Keys of an index are never alike, so as many as the chain wants, each of them wanted, are all of them.
    if (place.length === versionBytes && this.#expected.history.has(mark)) return undefined;
    return { code: 'INDEX_HISTORY', detail: `a write of ${JSON.stringify(display(name))} that no block holds` };
  }

  #savepointOf(value: Buffer): IndexFault | undefined {
    this.#savepoint = true;
    const { chain, fileBytes } = this.#expected;
    const told = [0, 8, 16].map((at) => value.readBigUInt64BE(at));
    const wanted = [chain.blocks.at(-1)?.number ?? 0n, chain.lastConfig, BigInt(fileBytes)];
    const commitHash = value.subarray(value.length - chain.lastCommitHash.length);
    if (told.join() === wanted.join() && commitHash.equals(chain.lastCommitHash)) return undefined;
    return { code: 'INDEX_SAVEPOINT', detail: `it tells ${told.join(', ')} where ${wanted.join(', ')} is the case` };
  }
}

/** Version (block number and position), length of the metadata, metadata, value. */
function holds(bytes: Buffer, { version, valueHash, metadata }: Entry): boolean {
  const valueAt = versionBytes + 4 + bytes.readUInt32BE(versionBytes);
  const told = readEntries(new Message(bytes.subarray(versionBytes + 4, valueAt)));
  return (
    versionAt(bytes) === version &&
    sha256(bytes.subarray(valueAt)).toString('latin1') === valueHash &&
    told.size === metadata.size &&
    [...metadata].every(([name, value]) => Buffer.compare(told.get(name) ?? Buffer.alloc(0), value) === 0)
  );
}

function isBefore(left: string, right: string): boolean {
  const [a = [], b = []] = [left, right].map((version) => version.split(':').map(BigInt));
  const blocks = (a[0] ?? 0n) - (b[0] ?? 0n);
  return blocks < 0n || (blocks === 0n && (a[1] ?? 0n) < (b[1] ?? 0n));
}

function versionAt(bytes: Buffer): string {
  return `${bytes.readBigUInt64BE(0)}:${bytes.readUInt32BE(8)}`;
}

function splitAtZero(bytes: Buffer): [ByteString, Buffer] {
  const at = bytes.indexOf(0);
  return [bytes.toString('latin1', 0, at), bytes.subarray(at + 1)];
}
