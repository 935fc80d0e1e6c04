import { createHash } from 'node:crypto';

import { Simulator } from '../../../../network/embedded/endorse/simulator.js';
import type { CollectionRwSet } from '../../../../network/embedded/wire/rwset.js';
import { readKvRwSet } from '../../../../network/embedded/wire/rwset-reader.js';
import { MemoryState, collect } from '../commit/memory-state.js';

const none = new Map<string, Uint8Array>();
const at = (blockNumber: bigint) => ({ blockNumber, txIndex: 0 });

/** Keys k0, k1, … of one namespace, each written by the block of its number. */
function stateWith(count: number) {
  const state = new MemoryState();
  for (let index = 0; index < count; index += 1) {
    state.set('cc', '', `k${index}`, { value: Buffer.from(`v${index}`), version: at(BigInt(index)), metadata: none });
  }
  return Object.assign(state, {
    getPrivate: () => undefined,
    async *history() {
      yield* await Promise.resolve([]);
    },
    async *privateRange() {
      yield* await Promise.resolve([]);
    },
  });
}

const simulatorOf = (state: ReturnType<typeof stateWith>) =>
  new Simulator(state, { txId: 'tx', hasCollection: (_namespace, collection) => collection === 'vault' });
const only = (simulator: Simulator) => simulator.results()[0];

test('a read sees committed state and never the own write, and is recorded once with its version', () => {
  const simulator = simulatorOf(stateWith(1));
  simulator.put('cc', 'k0', Buffer.from('new'));
  expect(Buffer.from(simulator.get('cc', 'k0')?.value ?? []).toString()).toBe('v0');
  simulator.get('cc', 'k0');
  expect(only(simulator)?.reads).toEqual([{ key: 'k0', version: at(0n) }]);
});

test('reading an absent key records its absence', () => {
  const simulator = simulatorOf(stateWith(0));
  expect(simulator.get('cc', 'nothing')).toBeUndefined();
  expect(only(simulator)?.reads).toEqual([{ key: 'nothing', version: undefined }]);
});

test('a write alone records no read, and writing nothing deletes', () => {
  const simulator = simulatorOf(stateWith(1));
  simulator.put('cc', 'k0', new Uint8Array());
  expect(only(simulator)).toMatchObject({ reads: [], writes: [{ key: 'k0', isDelete: true }] });
});

test('a range walked to its end is recorded as exhausted, up to the end that was asked for', async () => {
  const simulator = simulatorOf(stateWith(3));
  const found = await collect(simulator.range('cc', 'k0', 'k2'));
  expect(found.map(({ key }) => key)).toEqual(['k0', 'k1']);
  expect(only(simulator)?.ranges).toMatchObject([{ startKey: 'k0', endKey: 'k2', exhausted: true }]);
});

test('a range left early is recorded up to the last key that was seen', async () => {
  const simulator = simulatorOf(stateWith(5));
  for await (const { key } of simulator.range('cc', 'k0', '')) if (key === 'k1') break;
  expect(only(simulator)?.ranges).toMatchObject([
    { startKey: 'k0', endKey: 'k1', exhausted: false, reads: [{ key: 'k0' }, { key: 'k1' }] },
  ]);
});

test('after a page nothing may be written', async () => {
  const simulator = simulatorOf(stateWith(5));
  const page = await collect(simulator.range('cc', 'k0', '', 2));
  expect(page.map(({ key }) => key)).toEqual(['k0', 'k1']);
  expect(() => {
    simulator.put('cc', 'k9', Buffer.from('x'));
  }).toThrow('paginated');
});

test('results of equal runs are equal bytes, whatever the order of the writes', () => {
  const write = (keys: string[]) => {
    const simulator = simulatorOf(stateWith(0));
    for (const key of keys) simulator.put('cc', key, Buffer.from(key));
    return Buffer.from(simulator.resultBytes());
  };
  expect(write(['\u{1F600}', 'a', '\uFFFD'])).toEqual(write(['a', '\uFFFD', '\u{1F600}']));
});

/** What the block shows of the one collection that a transaction touched. */
function onlyCollection(simulator: Simulator): CollectionRwSet {
  const [collection] = only(simulator)?.collections ?? [];
  if (collection === undefined) throw new Error('no collection was touched');
  return collection;
}

describe('a collection', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest();

  test('shows its hashes, in the order of the plain keys, and the hash of what members get', () => {
    const simulator = simulatorOf(stateWith(0));
    for (const key of ['b', 'a']) simulator.putPrivate('cc', 'vault', key, Buffer.from(`${key} value`));
    simulator.putPrivate('cc', 'vault', 'gone', new Uint8Array());
    const [set] = simulator.privateResults();
    expect(set).toMatchObject({ namespace: 'cc', collection: 'vault' });
    const hashed = onlyCollection(simulator);
    expect(hashed.writes.map(({ keyHash }) => Buffer.from(keyHash))).toEqual(['a', 'b', 'gone'].map(sha256));
    expect(hashed.writes.map(({ isDelete }) => isDelete)).toEqual([false, false, true]);
    expect(Buffer.from(hashed.writes[0]?.valueHash ?? [])).toEqual(sha256('a value'));
    expect(Buffer.from(hashed.privateHash)).toEqual(
      createHash('sha256')
        .update(set?.bytes ?? '')
        .digest(),
    );
    expect(Buffer.from(simulator.resultBytes()).includes('a value')).toBe(false);
  });

  test('is read by hash: a key that is absent is recorded so, and plain text is told apart from a hash', () => {
    const simulator = simulatorOf(stateWith(0));
    expect(simulator.getPrivateHash('cc', 'vault', 'k')).toBeUndefined();
    expect(simulator.privateReads()).toEqual([]);
    expect(simulator.getPrivate('cc', 'vault', 'k')).toBeUndefined();
    expect(simulator.privateReads()).toEqual([{ namespace: 'cc', collection: 'vault' }]);
    const [hashed] = only(simulator)?.collections ?? [];
    expect(hashed).toMatchObject({ reads: [{ version: undefined }], writes: [] });
    expect(hashed?.privateHash).toHaveLength(0);
    expect(simulator.privateResults()).toEqual([]);
  });

  test('whose plain text is not here is not answered as if the key were absent', () => {
    const state = stateWith(0);
    const entry = { value: sha256('v'), version: at(4n), metadata: none };
    state.set('cc', 'vault', sha256('k').toString('hex'), entry);
    expect(() => simulatorOf(state).getPrivate('cc', 'vault', 'k')).toThrow(
      'private data matching public hash version is not available. ' +
        'Public hash version = {BlockNum: 4, TxNum: 0}, Private data version = <nil>',
    );
  });

  test('that nobody defined is refused, and so are writes after a private range, and the other way round', () => {
    const simulator = simulatorOf(stateWith(0));
    expect(() => simulator.getPrivateHash('cc', 'nosuch', 'k')).toThrow(
      'collection [nosuch] not defined in the collection config for chaincode [cc]',
    );
    simulator.privateRange('cc', 'vault', '', '');
    expect(() => {
      simulator.put('cc', 'k', Buffer.from('v'));
    }).toThrow('txid [tx]: unsuppored transaction. Transaction has already performed queries on pvt data.');
    const writer = simulatorOf(stateWith(0));
    writer.putPrivate('cc', 'vault', 'k', Buffer.from('v'));
    expect(() => writer.privateRange('cc', 'vault', '', '')).toThrow(
      'txid [tx]: unsuppored transaction. Queries on pvt data is supported only in a read-only transaction',
    );
  });

  test('purged is deleted for everybody and says so to those who hold it', () => {
    const simulator = simulatorOf(stateWith(0));
    simulator.putPrivate('cc', 'vault', 'k', new Uint8Array(), true);
    expect(only(simulator)?.collections[0]?.writes).toMatchObject([{ isDelete: true, isPurge: true }]);
  });

  test('with a new policy on a key tells members the key alone', () => {
    const simulator = simulatorOf(stateWith(0));
    simulator.putPrivateMetadata('cc', 'vault', 'k', { name: 'VALIDATION_PARAMETER', value: Buffer.from('policy') });
    const [set] = simulator.privateResults();
    expect(readKvRwSet(set?.bytes ?? new Uint8Array())).toMatchObject({
      writes: [],
      metadataWrites: [{ key: 'k', entries: [] }],
    });
    expect(only(simulator)?.collections[0]?.metadataWrites).toMatchObject([
      { entries: [{ name: 'VALIDATION_PARAMETER' }] },
    ]);
  });
});
