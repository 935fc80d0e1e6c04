import { parsePolicyText } from '../../../../network/embedded/msp/policy-text.js';
import { summarizeReads } from '../../../../network/embedded/commit/merkle.js';
import type { KvRead, NamespaceRwSet, RangeQuery, Version } from '../../../../network/embedded/wire/rwset.js';
import { CHAINCODE, codeNames, COLLECTION, put, rwset, sha256, TestChannel } from './test-channel.js';

let channel: TestChannel;
const at = (txIndex: number, blockNumber = 2n): Version => ({ blockNumber, txIndex });
const keys = Array.from({ length: 120 }, (_, i) => `r${String(i).padStart(3, '0')}`);

// Block 2 writes key `a` in transaction 0, and a long range, a private key and a guarded key in transaction 1.
beforeEach(async () => {
  channel = await TestChannel.create();
  await channel.define();
  const vault = {
    collection: COLLECTION,
    reads: [],
    writes: [{ keyHash: sha256('secret'), isDelete: false, valueHash: sha256('1'), isPurge: false }],
    metadataWrites: [],
    privateHash: sha256('set'),
  };
  const entries = [{ name: 'VALIDATION_PARAMETER', value: parsePolicyText("AND('BMSP.peer','CMSP.peer')") }];
  const second = rwset({
    writes: [put('guarded', '1'), ...keys.map((key) => put(key, '1'))],
    metadataWrites: [{ key: 'guarded', entries }],
    collections: [vault],
  });
  await channel.commit([tx(rwset({ writes: [put('a', '1')] })), tx(second)]);
});

function tx(set: NamespaceRwSet, endorsers?: readonly ('AMSP' | 'BMSP' | 'CMSP')[]): Uint8Array {
  const signers = endorsers?.map((mspId) => channel.peers[mspId]);
  return channel.transaction({ sets: [set], ...(signers && { endorsers: signers }) });
}

async function judged(...transactions: Uint8Array[]): Promise<string[]> {
  return codeNames(await channel.judge(transactions));
}

describe('point reads', () => {
  test('a read of the committed version holds, of another or of an absent one does not', async () => {
    const reading = (key: string, version: Version | undefined) => tx(rwset({ reads: [{ key, version }] }));
    expect(
      await judged(reading('a', at(0)), reading('a', at(1)), reading('a', undefined), reading('b', undefined)),
    ).toEqual(['VALID', 'MVCC_READ_CONFLICT', 'MVCC_READ_CONFLICT', 'VALID']);
    expect(await judged(reading('b', at(0)))).toEqual(['MVCC_READ_CONFLICT']);
  });

  test('of two transactions that read and write one key the second conflicts', async () => {
    const bump = rwset({ reads: [{ key: 'a', version: at(0) }], writes: [put('a', '2')] });
    expect(await judged(tx(bump), tx(bump))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  test('a key that was changed in the block conflicts even where the recorded version would fit', async () => {
    const next = 3n;
    const foretold = tx(rwset({ reads: [{ key: 'a', version: at(0, next) }] }));
    expect(await judged(tx(rwset({ writes: [put('a', '2')] })), foretold)).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    const deletion = tx(rwset({ writes: [{ ...put('absent', ''), isDelete: true }] }));
    const absent = tx(rwset({ reads: [{ key: 'absent', version: undefined }] }));
    expect(await judged(deletion, absent)).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  test('a write of an invalid transaction disturbs nobody', async () => {
    const bump = rwset({ reads: [{ key: 'a', version: at(0) }], writes: [put('a', '2')] });
    expect(await judged(tx(bump, ['AMSP']), tx(bump))).toEqual(['ENDORSEMENT_POLICY_FAILURE', 'VALID']);
  });

  test('a private read is judged by the hash of its key', async () => {
    const reading = (version: Version | undefined) => ({
      collection: COLLECTION,
      reads: [{ keyHash: sha256('secret'), version }],
      writes: [],
      metadataWrites: [],
      privateHash: new Uint8Array(0),
    });
    const writing = {
      ...reading(at(1)),
      writes: [{ keyHash: sha256('secret'), isDelete: true, valueHash: new Uint8Array(0), isPurge: false }],
    };
    const sets = [reading(at(1)), reading(at(0)), writing, reading(undefined)].map((set) =>
      tx(rwset({ collections: [set] })),
    );
    expect(await judged(...sets)).toEqual(['VALID', 'MVCC_READ_CONFLICT', 'VALID', 'MVCC_READ_CONFLICT']);
  });
});

describe('ranges', () => {
  const reads = (from: number, to: number): KvRead[] => keys.slice(from, to).map((key) => ({ key, version: at(1) }));
  const range = (parts: Partial<RangeQuery>): RangeQuery => ({
    startKey: 'r000',
    endKey: 'r010',
    exhausted: true,
    reads: reads(0, 10),
    summary: undefined,
    ...parts,
  });
  const scan = (parts: Partial<RangeQuery>, writes: NamespaceRwSet['writes'] = []) =>
    tx(rwset({ ranges: [range(parts)], writes }));

  test.each<[string, Partial<RangeQuery>, string]>([
    ['that still gives the same keys', {}, 'VALID'],
    [
      'with a key that is not there',
      { reads: [...reads(0, 10), { key: 'r0095', version: at(1) }] },
      'PHANTOM_READ_CONFLICT',
    ],
    ['with a key missing', { reads: reads(0, 9) }, 'PHANTOM_READ_CONFLICT'],
    [
      'with an older version',
      { reads: reads(0, 10).map(({ key }) => ({ key, version: at(0) })) },
      'PHANTOM_READ_CONFLICT',
    ],
    ['that stopped early at its last key', { endKey: 'r009', exhausted: false }, 'VALID'],
    [
      'that stopped early and lacks its last key',
      { endKey: 'r009', exhausted: false, reads: reads(0, 9) },
      'PHANTOM_READ_CONFLICT',
    ],
    ['without results', { startKey: 'x', endKey: 'y', reads: [] }, 'VALID'],
    ['to the end of the namespace', { startKey: 'r118', endKey: '', reads: reads(118, 120) }, 'VALID'],
  ])('a range %s', async (_what, parts, code) => {
    expect(await judged(scan(parts))).toEqual([code]);
  });

  test.each([
    ['adds a key to', put('r0055', 'new')],
    ['changes a key of', put('r005', 'new')],
    ['deletes a key of', { ...put('r005', ''), isDelete: true }],
  ])('a transaction that %s a range makes the next reader of it a phantom', async (_what, change) => {
    expect(await judged(tx(rwset({ writes: [change] })), scan({}))).toEqual(['VALID', 'PHANTOM_READ_CONFLICT']);
  });

  test.each([2, 3, 50])('a Merkle summary of degree %i stands for the results', async (maxDegree) => {
    const long = { endKey: 's', reads: [] };
    const summary = summarizeReads(reads(0, 120), maxDegree);
    const shorter = summarizeReads(reads(0, 119), maxDegree);
    const longer = summarizeReads([...reads(0, 120), { key: 'rx', version: at(1) }], maxDegree);
    const scans = [summary, shorter, longer].map((each) => scan({ ...long, summary: each }));
    expect(await judged(...scans)).toEqual(['VALID', 'PHANTOM_READ_CONFLICT', 'PHANTOM_READ_CONFLICT']);
    const summarized = scan({ ...long, summary });
    expect(await judged(tx(rwset({ writes: [put('r119', 'new')] })), summarized)).toEqual([
      'VALID',
      'PHANTOM_READ_CONFLICT',
    ]);
  });

  test('a summary of an impossible degree is a phantom, not a crash', async () => {
    const summary = { maxDegree: 1, maxLevel: 1, maxLevelHashes: [] };
    expect(await judged(scan({ reads: [], summary }))).toEqual(['PHANTOM_READ_CONFLICT']);
  });
});

describe('key-level policies', () => {
  test("a key's own policy counts instead of the chaincode's", async () => {
    const change = rwset({ writes: [put('guarded', '2')] });
    const by = (...endorsers: ('AMSP' | 'BMSP' | 'CMSP')[]) => judged(tx(change, endorsers));
    expect(await by('AMSP', 'BMSP')).toEqual(['ENDORSEMENT_POLICY_FAILURE']);
    expect(await by('BMSP', 'CMSP')).toEqual(['VALID']);
  });

  test('beside a guarded key, other keys still need the chaincode policy', async () => {
    const both = rwset({ writes: [put('a', '2'), put('guarded', '2')] });
    expect(await judged(tx(both, ['BMSP', 'CMSP']))).toEqual(['VALID']);
    expect(await judged(tx(both, ['AMSP', 'BMSP']))).toEqual(['ENDORSEMENT_POLICY_FAILURE']);
  });

  test('a policy change bars later writers of the key in the block, even if it is then found to conflict', async () => {
    const entries = [{ name: 'VALIDATION_PARAMETER', value: parsePolicyText("OR('AMSP.peer')") }];
    const change = rwset({ reads: [{ key: 'a', version: at(7) }], metadataWrites: [{ key: 'a', entries }] });
    const writer = tx(rwset({ writes: [put('a', '2')] }));
    expect(await judged(tx(change), writer)).toEqual(['MVCC_READ_CONFLICT', 'ENDORSEMENT_POLICY_FAILURE']);
    expect(await judged(tx(change, ['AMSP']), writer)).toEqual(['ENDORSEMENT_POLICY_FAILURE', 'VALID']);
    expect(await judged(writer, tx(change))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  test('a policy that does not parse is met by nobody', async () => {
    const entries = [{ name: 'VALIDATION_PARAMETER', value: Buffer.from('nonsense') }];
    await channel.commit([tx(rwset({ metadataWrites: [{ key: 'a', entries }] }))]);
    expect(await judged(tx(rwset({ writes: [put('a', '2')] })))).toEqual(['ENDORSEMENT_POLICY_FAILURE']);
  });

  test('a value write keeps the policy, a delete drops it', async () => {
    await channel.commit([tx(rwset({ writes: [put('guarded', '2')] }), ['BMSP', 'CMSP'])]);
    expect(channel.state.get(CHAINCODE, 'guarded')?.metadata.has('VALIDATION_PARAMETER')).toBe(true);
    await channel.commit([tx(rwset({ writes: [{ ...put('guarded', ''), isDelete: true }] }), ['BMSP', 'CMSP'])]);
    expect(await judged(tx(rwset({ writes: [put('guarded', '3')] }), ['AMSP', 'BMSP']))).toEqual(['VALID']);
  });
});
