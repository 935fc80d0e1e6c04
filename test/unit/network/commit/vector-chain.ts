import { common } from '@hyperledger/fabric-protos';

import { type JudgedTransaction, judgeBlock, type Verdicts } from '../../../../network/embedded/commit/judge-block.js';
import { type StateEntry, type StateView } from '../../../../network/embedded/commit/state-view.js';
import { type ChannelConfig, readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { type Block, readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { type NamespaceRwSet, type Version } from '../../../../network/embedded/wire/rwset.js';
import { readTxRwSet } from '../../../../network/embedded/wire/rwset-reader.js';
import {
  readChaincodeAction,
  readEndorserTransaction,
  readResponsePayload,
} from '../../../../network/embedded/wire/transaction.js';
import { BLOCK_NUMBERS, peerBlockBytes } from '../../../vectors/vectors.js';
import { MemoryState } from './memory-state.js';

/** A key that a block which is not kept wrote. `collection` is empty for public keys; else `key` is a hash in hex. */
export interface EarlierKey {
  readonly namespace: string;
  readonly collection: string;
  readonly key: string;
  readonly entry: StateEntry;
}

/** A real block with everything that it is judged against. */
export interface ChainPosition {
  readonly block: Block;
  readonly channel: ChannelConfig;
  readonly state: MemoryState;
  readonly committed: ReadonlySet<string>;
}

/** Read/write sets of a block's endorser transactions, in order. */
export function rwsetsOf(block: Block): NamespaceRwSet[][] {
  return block.envelopes.flatMap((bytes) => {
    const { channelHeader, data } = readEnvelope(bytes);
    if (channelHeader.type !== common.HeaderType.ENDORSER_TRANSACTION) return [];
    const { extension } = readResponsePayload(readEndorserTransaction(data).responsePayload);
    return [readTxRwSet(readChaincodeAction(extension).results)];
  });
}

/**
 * Judges the real blocks up to `last` and stops before it. Blocks are missing between the kept ones: what they left in
 * the state is taken from the versions that the first later transaction read, with a value that nobody looks at.
 */
export async function chainUpTo(last: number): Promise<ChainPosition> {
  const state = new MemoryState();
  const committed = new Set<string>();
  let channel = readChannelConfig(peerBlockBytes(0));
  for (const number of BLOCK_NUMBERS) {
    const bytes = peerBlockBytes(number);
    const block = readBlock(bytes);
    if (!isKept(number - 1)) {
      for (const { namespace, collection, key, entry } of earlierKeys(state, block)) {
        state.set(namespace, collection, key, entry);
      }
    }
    const position = { block, channel, state, committed };
    if (number === last) return position;
    const verdicts = await judge(position);
    verdicts.transactions.forEach(({ txId }) => committed.add(txId));
    state.commit(verdicts.updates);
    if (isConfig(verdicts.transactions)) channel = readChannelConfig(bytes);
  }
  throw new Error(`block ${last} is not among the vectors`);
}

/** Judges the block at its position. */
export function judge({ block, channel, state, committed }: ChainPosition): Promise<Verdicts> {
  return judgeBlock(block, { channel, state, isCommitted: (txId) => committed.has(txId) });
}

/** Whether a block is among the vectors. */
export function isKept(number: number): boolean {
  return (BLOCK_NUMBERS as readonly number[]).includes(number);
}

function isConfig([transaction]: readonly JudgedTransaction[]): boolean {
  return transaction?.envelope?.channelHeader.type === common.HeaderType.CONFIG;
}

/** What a block that is not kept must have left, as the first later transaction read it. */
export function earlierKeys(state: StateView, block: Block): EarlierKey[] {
  const value = Buffer.from('written in a block that is not kept');
  const found: EarlierKey[] = [];
  const look = (namespace: string, collection: string, key: string, version: Version | undefined): void => {
    const known =
      collection === '' ? state.get(namespace, key) : state.getHashed(namespace, collection, Buffer.from(key, 'hex'));
    if (version && version.blockNumber < block.number && known?.version.blockNumber !== version.blockNumber) {
      const entry = { value, version, metadata: known?.metadata ?? new Map<string, Uint8Array>() };
      found.push({ namespace, collection, key, entry });
    }
  };
  for (const { namespace, reads, collections } of rwsetsOf(block)[0] ?? []) {
    for (const { key, version } of reads) look(namespace, '', key, version);
    for (const { collection, reads: hashed } of collections) {
      for (const { keyHash, version } of hashed)
        look(namespace, collection, Buffer.from(keyHash).toString('hex'), version);
    }
  }
  return found;
}
