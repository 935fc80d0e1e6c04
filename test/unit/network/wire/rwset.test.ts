import { ledger } from '@hyperledger/fabric-protos';
import fc from 'fast-check';

import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import type { NamespaceRwSet } from '../../../../network/embedded/wire/rwset.js';
import { readKvRwSet, readMetadataWrite, readTxRwSet } from '../../../../network/embedded/wire/rwset-reader.js';
import { encodeMetadata, encodeTxRwSet } from '../../../../network/embedded/wire/rwset-writer.js';
import { compareUtf8 } from '../../../../network/embedded/wire/utf8-order.js';
import { WireError } from '../../../../network/embedded/wire/wire-error.js';

const { rwset } = ledger;
const bytes = fc.uint8Array({ maxLength: 8 }).map((each) => Buffer.from(each));
const text = fc.string({ unit: 'grapheme', maxLength: 5 });
const version = fc.option(fc.record({ blockNumber: fc.bigInt(0n, 2n ** 53n - 1n), txIndex: fc.nat() }), {
  nil: undefined,
});
const entries = fc
  .uniqueArray(fc.record({ name: text, value: bytes }), { selector: ({ name }) => name, maxLength: 3 })
  .map((list) => list.toSorted((left, right) => compareUtf8(left.name, right.name)));

/** A list without repeated keys, in the order in which the writer puts it. */
const keyed = <Item extends { key: string }>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc
    .uniqueArray(item, { selector: ({ key }) => key, maxLength: 4 })
    .map((list) => list.toSorted((left, right) => compareUtf8(left.key, right.key)));
const read = fc.record({ key: text, version });
const summary = fc.record({
  maxDegree: fc.nat(),
  maxLevel: fc.nat(),
  maxLevelHashes: fc.array(bytes, { maxLength: 3 }),
});
const range = fc
  .record({
    startKey: text,
    endKey: text,
    exhausted: fc.boolean(),
    reads: fc.array(read, { maxLength: 3 }),
    summary: fc.option(summary, { nil: undefined }),
  })
  .map((each) => (each.summary ? { ...each, reads: [] } : each));
const collection = fc.record({
  collection: text,
  reads: fc.array(fc.record({ keyHash: bytes, version }), { maxLength: 2 }),
  writes: fc.array(fc.record({ keyHash: bytes, isDelete: fc.boolean(), valueHash: bytes, isPurge: fc.boolean() }), {
    maxLength: 2,
  }),
  metadataWrites: fc.array(fc.record({ keyHash: bytes, entries }), { maxLength: 2 }),
  privateHash: bytes,
});
const namespaceSet: fc.Arbitrary<NamespaceRwSet> = fc.record({
  namespace: text,
  reads: keyed(read),
  ranges: fc.array(range, { maxLength: 2 }),
  writes: keyed(fc.record({ key: text, isDelete: fc.boolean(), value: bytes })),
  metadataWrites: keyed(fc.record({ key: text, entries })),
  collections: fc
    .uniqueArray(collection, { selector: (each) => each.collection, maxLength: 2 })
    .map((list) => list.toSorted((left, right) => compareUtf8(left.collection, right.collection))),
});
const sets = fc
  .uniqueArray(namespaceSet, { selector: ({ namespace }) => namespace, maxLength: 3 })
  .map((list) => list.toSorted((left, right) => compareUtf8(left.namespace, right.namespace)));

/** The same bytes, read and written again by the generated classes at every level. */
function throughGenerated(encoded: Uint8Array): Uint8Array {
  const outer = rwset.TxReadWriteSet.deserializeBinary(encoded);
  for (const namespace of outer.getNsRwsetList()) {
    namespace.setRwset(rwset.kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8()).serializeBinary());
    for (const each of namespace.getCollectionHashedRwsetList()) {
      each.setHashedRwset(rwset.kvrwset.HashedRWSet.deserializeBinary(each.getHashedRwset_asU8()).serializeBinary());
    }
  }
  return outer.serializeBinary();
}

test('a set survives writing and reading, and the generated classes agree on its bytes', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const encoded = encodeTxRwSet(set);
      const again = readTxRwSet(encoded);
      expect(again.map(plain)).toEqual(set.map(plain));
      expect(Buffer.from(throughGenerated(encoded))).toEqual(Buffer.from(encoded));
    }),
  );
});

test('equal sets give equal bytes, in whatever order they were gathered', () => {
  fc.assert(
    fc.property(sets, (set) => {
      const reversed = set
        .map((each) => ({
          ...each,
          reads: each.reads.toReversed(),
          writes: each.writes.toReversed(),
          metadataWrites: each.metadataWrites
            .map((write) => ({ ...write, entries: write.entries.toReversed() }))
            .toReversed(),
          collections: each.collections.toReversed(),
        }))
        .toReversed();
      expect(Buffer.from(encodeTxRwSet(reversed))).toEqual(Buffer.from(encodeTxRwSet(set)));
    }),
  );
});

test.each([
  ['raw reads', '2a0208052205' + '0a030a0161', { reads: 1, hasSummary: false }],
  ['a summary', '22050a030a0161' + '2a020805', { reads: 0, hasSummary: true }],
])('of both forms of range results the last counts: %s', (_form, hex, { reads, hasSummary }) => {
  const [range] = readKvRwSet(new Writer().message(2, Buffer.from(hex, 'hex')).bytes()).ranges;
  expect(range?.reads).toHaveLength(reads);
  expect(range?.summary !== undefined).toBe(hasSummary);
});

test('metadata is stored without its key', () => {
  const stored = encodeMetadata([{ name: 'N', value: Buffer.from('v') }]);
  expect(readMetadataWrite(stored)).toEqual({ key: '', entries: [{ name: 'N', value: Buffer.from('v') }] });
});

test.each([
  ['a namespace', '12030a01ff'],
  ['a key', '1205120 30a01ff'.replace(' ', '')],
])('%s that is not text makes the set unreadable', (_what, hex) => {
  expect(() => readTxRwSet(Buffer.from(hex, 'hex'))).toThrow(WireError);
});

/** Byte arrays as hex, so that views and copies compare equal. */
function plain(set: NamespaceRwSet): unknown {
  return JSON.parse(
    JSON.stringify(set, (_key, value: unknown) => {
      if (typeof value === 'bigint') return value.toString();
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
      const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
      return isBuffer && 'data' in value ? Buffer.from(value.data as number[]).toString('hex') : value;
    }),
  );
}
