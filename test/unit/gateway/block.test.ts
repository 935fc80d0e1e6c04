import { common } from '@hyperledger/fabric-protos';

import { readBlock } from '../../../gateway/ledger/block.js';
import { BLOCK_NUMBERS, ordererBlockBytes, peerBlockBytes } from '../../vectors/vectors.js';

const blockOf = (bytes: Uint8Array) => readBlock(common.Block.deserializeBinary(bytes));
const peerBlock = (number: number) => blockOf(peerBlockBytes(number));

describe("a real peer's blocks", () => {
  test.each(BLOCK_NUMBERS)('block %i holds what its header says', (number) => {
    const block = peerBlock(number);
    expect(block.number).toBe(number);
    expect(block.contentHash).toBe(block.dataHash);
  });

  test.each([1, 2, 3, 4, 10, 13, 18, 19])('block %i names the block before it by our own header hash', (number) => {
    const before = BLOCK_NUMBERS.find((each) => each === number - 1);
    if (before === undefined) return; // Its predecessor is not among the vectors.
    expect(peerBlock(number).previousHash).toBe(peerBlock(before).hash);
  });

  test('an altered envelope no longer fits its header', () => {
    const block = common.Block.deserializeBinary(peerBlockBytes(3));
    const [envelope = new Uint8Array()] = block.getData()?.getDataList_asU8() ?? [];
    block.getData()?.setDataList([Buffer.from(envelope).fill(1, 40, 41)]);
    const altered = readBlock(block);
    expect(altered.contentHash).not.toBe(altered.dataHash);
  });

  test('an MVCC loser stands beside the winner with its own code', () => {
    expect(peerBlock(12).transactions.map(({ index, code, type }) => ({ index, code, type }))).toEqual([
      { index: 0, code: 'VALID', type: 'endorser' },
      { index: 1, code: 'MVCC_READ_CONFLICT', type: 'endorser' },
    ]);
  });

  test('a transaction tells signer, endorsers, chaincode, time and event', () => {
    const [transaction] = peerBlock(10).transactions;
    expect(transaction).toMatchObject({
      txId: expect.stringMatching(/^c653d5bafaf7[0-9a-f]{52}$/) as string,
      creator: { mspId: 'BeijingMSP', commonName: 'User1@beijing.example' },
      endorsers: ['BeijingMSP', 'GuangdongMSP'],
      chaincode: 'evidence',
    });
    expect(transaction?.time).toMatch(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
    const events = BLOCK_NUMBERS.flatMap((number) =>
      peerBlock(number).transactions.flatMap(({ event }) => event ?? []),
    );
    expect(events.length).toBeGreaterThan(0);
  });

  test('only configuration blocks tell who runs the channel', () => {
    const told = BLOCK_NUMBERS.filter((number) => peerBlock(number).configuration !== undefined);
    expect(told).toEqual([0, 21]);
    expect(peerBlock(0).configuration).toEqual({
      consensus: 'BFT',
      organisations: ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'],
    });
  });

  test('a block that no peer has judged says so', () => {
    expect(blockOf(ordererBlockBytes(3)).transactions[0]?.code).toBe('NOT_VALIDATED');
  });

  test('garbage among the transactions is kept in its place, and the rest is read', () => {
    const block = common.Block.deserializeBinary(peerBlockBytes(4));
    const envelopes = block.getData()?.getDataList_asU8() ?? [];
    block.getData()?.setDataList([Buffer.from('ff00ff00', 'hex'), ...envelopes]);
    const read = readBlock(block).transactions;
    expect(read.map(({ type }) => type)).toEqual(['unreadable', 'endorser', 'endorser']);
    expect(read[2]?.index).toBe(2);
  });
});
