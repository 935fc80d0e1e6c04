import { Simulator } from '../../../../network/embedded/endorse/simulator.js';
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
