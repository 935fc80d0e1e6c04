import { BatchCutter } from '../../../../network/embedded/order/batch-cutter.js';

const rules = { timeoutMs: 0, maxMessages: 3, preferredBytes: 100, absoluteBytes: 1_000 };
const envelope = (bytes: number) => new Uint8Array(bytes);
const sizes = (batches: Uint8Array[][]) => batches.map((batch) => batch.map(({ length }) => length));

test('a batch is full with the wanted number of envelopes', () => {
  const cutter = new BatchCutter();
  expect(cutter.add(envelope(1), rules)).toEqual([]);
  expect(cutter.add(envelope(2), rules)).toEqual([]);
  expect(sizes(cutter.add(envelope(3), rules))).toEqual([[1, 2, 3]]);
  expect(cutter.cut()).toEqual([]);
});

test('an envelope that would exceed the preferred size begins the next batch', () => {
  const cutter = new BatchCutter();
  cutter.add(envelope(60), rules);
  expect(sizes(cutter.add(envelope(60), rules))).toEqual([[60]]);
  expect(sizes([cutter.cut()])).toEqual([[60]]);
});

test('an envelope above the preferred size goes alone, after what waited before it', () => {
  const cutter = new BatchCutter();
  cutter.add(envelope(10), rules);
  expect(sizes(cutter.add(envelope(500), rules))).toEqual([[10], [500]]);
  expect(cutter.cut()).toEqual([]);
});

test('an empty batch is never handed out when the first envelope is as large as a batch may be', () => {
  expect(new BatchCutter().add(envelope(100), rules)).toEqual([]);
});

test('cutting empties the open batch', () => {
  const cutter = new BatchCutter();
  cutter.add(envelope(7), rules);
  expect(sizes([cutter.cut(), cutter.cut()])).toEqual([[7], []]);
});
