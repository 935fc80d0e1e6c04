import fc from 'fast-check';

import { BlockUpdates } from '../../../../network/embedded/commit/block-updates.js';
import type { StateEntry } from '../../../../network/embedded/commit/state-view.js';
import type { NamespaceRwSet } from '../../../../network/embedded/wire/rwset.js';
import { collect, MemoryState } from './memory-state.js';
import { put, rwset, sha256 } from './test-channel.js';

const NS = 'ns';
const entries = [{ name: 'N', value: Buffer.from('m') }];
const old: StateEntry = {
  value: Buffer.from('old'),
  version: { blockNumber: 1n, txIndex: 0 },
  metadata: new Map([['N', Buffer.from('old')]]),
};

function updatesAfter(...sets: Partial<NamespaceRwSet>[]): BlockUpdates {
  const base = new MemoryState();
  base.set(NS, '', 'known', old);
  const updates = new BlockUpdates(base);
  sets.forEach((set, txIndex) => {
    updates.apply([rwset({ namespace: NS, ...set })], { blockNumber: 2n, txIndex });
  });
  return updates;
}

const shown = (entry: StateEntry | undefined) =>
  entry && {
    value: Buffer.from(entry.value).toString(),
    at: entry.version.txIndex,
    metadata: Buffer.from(entry.metadata.get('N') ?? []).toString(),
  };
const deletion = { ...put('known', ''), isDelete: true };
const setMetadata = (key: string) => ({ metadataWrites: [{ key, entries }] });

test.each<[string, Partial<NamespaceRwSet>[], ReturnType<typeof shown>]>([
  ['a value keeps the metadata', [{ writes: [put('known', 'new')] }], { value: 'new', at: 0, metadata: 'old' }],
  [
    'metadata keeps the value and takes the new version',
    [setMetadata('known')],
    { value: 'old', at: 0, metadata: 'm' },
  ],
  [
    'no entries remove the metadata',
    [{ metadataWrites: [{ key: 'known', entries: [] }] }],
    { value: 'old', at: 0, metadata: '' },
  ],
  [
    'both are set together',
    [{ writes: [put('known', 'new')], ...setMetadata('known') }],
    { value: 'new', at: 0, metadata: 'm' },
  ],
  ['a delete wins over metadata beside it', [{ writes: [deletion], ...setMetadata('known') }], undefined],
  ['an empty value is a delete', [{ writes: [put('known', '')] }], undefined],
  ['metadata after a delete in the block does nothing', [{ writes: [deletion] }, setMetadata('known')], undefined],
  [
    'a value after a delete has no metadata',
    [{ writes: [deletion] }, { writes: [put('known', 'x')] }],
    { value: 'x', at: 1, metadata: '' },
  ],
  [
    'metadata of an earlier transaction is kept',
    [setMetadata('known'), { writes: [put('known', 'x')] }],
    { value: 'x', at: 1, metadata: 'm' },
  ],
])('%s', (_rule, sets, expected) => {
  expect(shown(updatesAfter(...sets).get(NS, 'known'))).toEqual(expected);
});

test('metadata on an absent key changes nothing at all', () => {
  expect([...updatesAfter(setMetadata('absent')).changes()]).toEqual([]);
});

test('in a collection the hash of nothing is a delete too', () => {
  const write = (valueHash: Uint8Array) => ({
    collections: [
      {
        collection: 'c',
        reads: [],
        writes: [{ keyHash: sha256('k'), isDelete: false, valueHash, isPurge: false }],
        metadataWrites: [],
        privateHash: new Uint8Array(0),
      },
    ],
  });
  const values = (...hashes: Uint8Array[]) => updatesAfter(...hashes.map(write)).getHashed(NS, 'c', sha256('k'))?.value;
  expect(values(sha256('v'))).toEqual(sha256('v'));
  expect(values(sha256('v'), sha256(''))).toBeUndefined();
  expect(values(sha256('v'), new Uint8Array(0))).toBeUndefined();
});

// The oracle applies the same writes to a plain state and scans that.
test('a range over pending changes gives what the state gives once they are committed', async () => {
  const key = fc.constantFrom('a', 'b', 'c', '\uffff', '\u{1f600}', 'ab', '');
  const change = fc.record({ key, value: fc.constantFrom('', 'x', 'y') });
  await fc.assert(
    fc.asyncProperty(fc.array(change), fc.array(change), key, key, async (before, pending, start, end) => {
      const state = new MemoryState();
      const apply = (changes: typeof before, blockNumber: bigint): BlockUpdates => {
        const updates = new BlockUpdates(state);
        changes.forEach(({ key: name, value }, txIndex) => {
          updates.apply([rwset({ namespace: NS, writes: [put(name, value)] })], { blockNumber, txIndex });
        });
        return updates;
      };
      state.commit(apply(before, 1n));
      const updates = apply(pending, 2n);
      const found = await collect(updates.range(NS, start, end));
      state.commit(updates);
      expect(found).toEqual(await collect(state.range(NS, start, end)));
    }),
  );
});
