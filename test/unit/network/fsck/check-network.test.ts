import { ClassicLevel } from 'classic-level';

import { readBlock } from '../../../../network/embedded/wire/block.js';
import { readCommitHash } from '../../../../network/embedded/wire/metadata.js';
import { checkNetwork } from '../../../../network/fsck/check-network.js';
import { peerBlockBytes } from '../../../vectors/vectors.js';
import { inFolder } from '../ledger/ledger-folder.js';
import { commitRealBlocks, frame, REAL, realBlocks, startOf, writeBlocks } from './real-ledger.js';

/** Blocks that real peers judged, so what the checker makes of them is measured by Fabric and not by this project. */
describe('the chain of a real network', () => {
  test('is sound: every verdict and every commit hash follow from its bytes', () =>
    inFolder(async (data) => {
      writeBlocks(data, 'peer0', realBlocks());
      const told: number[] = [];
      const report = await checkNetwork(data, (done, all) => told.push(done / all));
      expect(report).toMatchObject({ sound: true, channel: 'evidence', findings: [] });
      expect(report.peers).toMatchObject([{ peer: 'peer0', blocks: REAL.length, index: 'absent' }]);
      expect(told.at(-1)).toBe(1);
    }));

  test('is sound with the index that the embedded ledger makes of it, on two peers', () =>
    inFolder(async (data) => {
      await commitRealBlocks(data, 'peer0');
      await commitRealBlocks(data, 'peer1');
      const told: number[] = [];
      const report = await checkNetwork(data, (done, all) => told.push(done / all));
      expect(report.findings).toEqual([]);
      // Peers of no organisation: they hold none of the private data that definitions are approved with.
      const each = { index: 'checked', privateData: 'checked', privateSetsMissing: 4 };
      expect(report.peers).toMatchObject([each, each]);
      // Blocks of the first, its index, blocks of the second, its index: always on, and whole at the end.
      expect(told.toSorted((a, b) => a - b)).toEqual(told);
      expect(new Set(told).size).toBeGreaterThan(REAL.length + 2);
      expect(told.at(-1)).toBe(1);
    }));
});

/** Changes one byte of a block's part and mends the frame, as somebody would who wants to go unnoticed. */
function forge(number: number, part: (block: Buffer) => Uint8Array, at = 0): { file: Buffer; from: number } {
  const blocks = REAL.map((each) => Buffer.from(peerBlockBytes(each)));
  const block = blocks[number] ?? Buffer.alloc(0);
  const from = block.indexOf(part(block)) + at;
  block[from] = (block[from] ?? 0) ^ 1;
  return { file: Buffer.concat(blocks.map(frame)), from: startOf(number) + from };
}

describe('a block file with one change', () => {
  const metadata = (index: number) => (bytes: Buffer) => readBlock(bytes).metadata[index] ?? Buffer.alloc(0);
  const whole = realBlocks();
  const last = startOf(4) - 8;
  const flip = (at: number): Buffer => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    return changed;
  };

  test.each([
    ['a flipped bit', flip(startOf(2) + 500), 'RECORD_BROKEN', 2, startOf(2) - 8],
    ['a flipped bit in a length', flip(startOf(2) - 8), 'RECORD_TORN', 2, startOf(2) - 8],
    ['no end', whole.subarray(0, whole.length - 7), 'RECORD_TORN', 4, last],
    ['zeros at its end', Buffer.concat([whole, Buffer.alloc(64)]), 'RECORD_BROKEN', 5, whole.length],
    ['its last block twice', Buffer.concat([whole, whole.subarray(last)]), 'BLOCK_NUMBER', 5, whole.length + 8],
    [
      'a block left out',
      Buffer.concat([whole.subarray(0, startOf(3) - 8), whole.subarray(last)]),
      'BLOCK_NUMBER',
      3,
      startOf(3),
    ],
    ['nothing in it', Buffer.alloc(0), 'CHAIN_EMPTY', undefined, undefined],
  ])('%s is found at its first byte', (_, file, code, block, from) =>
    inFolder(async (data) => {
      writeBlocks(data, 'peer0', file);
      const { sound, findings } = await checkNetwork(data);
      expect(sound).toBe(false);
      expect(findings).toEqual([
        expect.objectContaining({ code, ...(from === undefined ? {} : { block: String(block), from }) }),
      ]);
    }),
  );

  test.each([
    ['PREVIOUS_HASH', forge(3, (bytes) => readBlock(bytes).previousHash)],
    ['DATA_HASH', forge(3, (bytes) => readBlock(bytes).envelopes[0] ?? bytes, 900)],
    ['ORDERER_SIGNATURE', forge(2, metadata(0), 200)],
    ['VALIDATION_CODE', forge(4, metadata(2))],
    ['COMMIT_HASH', forge(4, (bytes) => readCommitHash(readBlock(bytes)))],
  ])('a forged byte with a right checksum is %s, and lies in the range that is named', (code, { file, from }) =>
    inFolder(async (data) => {
      writeBlocks(data, 'peer0', file);
      const [finding] = (await checkNetwork(data)).findings;
      expect(finding?.code).toBe(code);
      expect(finding?.from).toBeLessThanOrEqual(from);
      expect(finding?.to).toBeGreaterThan(from);
      if (code === 'VALIDATION_CODE') expect(finding).toMatchObject({ from, to: from + 1, transaction: 0 });
    }),
  );

  test('two sound chains that differ are a disagreement; a shorter one is not', () =>
    inFolder(async (data) => {
      writeBlocks(data, 'peer0', whole);
      writeBlocks(data, 'peer1', whole.subarray(0, last));
      expect((await checkNetwork(data)).findings).toEqual([]);
      // The last configuration of an early block is no part of what orderers or peers sign.
      const nonce = forge(0, (bytes) => readBlock(bytes).metadata[0] ?? bytes);
      writeBlocks(data, 'peer2', nonce.file);
      const [finding] = (await checkNetwork(data)).findings;
      expect(finding).toMatchObject({ code: 'PEERS_DISAGREE', peer: 'peer2', block: '0', from: 0 });
    }));
});

describe('an index with one change', () => {
  type Edit = (index: ClassicLevel<Buffer, Buffer>, key: Buffer, value: Buffer) => Promise<void>;
  const change: Edit = (index, key, value) => {
    const other = Buffer.from(value);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    return index.put(key, other);
  };
  const remove: Edit = (index, key) => index.del(key);
  const double: Edit = (index, key, value) => index.put(Buffer.concat([key, Buffer.from('x')]), value);

  test.each([
    ['INDEX_STATE', 's', change],
    ['INDEX_STATE', 's', remove],
    ['INDEX_STATE', 's', double],
    ['INDEX_HISTORY', 'h', remove],
    ['INDEX_TRANSACTION', 't', change],
    ['INDEX_TRANSACTION', 't', double],
    ['INDEX_BLOCK', 'b', remove],
    ['INDEX_BLOCK', 'b', change],
    ['INDEX_SAVEPOINT', 'p', change],
    ['INDEX_SAVEPOINT', 'p', remove],
  ])('%s is found where the last entry of kind "%s" was edited', (code, kind, edit) =>
    inFolder(async (data) => {
      const folder = await commitRealBlocks(data, 'peer0');
      const index = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
      const range = { gte: Buffer.from(kind), lt: Buffer.from(String.fromCharCode(kind.charCodeAt(0) + 1)) };
      const [entry] = await index.iterator({ ...range, reverse: true, limit: 1 }).all();
      if (entry === undefined) throw new Error(`the index has no entry of kind ${kind}`);
      await edit(index, ...entry);
      await index.close();
      const { findings } = await checkNetwork(data);
      expect(findings.map((finding) => finding.code)).toContain(code);
    }),
  );

  test('is found on the second peer too, whose chain is the first one byte for byte', () =>
    inFolder(async (data) => {
      await commitRealBlocks(data, 'peer0');
      const folder = await commitRealBlocks(data, 'peer1');
      const index = new ClassicLevel<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
      const [key] = await index.keys({ gte: Buffer.from('h'), limit: 1 }).all();
      await index.del(key ?? Buffer.alloc(0));
      await index.close();
      expect((await checkNetwork(data)).findings).toMatchObject([{ code: 'INDEX_HISTORY', peer: 'peer1' }]);
    }));

  test('that is open elsewhere is left alone, and said to be', () =>
    inFolder(async (data) => {
      const folder = await commitRealBlocks(data, 'peer0');
      const index = new ClassicLevel(folder);
      await index.open();
      const { peers, findings } = await checkNetwork(data);
      await index.close();
      expect([peers[0]?.index, findings]).toEqual(['in-use', []]);
    }));
});
