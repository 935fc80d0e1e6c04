import { type ClassicLevel } from 'classic-level';

import { sha256 } from './block.js';
import { compareAll, Cursor } from './cursor.js';
import { checkDatabase, type DatabaseFault, type Faults } from './databases.js';
import { type ByteString, display } from './protobuf.js';
import {
  encodeVersion,
  type HashedSet,
  isBefore,
  purgeKey,
  readSet,
  splitAtZero,
  versionAt,
  versionLength,
} from './records.js';
import { readPublic, type Version } from './rwset.js';
import { type Scratch } from './scratch.js';
import { type Space } from './state.js';
import { Unreadable } from './unreadable.js';

/** What was found out about the plain text that a peer keeps of private collections. */
export interface PrivateReport {
  readonly faults: readonly DatabaseFault[];
  /** Sets that blocks have hashes of and this peer does not hold, be it entitled to them or not. */
  readonly missing: number;
}

type Database = ClassicLevel<Buffer, Buffer>;

/** What the blocks lead to, and how many they are. */
interface Expected {
  readonly scratch: Scratch;
  readonly height: number;
}

/** A transaction's set of one collection. */
interface Place {
  readonly version: Version;
  readonly space: Space;
}

const hashLength = 32;
const hashOfNothing = sha256().toString('latin1');

/**
 * Compares a peer's private store with the hashes in the blocks: every set that it holds is one that a valid
 * transaction wrote, value by value; one that it does not hold it knows to be missing; what was purged or has ended is
 * gone. As in an index, the first byte of a key names its kind: s set · m missing set · k which set writes a key · q purge
 * and e end that are still to be carried out, which a start does.
 * @param scratch what the blocks lead to. @param height how many blocks there are
 * @returns `undefined` where another process has the store open
 */
export async function checkPrivateData(
  folder: string,
  scratch: Scratch,
  height: number,
): Promise<PrivateReport | undefined> {
  let missing = 0;
  const faults = await checkDatabase(folder, 'PRIVATE_UNREADABLE', async (store, found) => {
    const check = new PrivateCheck(store, { scratch, height }, found);
    await check.sets();
    await check.keys();
    ({ missing } = check);
  });
  return faults && { faults, missing };
}

class PrivateCheck {
  missing = 0;
  readonly #store: Database;
  readonly #expected: Expected;
  readonly #faults: Faults;

  constructor(store: Database, expected: Expected, faults: Faults) {
    this.#store = store;
    this.#expected = expected;
    this.#faults = faults;
  }

  /** Every set, against what the blocks say of it. */
  async sets(): Promise<void> {
    await using told = new Cursor(this.#store, 's');
    await using wanted = await this.#expected.scratch.cursor('S');
    await compareAll(told, wanted, (key, bytes, hashes) => {
      const place = readPlace(key);
      if (hashes === undefined)
        return this.#isNotYetWritten(place) || this.#fault('PRIVATE_SET', place, 'no block has its hash');
      const set = readSet(hashes);
      return bytes === undefined ? this.#checkAbsent(key, place, set) : this.#checkSet(bytes, place, set);
    });
  }

  /** Every plain name of a key: purged and ended ones are gone too. */
  async keys(): Promise<void> {
    await using holders = new Cursor(this.#store, 'k');
    for (let holder = await holders.next(); holder !== undefined; holder = await holders.next()) {
      const { key, value: plain } = holder;
      const hashAt = key.length - versionLength - hashLength;
      const [namespace, rest] = splitAtZero(key);
      const collection = rest.toString('latin1', 0, hashAt - namespace.length - 2);
      const keyHash = key.toString('latin1', hashAt, hashAt + hashLength);
      const place = { version: versionAt(key, hashAt + hashLength), space: { namespace, collection } };
      const isNamed = sha256(plain).toString('latin1') === keyHash;
      const goesOn = isNamed
        ? this.#checkPurged(place, keyHash)
        : this.#fault('PRIVATE_SET', place, 'a key that is not that of its hash');
      if (!goesOn) return;
    }
  }

  #checkAbsent(key: Buffer, place: Place, { endBlock }: HashedSet): boolean {
    if (this.#hasEnded(endBlock)) return true;
    this.missing += 1;
    if (this.#store.getSync(Buffer.concat([Buffer.from('m'), key])) !== undefined) return true;
    return this.#fault('PRIVATE_LOST', place, 'it is not held, and not known to be missing');
  }

  #checkSet(bytes: Buffer, place: Place, set: HashedSet): boolean {
    if (this.#hasEnded(set.endBlock) && !this.#endIsPending(set.endBlock, place)) {
      return this.#fault('PRIVATE_EXPIRED', place, `its time was over with block ${set.endBlock}`);
    }
    try {
      return this.#checkWrites(bytes, place, set);
    } catch (cause) {
      if (!(cause instanceof Unreadable)) throw cause;
      return this.#fault('PRIVATE_SET', place, cause.message);
    }
  }

  #checkWrites(bytes: Buffer, place: Place, { setHash, writes, metadata }: HashedSet): boolean {
    const plain = readPublic(place.space.namespace, bytes);
    const held = plain.writes.map((write) => ({
      ...write,
      keyHash: sha256(Buffer.from(write.key, 'latin1')).toString('latin1'),
    }));
    for (const { keyHash, isDelete, value } of held) {
      if (!this.#checkPurged(place, keyHash)) return false;
      if (writes.has(keyHash) && isHashOf(writes.get(keyHash) ?? '', isDelete, value)) continue;
      return this.#fault(
        'PRIVATE_SET',
        place,
        `what it writes to ${hex(keyHash)} is not what the block has the hash of`,
      );
    }
    const told = new Set(plain.metadata.map(({ key }) => sha256(Buffer.from(key, 'latin1')).toString('latin1')));
    const names = new Set(held.map(({ keyHash }) => keyHash));
    const gone = [...writes.keys()]
      .filter((hash) => !names.has(hash))
      .concat([...metadata].filter((hash) => !told.has(hash)));
    const lost = gone.find((hash) => !this.#isPurged(place, hash));
    if (lost !== undefined) return this.#fault('PRIVATE_SET', place, `it lacks what it wrote to ${hex(lost)}`);
    if (gone.length > 0 || sha256(bytes).equals(setHash)) return true;
    return this.#fault('PRIVATE_SET', place, 'its bytes are not those of its hash');
  }

  #checkPurged(place: Place, keyHash: ByteString): boolean {
    if (!this.#isPurged(place, keyHash) || this.#purgeIsPending(place, keyHash)) return true;
    return this.#fault('PRIVATE_PURGED', place, `it still holds ${hex(keyHash)}, which was purged`);
  }

  #isPurged({ version, space }: Place, keyHash: ByteString): boolean {
    const purged = this.#expected.scratch.get(purgeKey(space, keyHash));
    return purged !== undefined && !isBefore(versionAt(purged, 0), version);
  }

  /** A crash between a block and the purge that it asks for: the next start carries it out. */
  #purgeIsPending({ space }: Place, keyHash: ByteString): boolean {
    const purged = this.#expected.scratch.get(purgeKey(space, keyHash));
    const rest = `${space.namespace}\0${space.collection}\0${keyHash}`;
    const key = `q${purged?.toString('latin1') ?? ''}${rest}`;
    return this.#store.getSync(Buffer.from(key, 'latin1')) !== undefined;
  }

  #endIsPending(endBlock: bigint, { version, space }: Place): boolean {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(endBlock);
    const names = Buffer.from(`${space.namespace}\0${space.collection}`, 'latin1');
    const key = Buffer.concat([Buffer.from('e'), number, encodeVersion(version), names]);
    return endBlock === BigInt(this.#height - 1) && this.#store.getSync(key) !== undefined;
  }

  #hasEnded(endBlock: bigint): boolean {
    return endBlock > 0n && endBlock < BigInt(this.#height);
  }

  /** Private data is kept before its block is: after a crash between, there is no such block yet. */
  #isNotYetWritten({ version }: Place): boolean {
    return BigInt(version.split(':')[0] ?? '0') >= BigInt(this.#height);
  }

  get #height(): number {
    return this.#expected.height;
  }

  #fault(code: DatabaseFault['code'], { version, space }: Place, why: string): boolean {
    const [block, transaction] = version.split(':');
    const where = `${display(space.namespace)}/${display(space.collection)}`;
    const detail = `private data of transaction ${transaction} of block ${block} in ${where}: ${why}`;
    return this.#faults.add({ code, detail });
  }
}

function readPlace(key: Buffer): Place {
  const [namespace, collection] = splitAtZero(key.subarray(versionLength));
  return { version: versionAt(key, 0), space: { namespace, collection: collection.toString('latin1') } };
}

function isHashOf(hash: ByteString, isDelete: boolean, value: Uint8Array): boolean {
  if (isDelete) return hash === '';
  const told = sha256(value).toString('latin1');
  return hash === told || (hash === '' && told === hashOfNothing);
}

function hex(hash: ByteString): string {
  return Buffer.from(hash, 'latin1').toString('hex');
}
