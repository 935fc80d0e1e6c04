import { createHash } from 'node:crypto';
import { type AttestedRecord, parseAttestedAnswer } from '../../../domain/attestation.js';
import { type Batch, batchItem, parseBatchEvent } from '../../../domain/batch.js';
import { type DigestMap } from '../../../domain/digests.js';
import {
  CLERK,
  ContractBench,
  digestOf,
  NOTARY,
  READER,
  registration,
  requestId,
} from '../../support/contract-bench.js';

const DECLARED = { kind: 'electronic-data', claimedAt: '2026-03-01T08:00:00Z' };
const STREAM = '11111111-1111-4111-8111-111111111111';

const leaves = (count: number, name = 'leaf') =>
  Array.from({ length: count }, (_, index) => digestOf(`${name} ${index}`));
const batchOf = (n: number, more: object = {}) => ({
  requestId: requestId(n),
  ...DECLARED,
  leaves: leaves(3),
  ...more,
});
const inStream = (n: number, first: number, size = 2) =>
  batchOf(n, { leaves: leaves(size, `stream ${n}`), stream: { id: STREAM, first } });

/** RFC 6962 section 2.1 written down once more, in the words of the standard. */
function treeHash(data: readonly Buffer[]): Buffer {
  const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (data.length === 1) return hash(Buffer.of(0), data[0] ?? Buffer.alloc(0));
  const k = 2 ** Math.ceil(Math.log2(data.length) - 1);
  return hash(Buffer.of(1), treeHash(data.slice(0, k)), treeHash(data.slice(k)));
}

describe('R25: batches', () => {
  test.each([1, 2, 3, 7, 8, 1_000])('the contract itself computes the root over %i leaves', async (size) => {
    const bench = await ContractBench.open();
    const batch = await bench.ask<Batch>(CLERK, 'batch:register', batchOf(1, { leaves: leaves(size) }));
    const root = treeHash(leaves(size).map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex');
    expect({ root: batch.root, size: batch.size }).toEqual({ root, size });
  });

  test('the chain keeps the root and not one leaf, and the event says no more', async () => {
    const bench = await ContractBench.open();
    const { payload, events } = await bench.call(CLERK, 'batch:register', batchOf(1));
    const stored = [...bench.ledger.values].map(([key, value]) => `${key}${value.toString()}`).join();
    const shown = stored + payload + events.map((event) => event.payload).join();
    for (const leaf of leaves(3)) expect(shown).not.toContain(leaf);
    const { id, root } = JSON.parse(payload) as Batch;
    expect(parseBatchEvent(events[0]?.payload)).toMatchObject({ evidenceId: id, root, size: 3 });
  });

  test('is attested by its root; a single record of the same request id is another one', async () => {
    const bench = await ContractBench.open();
    const batch = await bench.ask<Batch>(CLERK, 'batch:register', batchOf(1));
    const stored = bench.ledger.values.get(`\0batch\0${batch.id}\0`) ?? '';
    const answer = parseAttestedAnswer(await bench.ask<AttestedRecord>(READER, 'proof:batch', batch.id));
    expect(answer).toMatchObject({
      subject: ['batch', batch.id],
      record: createHash('sha256').update(stored).digest('hex'),
      batch: { root: batch.root, size: 3 },
    });
    const single = await bench.ask<{ id: string }>(CLERK, 'evidence:register', registration(1));
    expect(single.id).not.toBe(batch.id);
    expect(await bench.ask(READER, 'proof:batch', single.id)).toMatchObject({ found: false });
    expect(await bench.ask(READER, 'batch:get', batch.id)).toEqual({ found: true, batch });
  });

  test('R08 again answers with the first batch; other leaves under the request id are refused', async () => {
    const bench = await ContractBench.open();
    const first = await bench.call(CLERK, 'batch:register', inStream(1, 5));
    const again = await bench.call(CLERK, 'batch:register', inStream(1, 5));
    expect({ payload: again.payload, writes: again.writes }).toEqual({ payload: first.payload, writes: 0 });
    const other = { ...inStream(1, 5), leaves: leaves(2) };
    expect(await bench.refusal(CLERK, 'batch:register', other)).toBe('REQUEST_REUSED');
  });

  test.each([
    ['no leaves', { leaves: [] }, 'REQUEST_MALFORMED'],
    ['1,001 leaves', { leaves: leaves(1_001) }, 'REQUEST_MALFORMED'],
    ['a leaf that is no digest', { leaves: ['00'] }, 'DIGEST_MALFORMED'],
    ['a root of its own', { root: digestOf('root') }, 'REQUEST_MALFORMED'],
    ['a claim from the future', { claimedAt: '2026-03-01T09:00:00Z' }, 'REQUEST_MALFORMED'],
    ['sequence number 0', { stream: { id: STREAM, first: 0 } }, 'REQUEST_MALFORMED'],
  ])('%s is refused', async (_what, more, code) => {
    const bench = await ContractBench.open();
    expect(await bench.refusal(CLERK, 'batch:register', batchOf(1, more))).toBe(code);
  });
});

describe('R26: streams', () => {
  test('what a stream leaves out is the gap of the next batch, and stays missing', async () => {
    const bench = await ContractBench.open();
    const gapOf = async (request: object) => (await bench.ask<Batch>(CLERK, 'batch:register', request)).gap;
    expect(await gapOf(inStream(1, 1, 411))).toBeUndefined();
    expect(await gapOf(inStream(2, 413, 5))).toEqual({ from: 412, to: 412 });
    expect(await gapOf(inStream(3, 418))).toBeUndefined();
    expect(await gapOf(inStream(4, 430))).toEqual({ from: 420, to: 429 });
    await expect(bench.call(CLERK, 'batch:register', inStream(5, 412, 1))).rejects.toMatchObject({
      code: 'STREAM_SEQUENCE',
      details: { next: 432 },
    });
  });

  test('a stream that does not begin with 1 has a gap from the start', async () => {
    const bench = await ContractBench.open();
    expect(await bench.ask(CLERK, 'batch:register', inStream(1, 3))).toMatchObject({ gap: { from: 1, to: 2 } });
  });

  test('the name of a stream belongs to its unit', async () => {
    const bench = await ContractBench.open();
    await bench.call(CLERK, 'batch:register', inStream(1, 1));
    const other = await bench.ask<Batch>(NOTARY, 'batch:register', inStream(1, 1));
    expect(other.gap).toBeUndefined();
  });
});

describe('an item', () => {
  test('is its digests and its number, in one form', () => {
    const digests = { 'sha-256': digestOf('a') } as DigestMap;
    expect(batchItem(digests)).toBe(`{"digests":{"sha-256":"${digestOf('a')}"}}`);
    expect(batchItem(digests, 7)).toBe(`{"digests":{"sha-256":"${digestOf('a')}"},"sequence":7}`);
  });
});
