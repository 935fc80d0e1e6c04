import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { CommitError } from '../commit/commit-error.js';
import { replayBlock, type Verdicts } from '../commit/judge-block.js';
import { sealBlock, type SealedBlock } from '../commit/seal-block.js';
import { type Block, blockHash, type BlockHeader, encodeBlock } from '../wire/block.js';
import { readCommitHash } from '../wire/metadata.js';
import { sameBytes } from '../wire/utf8-order.js';
import { BlockFile, type FoundRecord, type RecordPlace } from './block-file.js';
import { type Disk, type IndexDatabase, realDisk } from './disk.js';
import {
  blockHashKey,
  blockKey,
  encodeSavepoint,
  readBlockNumber,
  readRecordPlace,
  readSavepoint,
  readTransactionPlace,
  type Savepoint,
  SAVEPOINT_KEY,
  transactionKey,
  type TransactionPlace,
} from './index-codec.js';
import { IndexBatch } from './index-batch.js';
import { holdsConfig, indexChanges } from './index-changes.js';
import { LedgerError } from './ledger-error.js';
import { openIndex } from './open-index.js';
import { PrivateLedger } from './private-ledger.js';
import { type CommittedSet, type MissingSet } from './private-store.js';
import { RecentBlocks } from './recent-blocks.js';
import { StateSnapshot } from './state-snapshot.js';
import { faultBetween, historyItemOf, parseStored } from './stored-blocks.js';

/** How a ledger treats its disk. */
export interface LedgerOptions {
  /** Whether a commit waits until it would survive a power cut; a killed process loses nothing either way. Default true. */
  readonly fsync?: boolean;
  /** For tests. */
  readonly disk?: Disk;
}

/** A block with the verdicts on it, before a peer's metadata is added. */
export interface JudgedBlock {
  readonly block: Block;
  readonly verdicts: Verdicts;
  /** What the peer has of the private data that its valid transactions wrote, and what it has not. */
  readonly privateData?: { readonly sets: readonly CommittedSet[]; readonly missing: readonly MissingSet[] };
}

interface StoredBlock {
  readonly sealed: SealedBlock;
  readonly place: RecordPlace;
}

const NOTHING = new Uint8Array(0);

/**
 * One peer's copy of a channel: the blocks, the state that their valid transactions left, and the private data that
 * the peer is entitled to. The block file is the truth. The index beside it (state, history, transaction ids) may be
 * deleted while the ledger is closed: the next `open` rebuilds it from the blocks and the private store. A commit that fails ends the use of this object: open the folder again.
 */
export class PeerLedger {
  readonly #file: BlockFile;
  readonly #index: IndexDatabase;
  readonly #disk: Disk;
  readonly #fsync: boolean;
  readonly #recent = new RecentBlocks();
  /** Private data: kept with the blocks, waiting for them, missing. */
  readonly private: PrivateLedger;
  #savepoint: Savepoint | undefined;
  #status: 'open' | 'committing' | 'failed' | 'closed' = 'open';

  private constructor(file: BlockFile, index: IndexDatabase, store: IndexDatabase, disk: Disk, fsync: boolean) {
    this.#file = file;
    this.#index = index;
    this.private = new PrivateLedger(index, store, disk, fsync);
    this.#disk = disk;
    this.#fsync = fsync;
  }

  /**
   * Opens the ledger in `folder`, creating an empty one where there is none; cuts a torn tail and brings the index up
   * to the last whole block. @throws {LedgerError} LEDGER_LOCKED, LEDGER_CORRUPT
   */
  static async open(folder: string, { fsync = true, disk = realDisk }: LedgerOptions = {}): Promise<PeerLedger> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const index = await openIndex(join(folder, 'index'));
    const store = await openIndex(join(folder, 'private'));
    const file = await BlockFile.open(join(folder, 'blocks'), disk);
    const ledger = new PeerLedger(file, index, store, disk, fsync);
    try {
      await ledger.#recover();
      return ledger;
    } catch (cause) {
      await ledger.close();
      throw cause;
    }
  }

  /** Number of blocks. */
  get height(): bigint {
    return this.#savepoint ? this.#savepoint.lastHeader.number + 1n : 0n;
  }

  /** Header of the last block. @throws {LedgerError} NO_SUCH_BLOCK while the ledger is empty. */
  get lastHeader(): BlockHeader {
    return this.#reached.lastHeader;
  }

  /** Hash of the last block's header. @throws {LedgerError} NO_SUCH_BLOCK */
  get lastBlockHash(): Uint8Array {
    return blockHash(this.lastHeader);
  }

  /** Number of the last block with a valid configuration. @throws {LedgerError} NO_SUCH_BLOCK */
  get lastConfig(): bigint {
    return this.#reached.lastConfig;
  }

  /** Commit hash of the last block; empty for block 0. @throws {LedgerError} NO_SUCH_BLOCK */
  get commitHash(): Uint8Array {
    return this.#reached.commitHash;
  }

  /** The state after the last block, unmoved by later commits. The caller closes it. */
  openState(): StateSnapshot {
    return new StateSnapshot(this.#index, {
      history: async (version, namespace, key) =>
        historyItemOf(parseStored(await this.blockBytes(version.blockNumber)), version, namespace, key),
      closed: this.private.snapshotOpened(),
    });
  }

  /** Stores the next block; `commitAll` for one. */
  commit(block: Block, verdicts: Verdicts, privateData?: JudgedBlock['privateData']): Promise<void> {
    return this.commitAll([privateData ? { block, verdicts, privateData } : { block, verdicts }]);
  }

  /**
   * Stores the next blocks, in order, with one synchronisation of the disk for all of them. When it returns, all of
   * them are durable and in the state; when it throws anything but LEDGER_ORDER, a prefix of them may be, and the
   * ledger must be opened again. @throws {LedgerError} LEDGER_ORDER, LEDGER_FAILED
   */
  async commitAll(judged: readonly JudgedBlock[]): Promise<void> {
    if (this.#status !== 'open') throw new LedgerError('LEDGER_FAILED', `the ledger is ${this.#status}`);
    const sealed = this.#seal(judged);
    this.#status = 'committing';
    try {
      for (const each of judged) await this.private.keep(each.block.number, each.verdicts, each.privateData);
      const bytes = sealed.map(({ block }) => encodeBlock(block));
      const places = await this.#file.append(bytes);
      if (this.#fsync) await this.#file.sync();
      const stored = places.flatMap((place, i) => (sealed[i] ? [{ sealed: sealed[i], place }] : []));
      await this.#apply(stored, this.#file.length);
      for (const [i, { block }] of sealed.entries()) this.#recent.add(block.number, bytes[i] ?? NOTHING);
      this.#status = 'open';
    } finally {
      if (this.#status === 'committing') this.#status = 'failed';
    }
  }

  /** Bytes of common.Block as stored. @throws {LedgerError} NO_SUCH_BLOCK, LEDGER_CORRUPT */
  async blockBytes(number: bigint): Promise<Uint8Array> {
    return this.#recent.get(number) ?? this.#file.read(this.#placeOf(number));
  }

  /** Number of the block with this hash of its header. */
  blockNumberOfHash(hash: Uint8Array): bigint | undefined {
    const number = this.#index.getSync(blockHashKey(hash));
    return number && readBlockNumber(number);
  }

  /** Place and code of the first transaction with this id, valid or not. */
  transaction(txId: string): TransactionPlace | undefined {
    const place = this.#index.getSync(transactionKey(txId));
    return place && readTransactionPlace(place);
  }

  /** Number of the block with the first transaction of this id, valid or not. */
  blockNumberOf(txId: string): bigint | undefined {
    return this.transaction(txId)?.blockNumber;
  }

  /**
   * Reads every block again and checks its CRC, its data hash and the chain of headers. @throws {LedgerError}
   * LEDGER_CORRUPT at the first that does not hold. Takes as long as reading the file.
   */
  async verify(): Promise<void> {
    let previous: BlockHeader | undefined;
    for (let number = 0n; number < this.height; number += 1n) {
      const block = parseStored(await this.#file.read(this.#placeOf(number))); // Not what memory still holds.
      const fault = faultBetween(previous, block);
      if (fault) throw new LedgerError('LEDGER_CORRUPT', `block ${number}: ${fault}`);
      previous = block;
    }
    if (previous && !sameBytes(blockHash(previous), this.lastBlockHash)) {
      throw new LedgerError('LEDGER_CORRUPT', 'the index knows another last block');
    }
  }

  /** Ends all use of the ledger and releases the folder; snapshots are closed with it. */
  async close(): Promise<void> {
    if (this.#status === 'closed') return;
    this.#status = 'closed';
    await this.private.close();
    await this.#index.close();
    await this.#file.close();
  }

  get #reached(): Savepoint {
    if (!this.#savepoint) throw new LedgerError('NO_SUCH_BLOCK', 'the ledger is empty');
    return this.#savepoint;
  }

  #placeOf(number: bigint): RecordPlace {
    const place = this.#index.getSync(blockKey(number));
    if (!place) throw new LedgerError('NO_SUCH_BLOCK', `no block ${number} below height ${this.height}`);
    return readRecordPlace(place);
  }

  async #recover(): Promise<void> {
    const stored = this.#index.getSync(SAVEPOINT_KEY);
    this.#savepoint = stored && readSavepoint(stored);
    // An index of before blocks were found by their hashes lacks them: it is made again.
    if (this.#savepoint && this.blockNumberOfHash(this.lastBlockHash) === undefined) {
      await this.#index.clear();
      this.#savepoint = undefined;
    }
    for await (const record of this.#file.recover(this.#savepoint?.fileLength ?? 0)) await this.#replay(record);
    await this.private.recovered(this.height);
    if (!this.#savepoint) return;
    const place = this.#placeOf(this.lastHeader.number);
    const last = parseStored(await this.#file.read(place));
    if (!sameBytes(blockHash(last), this.lastBlockHash)) {
      throw this.#file.corrupt(place.offset, `this is not block ${this.lastHeader.number} of the index`);
    }
  }

  /** Brings a durable block into the index by the codes in its own metadata. */
  async #replay({ bytes, ...place }: FoundRecord): Promise<void> {
    const state = this.openState();
    try {
      const block = parseStored(bytes);
      const [sealed] = this.#seal([{ block, verdicts: await replayBlock(block, state) }]);
      if (!sealed || !sameBytes(sealed.commitHash, readCommitHash(block))) {
        throw this.#file.corrupt(place.offset, `block ${block.number} does not lead to its commit hash`);
      }
      await this.#apply([{ sealed, place }], place.end);
    } catch (cause) {
      const wrong = cause instanceof CommitError || (cause instanceof LedgerError && cause.code === 'LEDGER_ORDER');
      throw wrong ? this.#file.corrupt(place.offset, cause.message, { cause }) : cause;
    } finally {
      await state.close();
    }
  }

  #seal(judged: readonly JudgedBlock[]): SealedBlock[] {
    let previous = this.#savepoint?.lastHeader;
    let hash = this.#savepoint?.commitHash ?? NOTHING;
    return judged.map(({ block, verdicts }) => {
      const fault = faultBetween(previous, block);
      if (fault) throw new LedgerError('LEDGER_ORDER', `block ${block.number}: ${fault}`);
      const sealed = sealBlock(block, verdicts, hash);
      previous = block;
      hash = sealed.commitHash;
      return sealed;
    });
  }

  async #apply(stored: readonly StoredBlock[], fileLength: number): Promise<void> {
    const last = stored.at(-1)?.sealed;
    if (!last) return;
    const indexed = new Set<string>();
    const isIndexed = (txId: string): boolean => indexed.has(txId) || this.transaction(txId) !== undefined;
    const batch = new IndexBatch(this.#index);
    for (const { sealed, place } of stored) {
      await this.private.addTo(batch, sealed, indexChanges(sealed, place, isIndexed));
      sealed.verdicts.transactions.forEach(({ txId }) => indexed.add(txId));
    }
    const config =
      stored.findLast(({ sealed }) => holdsConfig(sealed))?.sealed.block.number ?? this.#savepoint?.lastConfig ?? 0n;
    const { number, previousHash, dataHash: data } = last.block;
    const savepoint: Savepoint = {
      lastHeader: { number, previousHash, dataHash: data },
      lastConfig: config,
      commitHash: last.commitHash,
      fileLength,
    };
    await this.#disk.apply(this.#index, [...batch.changes, { key: SAVEPOINT_KEY, value: encodeSavepoint(savepoint) }]);
    this.#savepoint = savepoint;
    await this.private.settle(number);
  }
}
