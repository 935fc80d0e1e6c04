import { readRwSet } from '../commit/read-rwset.js';
import { type Block, blockHash, type BlockHeader, dataHash, readBlock } from '../wire/block.js';
import { readEnvelope } from '../wire/envelope.js';
import { type Version } from '../wire/rwset.js';
import { sameBytes } from '../wire/utf8-order.js';
import { WireError } from '../wire/wire-error.js';
import { LedgerError } from './ledger-error.js';
import { type HistoryItem } from './state-snapshot.js';

/** Reads a block that this ledger wrote. @throws LedgerError LEDGER_CORRUPT */
export function parseStored(bytes: Uint8Array): Block {
  try {
    return readBlock(bytes);
  } catch (cause) {
    if (cause instanceof WireError) throw new LedgerError('LEDGER_CORRUPT', 'a stored block does not parse', { cause });
    throw cause;
  }
}

/** Why `block` cannot follow `previous`, or undefined when it can. Without a previous one it must be block 0. */
export function faultBetween(previous: BlockHeader | undefined, block: Block): string | undefined {
  const wanted = previous ? previous.number + 1n : 0n;
  if (block.number !== wanted) return `number ${wanted} was wanted`;
  if (previous && !sameBytes(block.previousHash, blockHash(previous))) return 'it names another previous block';
  return sameBytes(block.dataHash, dataHash(block.envelopes)) ? undefined : 'its data hash is of other transactions';
}

/** What a transaction of a stored block wrote to a public key. @throws LedgerError LEDGER_CORRUPT where it did not */
export function historyItemOf(block: Block, { txIndex }: Version, namespace: string, key: string): HistoryItem {
  const envelope = readEnvelope(block.envelopes[txIndex] ?? new Uint8Array(0));
  const set = readRwSet(envelope).find((candidate) => candidate.namespace === namespace);
  const write = set?.writes.findLast((candidate) => candidate.key === key);
  if (!write) throw new LedgerError('LEDGER_CORRUPT', `block ${block.number} does not write what the history says`);
  const { txId, timestamp } = envelope.channelHeader;
  return {
    txId,
    value: write.value,
    isDelete: write.isDelete || write.value.length === 0,
    timestamp: { seconds: Number(timestamp?.seconds ?? 0n), nanos: timestamp?.nanos ?? 0 },
  };
}
