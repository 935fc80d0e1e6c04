import { common } from '@hyperledger/fabric-protos';

import { encodeEvent } from '../../../../network/embedded/wire/transaction.js';
import {
  CHAINCODE,
  codeNames,
  COLLECTION,
  put,
  rwset,
  sha256,
  TestChannel,
  type TransactionWishes,
} from './test-channel.js';

let channel: TestChannel;
const write = rwset({ writes: [put('k', '1')] });

beforeAll(async () => {
  channel = await TestChannel.create();
  await channel.define();
});

/** Flips the lowest bit of the byte at `index`; negative ones count from the end. */
function flipped(index: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => bytes.with(index, (bytes.at(index) ?? 0) ^ 1);
}

/** The code of one transaction alone in a block that is not committed. */
async function codeOf(wishes: TransactionWishes): Promise<string | undefined> {
  return codeNames(await channel.judge([channel.transaction(wishes)]))[0];
}

describe('form', () => {
  const none = new Uint8Array(0);
  const event = (chaincodeId: string): Uint8Array =>
    encodeEvent({ chaincodeId, txId: '', eventName: 'e', payload: none });
  const rows: [string, Partial<TransactionWishes>, string][] = [
    ['with everything in place', {}, 'VALID'],
    ['of an unknown type', { type: common.HeaderType.MESSAGE }, 'BAD_COMMON_HEADER'],
    ['with an epoch', { epoch: 1n }, 'BAD_COMMON_HEADER'],
    ['of a configuration update', { type: common.HeaderType.CONFIG_UPDATE }, 'UNSUPPORTED_TX_PAYLOAD'],
    ['for another channel', { channelId: 'elsewhere' }, 'BAD_CREATOR_SIGNATURE'],
    ['with an id of its own making', { txId: 'deadbeef' }, 'BAD_PROPOSAL_TXID'],
    ['without a chaincode version', { version: '' }, 'INVALID_CHAINCODE'],
    ['of a chaincode that is not defined', { chaincode: 'unknown' }, 'INVALID_CHAINCODE'],
    ['with an event of its chaincode', { event: event(CHAINCODE) }, 'VALID'],
    ['with an event of another chaincode', { event: event('other') }, 'INVALID_OTHER_REASON'],
    ['with one namespace twice', { sets: [write, write] }, 'ILLEGAL_WRITESET'],
    [
      'with a nameless collection',
      {
        sets: [
          rwset({ collections: [{ collection: '', reads: [], writes: [], metadataWrites: [], privateHash: none }] }),
        ],
      },
      'ILLEGAL_WRITESET',
    ],
    ['that also writes where no chaincode is', { sets: [write, { ...write, namespace: 'zzz' }] }, 'INVALID_CHAINCODE'],
  ];

  test.each(rows)('a transaction %s', async (_what, wishes, code) => {
    expect(await codeOf({ sets: [write], ...wishes })).toBe(code);
  });

  test('an envelope that does not parse is invalid, and says nothing about its neighbours', async () => {
    const verdicts = await channel.judge([Buffer.from('0a', 'hex'), channel.transaction({ sets: [write] })]);
    expect(codeNames(verdicts)).toEqual(['INVALID_OTHER_REASON', 'VALID']);
  });

  test('an empty envelope has no header', async () => {
    expect(codeNames(await channel.judge([new Uint8Array(0)]))).toEqual(['BAD_COMMON_HEADER']);
  });
});

describe('endorsements', () => {
  const rows: [string, () => Partial<TransactionWishes>, string][] = [
    ['by two peers', () => ({}), 'VALID'],
    ['by one peer', () => ({ endorsers: [channel.peers.AMSP] }), 'ENDORSEMENT_POLICY_FAILURE'],
    ['by none', () => ({ endorsers: [] }), 'ENDORSEMENT_POLICY_FAILURE'],
    [
      'by one peer twice',
      () => ({ endorsers: [channel.peers.AMSP, channel.peers.AMSP] }),
      'ENDORSEMENT_POLICY_FAILURE',
    ],
    [
      'by a peer and a client',
      () => ({ endorsers: [channel.peers.BMSP, channel.client] }),
      'ENDORSEMENT_POLICY_FAILURE',
    ],
    ['over another action', () => ({ afterEndorsing: flipped(-1) }), 'ENDORSEMENT_POLICY_FAILURE'],
    ['over another proposal', () => ({ afterEndorsing: flipped(2) }), 'INVALID_ENDORSER_TRANSACTION'],
  ];

  test.each(rows)('%s', async (_what, wishes, code) => {
    expect(await codeOf({ sets: [write], ...wishes() })).toBe(code);
  });

  test('a tampered endorsement counts for nothing', async () => {
    const broken = { ...channel.peers.BMSP, sign: () => channel.peers.BMSP.sign(Buffer.from('something else')) };
    expect(await codeOf({ sets: [write], endorsers: [channel.peers.AMSP, broken] })).toBe('ENDORSEMENT_POLICY_FAILURE');
    expect(await codeOf({ sets: [write], endorsers: [channel.peers.AMSP, broken, channel.peers.CMSP] })).toBe('VALID');
  });

  test('a transaction that only reads still needs its chaincode policy', async () => {
    const sets = [rwset({})];
    expect(await codeOf({ sets, endorsers: [channel.peers.CMSP] })).toBe('ENDORSEMENT_POLICY_FAILURE');
    expect(await codeOf({ sets, endorsers: [channel.peers.CMSP, channel.peers.AMSP] })).toBe('VALID');
  });

  test('a collection answers to its own policy', async () => {
    const collection = (name: string) => ({
      collection: name,
      reads: [],
      writes: [{ keyHash: sha256('key'), isDelete: false, valueHash: sha256('value'), isPurge: false }],
      metadataWrites: [],
      privateHash: sha256('all of it'),
    });
    const sets = [rwset({ collections: [collection(COLLECTION)] })];
    expect(await codeOf({ sets })).toBe('VALID');
    const others = [channel.peers.BMSP, channel.peers.CMSP];
    expect(await codeOf({ sets, endorsers: others })).toBe('ENDORSEMENT_POLICY_FAILURE');
    expect(await codeOf({ sets: [rwset({ collections: [collection('unheard of')] })] })).toBe(
      'ENDORSEMENT_POLICY_FAILURE',
    );
    const implicit = [rwset({ collections: [collection('_implicit_org_CMSP')] })];
    expect(await codeOf({ sets: implicit })).toBe('ENDORSEMENT_POLICY_FAILURE');
    expect(await codeOf({ sets: implicit, endorsers: [channel.peers.CMSP] })).toBe('VALID');
  });

  test('a definition needs most organisations', async () => {
    const sets = [rwset({ namespace: '_lifecycle', writes: [put('namespaces/fields/x/Sequence', 'x')] })];
    const wishes = { sets, chaincode: '_lifecycle', version: 'syscc' };
    expect(await codeOf({ ...wishes, endorsers: [channel.peers.AMSP] })).toBe('ENDORSEMENT_POLICY_FAILURE');
    expect(await codeOf(wishes)).toBe('VALID');
  });
});

describe('ids', () => {
  test('of two transactions with one id in a block the first stands', async () => {
    const twice = channel.transaction({ sets: [write] });
    expect(codeNames(await channel.judge([twice, twice]))).toEqual(['VALID', 'DUPLICATE_TXID']);
  });

  test('an invalid transaction does not use its id up within the block', async () => {
    const bad = channel.transaction({ sets: [write], nonce: 'same', endorsers: [] });
    const good = channel.transaction({ sets: [write], nonce: 'same' });
    expect(codeNames(await channel.judge([bad, good]))).toEqual(['ENDORSEMENT_POLICY_FAILURE', 'VALID']);
  });

  test('an id of an earlier block is refused', async () => {
    const fresh = await TestChannel.create();
    await fresh.define();
    const envelope = fresh.transaction({ sets: [write] });
    await fresh.commit([envelope]);
    expect(codeNames(await fresh.judge([envelope]))).toEqual(['DUPLICATE_TXID']);
  });
});
