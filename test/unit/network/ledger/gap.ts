import { appendFileSync, closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { type IndexDatabase } from '../../../../network/embedded/ledger/disk.js';
import {
  blockHashKey,
  blockKey,
  encodeBlockNumber,
  encodeEntry,
  encodeRecordPlace,
  encodeSavepoint,
  hashedKey,
  readRecordPlace,
  readSavepoint,
  SAVEPOINT_KEY,
  stateKey,
} from '../../../../network/embedded/ledger/index-codec.js';
import { openIndex } from '../../../../network/embedded/ledger/open-index.js';
import { type Block, blockHash, dataHash, encodeBlock, readBlock } from '../../../../network/embedded/wire/block.js';
import { readCommitHash } from '../../../../network/embedded/wire/metadata.js';
import { type EarlierKey } from '../commit/vector-chain.js';
import { frame } from '../fsck/real-ledger.js';

/**
 * Brings a closed ledger over blocks that are not kept: writes `earlier` into its state, and an empty block in the
 * place of the one before `next`. @returns `next`, with that block for its predecessor
 */
export async function crossGap(folder: string, next: Block, earlier: readonly EarlierKey[]): Promise<Block> {
  const none = new Uint8Array(0);
  const header = { number: next.number - 1n, previousHash: Buffer.alloc(32), dataHash: dataHash([]) };
  const bytes = Buffer.from(encodeBlock({ ...header, envelopes: [], metadata: [none, none, none, none, none] }));
  const file = join(folder, 'blocks');
  const place = { offset: statSync(file).size, length: bytes.length };
  appendFileSync(file, frame(bytes));
  await inIndex(folder, async (index) => {
    const reached = readSavepoint((await index.get(SAVEPOINT_KEY)) ?? Buffer.alloc(0));
    for (const { namespace, collection, key, entry } of earlier) {
      const at =
        collection === '' ? stateKey(namespace, key) : hashedKey(namespace, collection, Buffer.from(key, 'hex'));
      await index.put(at, encodeEntry(entry));
    }
    await index.put(blockKey(header.number), encodeRecordPlace(place));
    await index.put(Buffer.from(blockHashKey(blockHash(header))), encodeBlockNumber(header.number));
    const fileLength = statSync(file).size;
    const savepoint = { ...reached, lastHeader: header, commitHash: Buffer.alloc(32), fileLength };
    await index.put(SAVEPOINT_KEY, encodeSavepoint(savepoint));
  });
  return { ...next, previousHash: blockHash(header) };
}

/**
 * Puts the block that a real peer stored in the place of the last one of a closed ledger, whose predecessor alone is
 * another: what follows then leans on the real hashes. @param real as long as the last block
 */
export async function landOn(folder: string, real: Buffer): Promise<void> {
  const block = readBlock(real);
  await inIndex(folder, async (index) => {
    const { offset } = readRecordPlace((await index.get(blockKey(block.number))) ?? Buffer.alloc(0));
    const file = openSync(join(folder, 'blocks'), 'r+');
    writeSync(file, frame(real), 0, undefined, offset);
    closeSync(file);
    const reached = readSavepoint((await index.get(SAVEPOINT_KEY)) ?? Buffer.alloc(0));
    const { number, previousHash, dataHash: data } = block;
    const lastHeader = { number, previousHash, dataHash: data };
    await index.put(Buffer.from(blockHashKey(blockHash(block))), encodeBlockNumber(number));
    await index.put(SAVEPOINT_KEY, encodeSavepoint({ ...reached, lastHeader, commitHash: readCommitHash(block) }));
  });
}

async function inIndex(folder: string, use: (index: IndexDatabase) => Promise<void>): Promise<void> {
  const index = await openIndex(join(folder, 'index'));
  try {
    await use(index);
  } finally {
    await index.close();
  }
}
