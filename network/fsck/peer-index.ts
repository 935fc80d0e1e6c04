import { type ClassicLevel } from 'classic-level';

import { sha256 } from './block.js';
import { type Chain } from './chain.js';
import { compareAll, Cursor, type Entry } from './cursor.js';
import { checkDatabase, type DatabaseFault, type Faults } from './databases.js';
import { type FindingCode } from './finding.js';
import { display, Message } from './protobuf.js';
import { isBefore, readEntry, splitAtZero, versionAt, versionLength } from './records.js';
import { readEntries } from './rwset.js';
import { type Scratch } from './scratch.js';

/** What a chain leads to. */
export interface Expected {
  readonly chain: Chain;
  readonly scratch: Scratch;
  /** Length of the block file in bytes. */
  readonly fileBytes: number;
}

/** One kind of entries that blocks lead to: whether what an index says of a key is what it should say, and names for people. */
interface Kind {
  readonly letter: string;
  readonly code: FindingCode;
  readonly isSame: (told: Buffer, wanted: Buffer) => boolean;
  readonly name: (key: Buffer) => string;
}

const tellEvery = 100;

const isEqual = (told: Buffer, wanted: Buffer): boolean => told.equals(wanted);

const kinds: readonly Kind[] = [
  { letter: 'b', code: 'INDEX_BLOCK', isSame: isEqual, name: (key) => `block ${key.readBigUInt64BE(0)}` },
  { letter: 'c', code: 'INDEX_PRIVATE_HASH', isSame: holds, name: nameOfHash },
  { letter: 'h', code: 'INDEX_HISTORY', isSame: () => true, name: nameOfWrite },
  { letter: 's', code: 'INDEX_STATE', isSame: holds, name: nameOfKey },
  { letter: 't', code: 'INDEX_TRANSACTION', isSame: isEqual, name: (key) => `transaction ${key.toString()}` },
  { letter: 'x', code: 'INDEX_BLOCK', isSame: isEqual, name: (key) => `a block of hash ${key.toString('hex')}` },
];

/**
 * Compares a peer's index, entry by entry, with what its blocks lead to. The form is read from the bytes alone: the
 * first byte of a key names its kind, numbers have their highest byte first.
 * @param onShare told how much of it was compared, from 0 to 1. @returns the first faults; `undefined` where another process has the index open
 */
export function checkIndex(
  folder: string,
  expected: Expected,
  onShare: (share: number) => void,
): Promise<readonly DatabaseFault[] | undefined> {
  const { chain } = expected;
  const all = 2 * chain.height + chain.transactions + chain.writes + chain.state.count;
  let looked = 0;
  return checkDatabase(folder, 'INDEX_UNREADABLE', async (index, faults) => {
    for (const kind of kinds) {
      if (kind.letter === 'x' && !(await hasAny(index, 'x'))) continue; // Of before such entries were written.
      await compareKind(index, expected, kind, faults, () => {
        looked += 1;
        if (looked % tellEvery === 0) onShare(Math.min(1, looked / all));
      });
    }
    onShare(1);
    await checkPlainValues(index, expected, faults);
    faults.add(savepointFault(index.getSync(Buffer.from('p')), expected));
  });
}

async function hasAny(index: ClassicLevel<Buffer, Buffer>, letter: string): Promise<boolean> {
  await using cursor = new Cursor(index, letter);
  return (await cursor.next()) !== undefined;
}

async function compareKind(
  index: ClassicLevel<Buffer, Buffer>,
  { scratch }: Expected,
  { letter, code, isSame, name }: Kind,
  faults: Faults,
  onEntry: () => void,
): Promise<void> {
  await using told = new Cursor(index, letter);
  await using wanted = await scratch.cursor(letter);
  await compareAll(told, wanted, (key, mine, theirs) => {
    onEntry();
    if (mine === undefined) return faults.add({ code, detail: `${name(key)} is not in it` });
    if (theirs === undefined) return faults.add({ code, detail: `${name(key)}: no block leads to it` });
    return isSame(mine, theirs) || faults.add({ code, detail: `${name(key)} is told in another way than blocks do` });
  });
}

/** A member's plain value is the one whose hash is in the blocks, or an older one that it still holds. */
async function checkPlainValues(
  index: ClassicLevel<Buffer, Buffer>,
  { scratch }: Expected,
  faults: Faults,
): Promise<void> {
  await using values = new Cursor(index, 'v');
  for (let entry = await values.next(); entry !== undefined; entry = await values.next()) {
    if (!faults.add(plainValueFault(entry, scratch))) return;
  }
}

function plainValueFault({ key, value }: Entry, scratch: Scratch): DatabaseFault | undefined {
  const [namespace, rest] = splitAtZero(key);
  const [collection, name] = splitAtZero(rest);
  const hash = sha256(name);
  const bytes = scratch.get(`c${namespace}\0${collection}\0${hash.toString('latin1')}`);
  const wanted = bytes && readEntry(bytes);
  const plain = value.subarray(versionLength + 4 + value.readUInt32BE(versionLength));
  const told = versionAt(value, 0);
  const isOlder = wanted === undefined || isBefore(told, wanted.version);
  const isSame = wanted?.version === told && sha256(sha256(plain)).toString('latin1') === wanted.valueHash;
  if (isOlder || isSame) return undefined;
  const where = `${display(namespace)}/${display(collection)}`;
  const detail = `the plain value of ${hash.toString('hex')} in ${where} is not that of its hash`;
  return { code: 'INDEX_PRIVATE_VALUE', detail };
}

function savepointFault(value: Buffer | undefined, { chain, fileBytes }: Expected): DatabaseFault | undefined {
  if (value === undefined) return { code: 'INDEX_SAVEPOINT', detail: 'there is none' };
  const told = [0, 8, 16].map((at) => value.readBigUInt64BE(at));
  const wanted = [BigInt(chain.height - 1), chain.lastConfig, BigInt(fileBytes)];
  const commitHash = value.subarray(value.length - chain.lastCommitHash.length);
  if (told.join() === wanted.join() && commitHash.equals(chain.lastCommitHash)) return undefined;
  return { code: 'INDEX_SAVEPOINT', detail: `it tells ${told.join(', ')} where ${wanted.join(', ')} is the case` };
}

/** Version (block number and position), length of the metadata, metadata, value. */
function holds(told: Buffer, wantedBytes: Buffer): boolean {
  const { version, valueHash, metadata } = readEntry(wantedBytes);
  const valueAt = versionLength + 4 + told.readUInt32BE(versionLength);
  const entries = readEntries(new Message(told.subarray(versionLength + 4, valueAt)));
  return (
    versionAt(told, 0) === version &&
    sha256(told.subarray(valueAt)).toString('latin1') === valueHash &&
    entries.size === metadata.size &&
    [...metadata].every(([name, value]) => Buffer.compare(entries.get(name) ?? Buffer.alloc(0), value) === 0)
  );
}

function nameOfKey(key: Buffer): string {
  const [namespace, name] = splitAtZero(key);
  return `key ${JSON.stringify(name.toString())} of ${display(namespace)}`;
}

function nameOfHash(key: Buffer): string {
  const [namespace, rest] = splitAtZero(key);
  const [collection, hash] = splitAtZero(rest);
  return `key ${hash.toString('hex')} of ${display(namespace)}/${display(collection)}`;
}

function nameOfWrite(key: Buffer): string {
  const [namespace, rest] = splitAtZero(key);
  const end = Math.min(4 + rest.readUInt32BE(0), rest.length - versionLength);
  const where = `in block ${rest.readBigUInt64BE(rest.length - versionLength)}`;
  return `a write of ${JSON.stringify(rest.toString('utf8', 4, end))} of ${display(namespace)} ${where}`;
}
