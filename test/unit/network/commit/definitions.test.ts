import { CommitError } from '../../../../network/embedded/commit/commit-error.js';
import { LIFECYCLE, readDefinition, rememberDefinitions } from '../../../../network/embedded/commit/definitions.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import type { KvWrite } from '../../../../network/embedded/wire/rwset.js';
import { definitionWrites } from './definition-writes.js';
import { MemoryState } from './memory-state.js';
import { chainUpTo } from './vector-chain.js';

const terms = { name: 'cc', version: '1', sequence: 1n, endorsementPolicy: Buffer.from('policy') };

function stateWith(writes: readonly KvWrite[]): MemoryState {
  const state = new MemoryState();
  for (const { key, value } of writes) {
    state.set(LIFECYCLE, '', key, { value, version: { blockNumber: 2n, txIndex: 0 }, metadata: new Map() });
  }
  return state;
}

test('the definition that a real network committed is read from its state', async () => {
  const { state } = await chainUpTo(3);
  const definition = readDefinition(state, 'evidence');
  if (!definition) throw new Error('no definition');
  expect(definition).toMatchObject({ sequence: 1n, version: '1', endorsementPlugin: 'escc', validationPlugin: 'vscc' });
  expect(definition.collections).toMatchObject([
    { name: 'custody', requiredPeerCount: 1, maximumPeerCount: 3, memberOnlyRead: true, endorsementPolicy: undefined },
  ]);
});

test('a chaincode nobody defined has no definition, and a broken one stops the commit', () => {
  expect(readDefinition(new MemoryState(), 'cc')).toBeUndefined();
  const metadata = { key: 'namespaces/metadata/cc', isDelete: false };
  for (const value of [new Writer().field(1, 'Otherwise').bytes(), Buffer.from('0a', 'hex')]) {
    expect(() => readDefinition(stateWith([{ ...metadata, value }]), 'cc')).toThrow(CommitError);
  }
});

test('a remembered definition is read again after its sequence was written, and not before', () => {
  const definitionOf = rememberDefinitions();
  const at = (blockNumber: bigint, version: string): MemoryState => {
    const state = new MemoryState();
    for (const { key, value } of definitionWrites({ ...terms, version })) {
      state.set(LIFECYCLE, '', key, { value, version: { blockNumber, txIndex: 0 }, metadata: new Map() });
    }
    return state;
  };
  expect(definitionOf(new MemoryState(), 'cc')).toBeUndefined();
  const first = definitionOf(at(2n, '1'), 'cc');
  expect(first?.version).toBe('1');
  expect(definitionOf(at(2n, 'not looked at'), 'cc')).toBe(first);
  expect(definitionOf(at(3n, '2'), 'cc')?.version).toBe('2');
  expect(definitionOf(at(3n, '2'), 'other')).toBeUndefined();
});
