import { createHash } from 'node:crypto';

import { summarizeReads } from '../../../../network/embedded/commit/merkle.js';
import type { KvRead } from '../../../../network/embedded/wire/rwset.js';
import { encodeQueryReads } from '../../../../network/embedded/wire/rwset-writer.js';

const reads = (count: number): KvRead[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${i}`, version: { blockNumber: 1n, txIndex: i } }));
const hash = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (from: number, to: number): Buffer => hash(encodeQueryReads(reads(to).slice(from)));
/** A node of the second level: nine reads from `from` on. */
const triple = (from: number): Buffer => hash(leaf(from, from + 3), leaf(from + 3, from + 6), leaf(from + 6, from + 9));

// The expected trees are drawn by hand from the description in query_results_helper.go.
test.each([
  { count: 2, level: undefined, nodes: [] },
  { count: 3, level: 1, nodes: [leaf(0, 3)] },
  { count: 4, level: 1, nodes: [leaf(0, 3), leaf(3, 4)] },
  { count: 9, level: 2, nodes: [hash(leaf(0, 3), leaf(3, 6), leaf(6, 9))] },
  // A single node that is left over rises without being hashed again; two are joined.
  { count: 12, level: 2, nodes: [hash(leaf(0, 3), leaf(3, 6), leaf(6, 9)), leaf(9, 12)] },
  { count: 14, level: 2, nodes: [hash(leaf(0, 3), leaf(3, 6), leaf(6, 9)), hash(leaf(9, 12), leaf(12, 14))] },
  // A top level that overflows at the end is joined once more.
  { count: 19, level: 3, nodes: [hash(triple(0), triple(9), leaf(18, 19))] },
])('$count reads of degree 2 are summarised at level $level', ({ count, level, nodes }) => {
  const summary = summarizeReads(reads(count), 2);
  expect(summary?.maxLevel).toBe(level);
  expect((summary?.maxLevelHashes ?? []).map((each) => Buffer.from(each))).toEqual(nodes);
});

test.each([0, 1])('there is no tree of degree %i, which would never end', (maxDegree) => {
  expect(summarizeReads(reads(5), maxDegree)).toBeUndefined();
});
