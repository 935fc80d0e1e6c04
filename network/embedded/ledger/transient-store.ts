import { type PrivateRwSet, sha256 } from '../wire/private-rwset.js';
import { type Disk, type IndexChange, type IndexDatabase } from './disk.js';
import { uint64 } from './index-codec.js';
import {
  ageKey,
  kindRange,
  olderRange,
  type TransientPlace,
  transientKey,
  transientOfAge,
  transientRange,
} from './private-codec.js';

const HEIGHT_BYTES = 8;

/**
 * Plain text that was endorsed and is not committed yet: it waits here, on each entitled peer, for its transaction.
 * Source: Fabric core/transientstore/store.go.
 */
export class TransientStore {
  readonly #database: IndexDatabase;
  readonly #disk: Disk;
  readonly #fsync: boolean;
  /** Transactions that have sets here, so that a block's others cost nothing. */
  readonly #waiting = new Set<string>();

  constructor(database: IndexDatabase, disk: Disk, fsync: boolean) {
    this.#database = database;
    this.#disk = disk;
    this.#fsync = fsync;
  }

  /** Looks what a former process left. */
  async load(): Promise<void> {
    for await (const key of this.#database.keys(kindRange('t'))) this.#waiting.add(txIdOf(key));
  }

  /** @param height of the ledger that the transaction was simulated on; it says when an orphan may go. */
  async keep(txId: string, sets: readonly PrivateRwSet[], height: bigint): Promise<void> {
    const changes = sets.flatMap(({ namespace, collection, bytes }) => {
      const place = { txId, namespace, collection, setHash: sha256(bytes) };
      return [
        { key: transientKey(place), value: Buffer.concat([uint64(height), bytes]) },
        { key: ageKey(height, place), value: Buffer.alloc(0) },
      ];
    });
    if (changes.length === 0) return;
    await this.#disk.keep(this.#database, changes, this.#fsync);
    this.#waiting.add(txId);
  }

  /** Bytes of the one set that a transaction's block has the hash of. */
  set(place: TransientPlace): Buffer | undefined {
    return this.#database.getSync(transientKey(place))?.subarray(HEIGHT_BYTES);
  }

  /** Drops the sets of transactions that are decided, and all that were made below `height`. */
  async drop(txIds: readonly string[], height: bigint): Promise<void> {
    if (this.#waiting.size === 0) return;
    const changes: IndexChange[] = [];
    for (const txId of txIds.filter((each) => this.#waiting.delete(each))) {
      for await (const [key, value] of this.#database.iterator(transientRange(txId))) {
        const age = Buffer.concat([Buffer.from('r'), value.subarray(0, HEIGHT_BYTES), key.subarray(1)]);
        changes.push({ key, value: undefined }, { key: age, value: undefined });
      }
    }
    for await (const age of this.#database.keys(olderRange(height))) {
      const key = transientOfAge(age);
      changes.push({ key: age, value: undefined }, { key, value: undefined });
      this.#waiting.delete(txIdOf(key));
    }
    if (changes.length > 0) await this.#disk.keep(this.#database, changes, false);
  }
}

function txIdOf(transient: Buffer): string {
  return transient.toString('utf8', 1, transient.indexOf(0));
}
