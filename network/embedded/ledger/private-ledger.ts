import { type Verdicts } from '../commit/judge-block.js';
import { type SealedBlock } from '../commit/seal-block.js';
import { sha256 } from '../wire/private-rwset.js';
import { readKvRwSet } from '../wire/rwset-reader.js';
import { sameBytes } from '../wire/utf8-order.js';
import { type Disk, type IndexChange, type IndexDatabase } from './disk.js';
import { IndexBatch } from './index-batch.js';
import { encodeEntry, expiryKey, privateKey } from './index-codec.js';
import { expiredChanges, expiryChanges, type PlacedSet, privateChanges, privateUpdates } from './private-changes.js';
import { type PrivatePlace } from './private-codec.js';
import { type BlockPrivateData, PrivateStore } from './private-store.js';
import { TransientStore } from './transient-store.js';

/** All plain values of the index. */
const plainValues = { gte: Buffer.from('v'), lt: Buffer.from('w') };

/** Everything of the index that says when a private key ends. */
const allEndings = { gte: Buffer.from('e'), lt: Buffer.from('f') };

/**
 * The private side of one peer's ledger. Its order of writing is what a crash cannot break: a block's private sets are
 * durable before the block, enter the state together with it, and what the block purges is removed afterwards, again
 * after a restart where it had not come so far.
 */
export class PrivateLedger {
  /** Plain text that waits for its transaction. */
  readonly transient: TransientStore;
  /** Plain text of committed transactions. */
  readonly store: PrivateStore;
  readonly #index: IndexDatabase;
  readonly #disk: Disk;
  #openSnapshots = 0;
  /** Whether there ever was a private key that ends: most channels have none. `undefined` until it was looked for. */
  #hasEndings: boolean | undefined;

  constructor(index: IndexDatabase, store: IndexDatabase, disk: Disk, fsync: boolean) {
    this.#index = index;
    this.#disk = disk;
    this.store = new PrivateStore(store, disk, fsync);
    this.transient = new TransientStore(store, disk, fsync);
  }

  /** Before a block is written. */
  async keep(
    blockNumber: bigint,
    verdicts: Verdicts,
    data: Pick<BlockPrivateData, 'sets' | 'missing'> = { sets: [], missing: [] },
  ): Promise<void> {
    await this.store.keep(blockNumber, { ...data, purges: purgesOf(verdicts) });
  }

  /** Adds a block's changes to a batch: what it ends, what it does in public, what it does in private. */
  async addTo(
    batch: IndexBatch,
    { block, verdicts }: SealedBlock,
    publicChanges: readonly IndexChange[],
  ): Promise<void> {
    this.#hasEndings ??= (await this.#index.keys({ ...allEndings, limit: 1 }).all()).length > 0;
    const ended = this.#hasEndings ? await expiredChanges(block.number, this.#index, batch) : [];
    const touchesPrivate = verdicts.transactions.some(({ rwset }) =>
      rwset.some(({ collections }) => collections.length > 0),
    );
    const added = touchesPrivate ? await this.#privateChanges(block.number, verdicts, batch) : [];
    if (added.some(({ key }) => key[0] === allEndings.gte[0])) this.#hasEndings = true;
    batch.add([...ended, ...publicChanges, ...added]); // What the block itself writes is not ended by it.
  }

  /** After a block is in the index. */
  settle(blockNumber: bigint): Promise<void> {
    return this.store.settle(blockNumber);
  }

  /** After a start. @param height number of blocks that are durable */
  async recovered(height: bigint): Promise<void> {
    await this.transient.load();
    await this.store.cut(height);
    if (height > 0n) await this.store.settle(height - 1n);
    await this.forgetPurged();
  }

  /** Counts an open snapshot. @returns what its closing calls. */
  snapshotOpened(): () => void {
    this.#openSnapshots += 1;
    return () => {
      this.#openSnapshots -= 1;
    };
  }

  /** Removes purged bytes from the disk, unless a snapshot still needs them; then a later call does. */
  async forgetPurged(): Promise<void> {
    if (this.#openSnapshots === 0 && this.store.mustForget) await this.store.forget(this.#index, plainValues);
  }

  /**
   * Takes a set that was missing and that the block bears out. Values that are still the current ones enter the state.
   * @param blockToLive of the collection
   */
  async supply(place: PrivatePlace, bytes: Uint8Array, blockToLive: bigint): Promise<void> {
    if (blockToLive > 0n) this.#hasEndings = true;
    const kept = await this.store.supply(place, bytes, blockToLive);
    const changes = readKvRwSet(kept).writes.flatMap(({ key, value }) =>
      this.#valueIfCurrent(place, { key, value }, blockToLive),
    );
    await this.#disk.apply(this.#index, changes);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #privateChanges(blockNumber: bigint, verdicts: Verdicts, batch: IndexBatch): Promise<IndexChange[]> {
    const sets: PlacedSet[] = [];
    for await (const set of this.store.setsOf(blockNumber)) sets.push(set);
    const updates = privateUpdates(sets, verdicts.updates, batch);
    const purged: IndexChange[] = [];
    for (const { namespace, collection, keyHash, txIndex } of purgesOf(verdicts)) {
      const key = { namespace, collection, keyHash };
      const plain = await this.store.plainKey(key, { blockNumber, txIndex });
      if (plain !== undefined) purged.push({ key: privateKey(namespace, collection, plain), value: undefined });
    }
    return [...purged, ...privateChanges(updates), ...expiryChanges(blockNumber, verdicts.updates, updates, batch)];
  }

  /** A late value enters the state when it is still the one that the hash in the state is of. */
  #valueIfCurrent(
    { namespace, collection }: PrivatePlace,
    { key, value }: { readonly key: string; readonly value: Uint8Array },
    blockToLive: bigint,
  ): IndexChange[] {
    const keyHash = sha256(key);
    const hashed = new IndexBatch(this.#index).getHashed(namespace, collection, keyHash);
    if (hashed === undefined || value.length === 0 || !sameBytes(hashed.value, sha256(value))) return [];
    const { version } = hashed;
    const entry = {
      key: privateKey(namespace, collection, key),
      value: encodeEntry({ value, version, metadata: new Map() }),
    };
    if (blockToLive === 0n) return [entry];
    const writtenBlock = version.blockNumber;
    const expiring = { expiryBlock: writtenBlock + blockToLive + 1n, writtenBlock, namespace, collection, keyHash };
    return [entry, { key: expiryKey(expiring), value: Buffer.from(key) }];
  }
}

/** Keys that the valid transactions of a block purge. */
function purgesOf({ transactions }: Verdicts): BlockPrivateData['purges'] {
  return transactions.flatMap(({ rwset }, txIndex) =>
    rwset.flatMap(({ namespace, collections }) =>
      collections.flatMap(({ collection, writes }) =>
        writes.filter(({ isPurge }) => isPurge).map(({ keyHash }) => ({ namespace, collection, keyHash, txIndex })),
      ),
    ),
  );
}
