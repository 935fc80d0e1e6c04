import { peer } from '@hyperledger/fabric-protos';

import { type KvRead, type MerkleSummary, type NamespaceRwSet, type RangeQuery, sameVersion } from '../wire/rwset.js';
import { sameBytes } from '../wire/utf8-order.js';
import type { BlockUpdates } from './block-updates.js';
import { summarizeReads } from './merkle.js';
import type { TxCode } from './tx-code.js';

const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT } = peer.TxValidationCode;

/**
 * Judges whether what a transaction read still holds, given the valid transactions before it in the block. Namespaces
 * in the order of the set; in each the reads, then the ranges, then the private reads.
 * Source: core/ledger/kvledger/txmgmt/validation/validator.go, validateTx.
 */
export async function judgeReads(rwset: readonly NamespaceRwSet[], updates: BlockUpdates): Promise<TxCode> {
  for (const set of rwset) {
    if (!set.reads.every((read) => readHolds(set.namespace, read, updates))) return MVCC_READ_CONFLICT;
    for (const range of set.ranges) {
      if (!(await rangeHolds(set.namespace, range, updates))) return PHANTOM_READ_CONFLICT;
    }
    if (!hashedReadsHold(set, updates)) return MVCC_READ_CONFLICT;
  }
  return VALID;
}

function readHolds(namespace: string, { key, version }: KvRead, updates: BlockUpdates): boolean {
  return !updates.has(namespace, '', key) && sameVersion(updates.get(namespace, key)?.version, version);
}

function hashedReadsHold({ namespace, collections }: NamespaceRwSet, updates: BlockUpdates): boolean {
  return collections.every(({ collection, reads }) =>
    reads.every(({ keyHash, version }) => {
      const changed = updates.has(namespace, collection, Buffer.from(keyHash).toString('hex'));
      return !changed && sameVersion(updates.getHashed(namespace, collection, keyHash)?.version, version);
    }),
  );
}

/** Runs the range again over committed state and the block's updates; the last key counts when the scan stopped there. */
async function rangeHolds(namespace: string, range: RangeQuery, updates: BlockUpdates): Promise<boolean> {
  const found: KvRead[] = [];
  for await (const { key, entry } of updates.range(namespace, range.startKey, range.endKey)) {
    found.push({ key, version: entry.version });
  }
  if (!range.exhausted) {
    const last = updates.get(namespace, range.endKey);
    if (last) found.push({ key: range.endKey, version: last.version });
  }
  if (range.summary) return sameSummary(range.summary, summarizeReads(found, range.summary.maxDegree));
  return (
    found.length === range.reads.length &&
    found.every(({ key, version }, i) => key === range.reads[i]?.key && sameVersion(version, range.reads[i].version))
  );
}

function sameSummary(left: MerkleSummary, right: MerkleSummary | undefined): boolean {
  return (
    left.maxLevel === right?.maxLevel &&
    left.maxLevelHashes.length === right.maxLevelHashes.length &&
    left.maxLevelHashes.every((hash, i) => sameBytes(hash, right.maxLevelHashes[i] ?? new Uint8Array(0)))
  );
}
