import { type PrivateRwSet, sha256 } from '../wire/private-rwset.js';
import { type Version } from '../wire/rwset.js';
import { readKvRwSet } from '../wire/rwset-reader.js';
import { type Disk, type IndexChange, type IndexDatabase } from './disk.js';
import {
  blockRange,
  expiredRange,
  expiryKey,
  FORGET_KEY,
  type HashedKey,
  holderKey,
  holderRange,
  kindRange,
  missingKey,
  type PrivatePlace,
  purgedKey,
  purgeKey,
  readExpiryPlace,
  readPlace,
  readPurgeKey,
  readVersion,
  setKey,
  versionBytes,
  versionOfHolder,
} from './private-codec.js';
import { withoutKey } from './trim-private-set.js';

const EMPTY = Buffer.alloc(0);

/** A set that a valid transaction wrote. `blockToLive` counts blocks; 0 keeps it. */
export interface CommittedSet extends PrivateRwSet {
  readonly txIndex: number;
  readonly blockToLive: bigint;
}

/** A set that a valid transaction wrote and this peer does not hold. */
export type MissingSet = Omit<CommittedSet, 'bytes'>;

/** What a peer holds of a block's private data: the sets it has, and which it has not. */
export interface BlockPrivateData {
  readonly sets: readonly CommittedSet[];
  readonly missing: readonly MissingSet[];
  /** Keys that the block's valid transactions purge. */
  readonly purges: readonly (HashedKey & { readonly txIndex: number })[];
}

/**
 * The plain text of private collections that one peer is entitled to, transaction by transaction: what cannot come
 * back from blocks, because blocks hold hashes only. Unlike blocks it forgets: what is purged or expired is removed
 * from every set. A LevelDB of its own beside the block file.
 */
export class PrivateStore {
  readonly #database: IndexDatabase;
  readonly #disk: Disk;
  readonly #fsync: boolean;
  /** Whether there ever was a purge, or a set that ends: most channels have neither. `undefined` until it was looked for. */
  #hasPurges: boolean | undefined;
  #hasEnds: boolean | undefined;

  constructor(database: IndexDatabase, disk: Disk, fsync: boolean) {
    this.#database = database;
    this.#disk = disk;
    this.#fsync = fsync;
  }

  /** Keeps what belongs to a block, before the block itself is written. */
  async keep(blockNumber: bigint, { sets, missing, purges }: BlockPrivateData): Promise<void> {
    if (purges.length > 0) this.#hasPurges = true;
    if ([...sets, ...missing].some(({ blockToLive }) => blockToLive > 0n)) this.#hasEnds = true;
    const changes = [
      ...sets.flatMap((set) => setChanges({ ...set, blockNumber }, set)),
      ...missing.flatMap(({ blockToLive, ...place }) => [
        { key: missingKey({ ...place, blockNumber }), value: EMPTY },
        ...expiryChanges({ ...place, blockNumber }, blockToLive),
      ]),
      ...purges.map((purge) => ({ key: purgeKey(purge, { ...purge, blockNumber }), value: EMPTY })),
    ];
    if (changes.length > 0) await this.#disk.keep(this.#database, changes, this.#fsync);
  }

  /** Bytes of a set; `undefined` where this peer does not hold it. */
  set(place: PrivatePlace): Buffer | undefined {
    return this.#database.getSync(setKey(place));
  }

  /** The sets of one block, in the order of its transactions. */
  async *setsOf(blockNumber: bigint): AsyncIterable<PrivatePlace & PrivateRwSet> {
    for await (const [key, bytes] of this.#database.iterator(blockRange('s', blockNumber))) {
      yield { ...readPlace(key), bytes };
    }
  }

  /** Sets that blocks have a hash of and this peer does not hold, entitled or not. */
  async *missing(): AsyncIterable<PrivatePlace> {
    for await (const key of this.#database.keys(kindRange('m'))) yield readPlace(key);
  }

  /** Keeps a set that was missing; what was purged since is left out. @returns what was kept. */
  async supply(place: PrivatePlace, bytes: Uint8Array, blockToLive: bigint): Promise<Uint8Array> {
    const kept = readKvRwSet(bytes).writes.reduce((set, { key }) => {
      const purged = this.#database.getSync(purgedKey({ ...place, keyHash: sha256(key) }));
      return purged && isAfter(readVersion(purged, 0), place) ? withoutKey(set, sha256(key)) : set;
    }, bytes);
    if (blockToLive > 0n) this.#hasEnds = true;
    const changes = setChanges(place, { bytes: kept, blockToLive });
    await this.#disk.keep(this.#database, [...changes, { key: missingKey(place), value: undefined }], this.#fsync);
    return kept;
  }

  /** The plain names of a key that this peer's sets up to `last` hold: one, or none. */
  async plainKey(key: HashedKey, last: Version): Promise<string | undefined> {
    for await (const plain of this.#database.values({ ...holderRange(key, last), limit: 1 })) return plain.toString();
    return undefined;
  }

  /** Carries out what the blocks up to `blockNumber` ended: purged keys leave every set, expired sets go. */
  async settle(blockNumber: bigint): Promise<void> {
    this.#hasPurges ??= await this.#holdsAny(kindRange('q'));
    this.#hasEnds ??= await this.#holdsAny(kindRange('e'));
    const purges = this.#hasPurges ? await this.#purges(blockNumber) : [];
    const changes = [...purges, ...(this.#hasEnds ? await this.#expired(blockNumber) : [])];
    if (changes.length > 0) await this.#disk.keep(this.#database, changes, this.#fsync);
  }

  /** Drops what was kept for blocks from `height` on, which never became durable. */
  async cut(height: bigint): Promise<void> {
    const changes: IndexChange[] = [];
    for (const kind of ['s', 'm', 'q'] as const) {
      for await (const [key, bytes] of this.#database.iterator(blockRange(kind, height, true))) {
        changes.push({ key, value: undefined });
        if (kind === 's')
          changes.push(...holders(readPlace(key), bytes).map((each) => ({ key: each.key, value: undefined })));
      }
    }
    if (changes.length > 0) await this.#disk.keep(this.#database, changes, this.#fsync);
  }

  /** Whether a purge has left bytes behind that nothing refers to any more. */
  get mustForget(): boolean {
    return this.#database.getSync(FORGET_KEY) !== undefined;
  }

  /** Removes those bytes from the disk. @param alsoFrom another database that held them, and the keys there */
  async forget(alsoFrom: IndexDatabase, range: { readonly gte: Buffer; readonly lt: Buffer }): Promise<void> {
    await rewrite(alsoFrom, range);
    await rewrite(this.#database, { gte: Buffer.from([0]), lt: Buffer.from([0xff]) });
    await this.#database.del(FORGET_KEY);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #holdsAny(range: { readonly gte: Buffer; readonly lt: Buffer }): Promise<boolean> {
    return (await this.#database.keys({ ...range, limit: 1 }).all()).length > 0;
  }

  async #purges(blockNumber: bigint): Promise<IndexChange[]> {
    const changes: IndexChange[] = [];
    const trimmed = new Map<string, { readonly key: Buffer; readonly value: Uint8Array }>();
    for await (const asked of this.#database.keys({ ...kindRange('q'), lt: blockRange('q', blockNumber).lt })) {
      const purge = readPurgeKey(asked);
      changes.push({ key: asked, value: undefined }, { key: purgedKey(purge), value: versionBytes(purge) });
      for await (const holder of this.#database.keys(holderRange(purge, purge))) {
        const key = setKey({ ...purge, ...versionOfHolder(holder) });
        const id = key.toString('latin1');
        const set = trimmed.get(id)?.value ?? this.#database.getSync(key);
        if (set) trimmed.set(id, { key, value: withoutKey(set, purge.keyHash) });
        changes.push({ key: holder, value: undefined });
      }
    }
    if (trimmed.size > 0) changes.push({ key: FORGET_KEY, value: EMPTY });
    return [...changes, ...[...trimmed.values()].map(({ key, value }) => ({ key, value: Buffer.from(value) }))];
  }

  async #expired(blockNumber: bigint): Promise<IndexChange[]> {
    const changes: IndexChange[] = [];
    for await (const expired of this.#database.keys(expiredRange(blockNumber))) {
      const place = readExpiryPlace(expired);
      const bytes = this.set(place);
      if (bytes) changes.push(...holders(place, bytes).map(({ key }) => ({ key, value: undefined })));
      for (const key of [expired, setKey(place), missingKey(place)]) changes.push({ key, value: undefined });
    }
    return changes;
  }
}

/**
 * Makes a database write its files anew, without what was overwritten or deleted. LevelDB leaves a file alone that
 * nothing above it overlaps: so, after what memory holds has become files, marks of nothing are laid over the range.
 */
async function rewrite(
  database: IndexDatabase,
  { gte, lt }: { readonly gte: Buffer; readonly lt: Buffer },
): Promise<void> {
  await database.compactRange(gte, lt);
  await database.batch([gte, lt].map((key) => ({ type: 'del', key })));
  await database.compactRange(gte, lt);
}

function setChanges(
  place: PrivatePlace,
  { bytes, blockToLive }: { readonly bytes: Uint8Array; readonly blockToLive: bigint },
): IndexChange[] {
  return [
    { key: setKey(place), value: Buffer.from(bytes) },
    ...holders(place, bytes),
    ...expiryChanges(place, blockToLive),
  ];
}

/** Which keys a set writes, so that a purge finds it. */
function holders(place: PrivatePlace, bytes: Uint8Array): { readonly key: Buffer; readonly value: Buffer }[] {
  const { writes, metadataWrites } = readKvRwSet(bytes);
  return [...writes, ...metadataWrites].map(({ key }) => ({
    key: holderKey({ ...place, keyHash: sha256(key) }, place),
    value: Buffer.from(key),
  }));
}

/** A set lives through `blockToLive` more blocks and ends with the next one (pvtdatapolicy/btlpolicy.go). */
function expiryChanges(place: PrivatePlace, blockToLive: bigint): IndexChange[] {
  if (blockToLive === 0n) return [];
  return [{ key: expiryKey(place.blockNumber + blockToLive + 1n, place), value: EMPTY }];
}

function isAfter(left: Version, right: Version): boolean {
  if (left.blockNumber !== right.blockNumber) return left.blockNumber > right.blockNumber;
  return left.txIndex > right.txIndex;
}
