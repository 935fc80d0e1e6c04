import { CollectionRules } from '../commit/collection-rules.js';
import { type BlockUpdates } from '../commit/block-updates.js';
import { type StateEntry } from '../commit/state-view.js';
import { type PrivateRwSet, sha256 } from '../wire/private-rwset.js';
import { sameVersion, type Version } from '../wire/rwset.js';
import { readKvRwSet } from '../wire/rwset-reader.js';
import { sameBytes } from '../wire/utf8-order.js';
import { type IndexChange, type IndexDatabase } from './disk.js';
import { type IndexBatch } from './index-batch.js';
import {
  encodeEntry,
  type ExpiringKey,
  expiryKey,
  expiryRange,
  hashedKey,
  privateKey,
  readExpiryKey,
} from './index-codec.js';

const NO_METADATA: ReadonlyMap<string, Uint8Array> = new Map();

interface PrivateKey {
  readonly namespace: string;
  readonly collection: string;
  readonly key: string;
}

/** What becomes of a private key's plain value. */
type PrivateUpdate = PrivateKey & { readonly entry: StateEntry | undefined };

/** A private set with its transaction's place. */
export type PlacedSet = PrivateRwSet & Version;

/**
 * What the private sets of a block's valid transactions do to the plain values that a peer holds.
 * Source: core/ledger/kvledger/txmgmt/validation/batch_preparer.go, validateAndPreparePvtBatch.
 */
export function privateUpdates(sets: readonly PlacedSet[], updates: BlockUpdates, before: IndexBatch): PrivateUpdate[] {
  const changed = new Map<string, PrivateUpdate>();
  const touched: PrivateKey[] = [];
  for (const { namespace, collection, bytes, blockNumber, txIndex } of sets) {
    const { writes, metadataWrites } = readKvRwSet(bytes);
    for (const { key, value, isDelete } of writes) {
      const entry = { value, version: { blockNumber, txIndex }, metadata: NO_METADATA };
      const isGone = isDelete || value.length === 0;
      changed.set(idOf({ namespace, collection, key }), {
        namespace,
        collection,
        key,
        entry: isGone ? undefined : entry,
      });
    }
    touched.push(...metadataWrites.map(({ key }) => ({ namespace, collection, key })));
  }
  for (const key of touched) {
    const moved = withNewVersion(key, changed, updates, before);
    if (moved) changed.set(idOf(key), { ...key, entry: moved });
  }
  return [...changed.values()];
}

/** New metadata moves a key's version; the plain value follows where it is the one that the hash is of. */
function withNewVersion(
  { namespace, collection, key }: PrivateKey,
  changed: ReadonlyMap<string, PrivateUpdate>,
  updates: BlockUpdates,
  before: IndexBatch,
): StateEntry | undefined {
  const keyHash = sha256(key);
  if (!updates.has(namespace, collection, Buffer.from(keyHash).toString('hex'))) return undefined;
  const hashed = updates.getHashed(namespace, collection, keyHash);
  const update = changed.get(idOf({ namespace, collection, key }));
  const latest = update ? update.entry : before.getPrivate(namespace, collection, key);
  if (!hashed || !latest || sameVersion(latest.version, hashed.version)) return undefined;
  return sameBytes(sha256(latest.value), hashed.value) ? { ...latest, version: hashed.version } : undefined;
}

/** Changes of the index for private updates. */
export function privateChanges(updates: readonly PrivateUpdate[]): IndexChange[] {
  return updates.map(({ namespace, collection, key, entry }) => ({
    key: privateKey(namespace, collection, key),
    value: entry && encodeEntry(entry),
  }));
}

/**
 * When the keys that a block wrote to collections end: `blockToLive` blocks after it. Also keys of which this peer
 * knows the hash only. Source: txmgmt/pvtstatepurgemgmt/expiry_schedule_builder.go.
 */
export function expiryChanges(
  blockNumber: bigint,
  updates: BlockUpdates,
  written: readonly PrivateUpdate[],
  before: IndexBatch,
): IndexChange[] {
  const rules = new CollectionRules(before, []);
  const plainKeys = new Map(
    written.map((each) => [hashedId(each.namespace, each.collection, sha256(each.key)), each.key]),
  );
  const changes: IndexChange[] = [];
  for (const { namespace, collection, key, entry } of updates.changes()) {
    if (collection === '' || entry === undefined) continue;
    const blockToLive = rules.find(namespace, collection)?.blockToLive ?? 0n;
    if (blockToLive === 0n) continue;
    const keyHash = Buffer.from(key, 'hex');
    const plain = plainKeys.get(hashedId(namespace, collection, keyHash)) ?? '';
    const expiryBlock = blockNumber + blockToLive + 1n;
    const scheduled = { expiryBlock, writtenBlock: blockNumber, namespace, collection, keyHash };
    changes.push({ key: expiryKey(scheduled), value: Buffer.from(plain) });
  }
  return changes;
}

/** What block `blockNumber` ends: hash and plain value, unless a later block wrote them anew (purge_mgr.go). */
export async function expiredChanges(
  blockNumber: bigint,
  index: IndexDatabase,
  before: IndexBatch,
): Promise<IndexChange[]> {
  const changes: IndexChange[] = [];
  for await (const [bytes, plain] of index.iterator(expiryRange(blockNumber))) {
    changes.push({ key: bytes, value: undefined }, ...endOf(readExpiryKey(bytes), plain.toString(), before));
  }
  return changes;
}

function endOf(ending: ExpiringKey, plain: string, before: IndexBatch): IndexChange[] {
  const { namespace, collection, keyHash, writtenBlock } = ending;
  const isOf = (entry: StateEntry | undefined): boolean => entry?.version.blockNumber === writtenBlock;
  const plainKey = { key: privateKey(namespace, collection, plain), value: undefined };
  if (isOf(before.getHashed(namespace, collection, keyHash))) {
    const ended = { key: hashedKey(namespace, collection, keyHash), value: undefined };
    return plain === '' ? [ended] : [ended, plainKey];
  }
  return plain !== '' && isOf(before.getPrivate(namespace, collection, plain)) ? [plainKey] : [];
}

function idOf({ namespace, collection, key }: PrivateKey): string {
  return JSON.stringify([namespace, collection, key]);
}

function hashedId(namespace: string, collection: string, keyHash: Uint8Array): string {
  return JSON.stringify([namespace, collection, Buffer.from(keyHash).toString('hex')]);
}
