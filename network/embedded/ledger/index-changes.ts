import { common, peer } from '@hyperledger/fabric-protos';

import type { JudgedTransaction } from '../commit/judge-block.js';
import type { SealedBlock } from '../commit/seal-block.js';
import { blockHash } from '../wire/block.js';
import type { RecordPlace } from './block-file.js';
import type { IndexChange } from './disk.js';
import {
  blockHashKey,
  blockKey,
  encodeBlockNumber,
  encodeEntry,
  encodeRecordPlace,
  encodeTransactionPlace,
  hashedKey,
  historyKey,
  stateKey,
  transactionKey,
} from './index-codec.js';

const { VALID } = peer.TxValidationCode;

/**
 * Everything that a block changes in the index, but for the savepoint: its place, its hash, its transactions, its state,
 * its history. @param isIndexed whether the id of an earlier transaction is this one; the first keeps it.
 */
export function indexChanges(
  { block, verdicts }: SealedBlock,
  place: RecordPlace,
  isIndexed: (txId: string) => boolean,
): IndexChange[] {
  const changes: IndexChange[] = [
    { key: blockKey(block.number), value: encodeRecordPlace(place) },
    { key: blockHashKey(blockHash(block)), value: encodeBlockNumber(block.number) },
  ];
  const seen = new Set(['']);
  verdicts.transactions.forEach((transaction, txIndex) => {
    const { txId, code } = transaction;
    if (!seen.has(txId) && !isIndexed(txId)) {
      changes.push({
        key: transactionKey(txId),
        value: encodeTransactionPlace({ blockNumber: block.number, txIndex, code }),
      });
    }
    seen.add(txId);
    changes.push(...historyChanges(transaction, block.number, txIndex));
  });
  for (const { namespace, collection, key, entry } of verdicts.updates.changes()) {
    const bytes =
      collection === '' ? stateKey(namespace, key) : hashedKey(namespace, collection, Buffer.from(key, 'hex'));
    changes.push({ key: bytes, value: entry && encodeEntry(entry) });
  }
  return changes;
}

/** Whether the block holds a valid channel configuration. */
export function holdsConfig({ verdicts }: SealedBlock): boolean {
  return verdicts.transactions.some(
    ({ code, envelope }) => code === VALID && envelope?.channelHeader.type === common.HeaderType.CONFIG,
  );
}

/** One entry for each public value write; the values themselves stay in the block. */
function historyChanges({ rwset }: JudgedTransaction, blockNumber: bigint, txIndex: number): IndexChange[] {
  return rwset
    .filter(({ namespace }) => namespace !== '')
    .flatMap(({ namespace, writes }) =>
      writes.map(({ key }) => ({ key: historyKey(namespace, key, { blockNumber, txIndex }), value: Buffer.alloc(0) })),
    );
}
