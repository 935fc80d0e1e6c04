import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { common, peer } from '@hyperledger/fabric-protos';

import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import { PeerLedger } from '../../../../network/embedded/ledger/peer-ledger.js';
import { serializeIdentity } from '../../../../network/embedded/msp/msp.js';
import { createCscc } from '../../../../network/embedded/system/cscc.js';
import { createQscc } from '../../../../network/embedded/system/qscc.js';
import { type SystemContext } from '../../../../network/embedded/system/served-channel.js';
import { type Block, blockHash, readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { withVerdicts } from '../../../../network/embedded/wire/metadata.js';
import { type Response } from '../../../../network/embedded/wire/transaction.js';
import { certificatePem, peerBlockBytes } from '../../../vectors/vectors.js';
import { judgeFor } from '../ledger/ledger-folder.js';

/** A ledger of blocks that a real network wrote, so that every answer can be compared with bytes not made here. */
const NUMBERS = [0, 1, 2, 3, 4] as const;
const channel = readChannelConfig(peerBlockBytes(0));
const { channelId } = channel;
const identity = (path: string) =>
  channel.msps.deserialize(serializeIdentity('BeijingMSP', certificatePem(`beijing.example/certs/${path}`)));
const user = identity('User1@beijing.example-cert.pem');
let folder: string;
let ledger: PeerLedger;
let context: SystemContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = await PeerLedger.open(folder, { fsync: false });
  for (const number of NUMBERS) {
    const block = withVerdicts(readBlock(peerBlockBytes(number)), [], new Uint8Array(0));
    await ledger.commit(block, await judgeFor(ledger, block, channel));
  }
  context = {
    mspId: 'BeijingMSP',
    channels: () =>
      new Map([[channelId, { config: () => channel, chain: ledger, adopted: () => Promise.resolve([]) }]]),
  };
});
afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Wishes {
  readonly calledName?: string;
  readonly mspId?: string;
}

async function call(name: 'qscc' | 'cscc', args: readonly (string | Uint8Array)[], wishes: Wishes = {}) {
  const { calledName = name, mspId = context.mspId } = wishes;
  const create = name === 'qscc' ? createQscc : createCscc;
  return create({ ...context, mspId }).invoke({
    args: args.map((arg) => (typeof arg === 'string' ? Buffer.from(arg) : arg)),
    channelId,
    calledName,
    creator: user,
    simulator: undefined,
  });
}

function bytesOf({ status, message, payload }: Response): Buffer {
  expect([status, message]).toEqual([200, '']);
  return Buffer.from(payload);
}

function block(number: number): Block {
  return readBlock(peerBlockBytes(number));
}

function txIdOf(number: number, index: number): string {
  return readEnvelope(block(number).envelopes[index] ?? new Uint8Array()).channelHeader.txId;
}

describe('qscc', () => {
  test('GetChainInfo tells the height and both hashes', async () => {
    const info = common.BlockchainInfo.deserializeBinary(bytesOf(await call('qscc', ['GetChainInfo', channelId])));
    expect(info.getHeight()).toBe(5);
    expect(Buffer.from(info.getCurrentblockhash_asU8())).toEqual(Buffer.from(blockHash(block(4))));
    expect(Buffer.from(info.getPreviousblockhash_asU8())).toEqual(Buffer.from(block(4).previousHash));
  });

  test('gives each block by its number, its hash and its transactions, exactly as the real peer stored it', async () => {
    for (const number of NUMBERS) {
      const stored = peerBlockBytes(number);
      const hash = blockHash(block(number));
      expect(bytesOf(await call('qscc', ['GetBlockByNumber', channelId, String(number)])).equals(stored)).toBe(true);
      expect(bytesOf(await call('qscc', ['GetBlockByHash', channelId, hash])).equals(stored)).toBe(true);
      const byId = await call('qscc', ['GetBlockByTxID', channelId, txIdOf(number, 0)]);
      expect(bytesOf(byId).equals(stored)).toBe(true);
    }
  });

  test('takes the greatest number there is for the last block', async () => {
    const answer = await call('qscc', ['GetBlockByNumber', channelId, '18446744073709551615']);
    expect(bytesOf(answer).equals(peerBlockBytes(4))).toBe(true);
  });

  test('gives a transaction with its own envelope bytes and its verdict', async () => {
    const answer = bytesOf(await call('qscc', ['GetTransactionByID', channelId, txIdOf(4, 1)]));
    const processed = peer.ProcessedTransaction.deserializeBinary(answer);
    const envelope = processed.getTransactionenvelope()?.serializeBinary() ?? new Uint8Array();
    expect(Buffer.from(envelope).equals(block(4).envelopes[1] ?? new Uint8Array())).toBe(true);
    expect(processed.getValidationcode()).toBe(peer.TxValidationCode.VALID);
  });

  test.each<[string, (string | Uint8Array)[], string]>([
    ['no channel', ['GetChainInfo'], 'Incorrect number of arguments, 1'],
    ['nothing to look for', ['GetBlockByNumber', channelId], 'missing 3rd argument for GetBlockByNumber'],
    ['another channel', ['GetChainInfo', 'elsewhere'], 'Invalid chain ID, elsewhere'],
    [
      'a function that it does not have',
      ['GetNothing', channelId, 'x'],
      `access denied for [GetNothing][${channelId}]: [Unmapped policy for qscc/GetNothing]`,
    ],
    [
      'a number that is not one',
      ['GetBlockByNumber', channelId, '-1'],
      'Failed to parse block number with error strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    [
      'a number over 64 bits',
      ['GetBlockByNumber', channelId, '18446744073709551616'],
      'Failed to parse block number with error strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ],
    [
      'a block that does not exist yet',
      ['GetBlockByNumber', channelId, '5'],
      'Failed to get block number 5, error no such block number [5] in index',
    ],
    [
      'a hash that no block has',
      ['GetBlockByHash', channelId, 'abc'],
      'Failed to get block hash abc, error no such block hash [616263] in index',
    ],
    [
      'the block of an unknown transaction',
      ['GetBlockByTxID', channelId, 'nosuch'],
      'Failed to get block for txID nosuch, error no such transaction ID [nosuch] in index',
    ],
    [
      'an unknown transaction',
      ['GetTransactionByID', channelId, 'nosuch'],
      'Failed to get transaction with id nosuch, error no such transaction ID [nosuch] in index',
    ],
  ])('%s is refused in Fabric’s words', async (_what, args, message) => {
    expect(await call('qscc', args)).toMatchObject({ status: 500, message });
  });

  test('answers nobody who comes by way of another chaincode', async () => {
    const answer = await call('qscc', ['GetChainInfo', channelId], { calledName: 'other' });
    expect(answer).toMatchObject({
      status: 500,
      message:
        'Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, ' +
        "original invocation for 'other'",
    });
  });
});

describe('cscc', () => {
  test('GetChannels names what the peer has joined', async () => {
    const answer = peer.ChannelQueryResponse.deserializeBinary(bytesOf(await call('cscc', ['GetChannels'])));
    expect(answer.toObject()).toEqual({ channelsList: [{ channelId }] });
  });

  test('GetChannels is for members of the peer’s own organisation', async () => {
    expect(await call('cscc', ['GetChannels'], { mspId: 'ZhejiangMSP' })).toMatchObject({
      status: 500,
      message:
        'access denied for [GetChannels]: Failed deserializing proposal creator during channelless check policy with ' +
        'policy [Members]: [expected MSP ID ZhejiangMSP, received BeijingMSP]',
    });
  });

  test('GetConfigBlock is the newest configuration block, GetChannelConfig the configuration in it', async () => {
    const blockBytes = bytesOf(await call('cscc', ['GetConfigBlock', channelId]));
    expect(blockBytes.equals(peerBlockBytes(0))).toBe(true);
    const config = common.Config.deserializeBinary(bytesOf(await call('cscc', ['GetChannelConfig', channelId])));
    expect(config.toObject()).toEqual(channel.config.toObject());
  });

  test.each<[string, string[], string]>([
    ['no function', [], 'Incorrect number of arguments, 0'],
    ['no channel', ['GetConfigBlock'], 'Incorrect number of arguments, 1'],
    ['an empty channel', ['GetChannelConfig', ''], 'empty channel name provided'],
    [
      'another channel',
      ['GetConfigBlock', 'elsewhere'],
      'access denied for [GetConfigBlock][elsewhere]: Failed to get policy manager for channel [elsewhere]',
    ],
    ['a function that it does not have', ['GetNothing', 'x'], 'Requested function GetNothing not found.'],
  ])('%s is refused in Fabric’s words', async (_what, args, message) => {
    expect(await call('cscc', args)).toMatchObject({ status: 500, message });
  });
});
