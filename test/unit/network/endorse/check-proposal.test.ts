import { common } from '@hyperledger/fabric-protos';
import { checkProposal } from '../../../../network/embedded/endorse/check-proposal.js';
import { type EndorsementRefusal } from '../../../../network/embedded/endorse/refusal.js';
import { CertificateAuthority } from '../../../../network/ca/certificate-authority.js';
import { createSigner, type Signer } from '../../../../network/embedded/msp/signer.js';
import {
  encodeChaincodeName,
  encodeChannelHeader,
  encodeSignatureHeader,
} from '../../../../network/embedded/wire/envelope.js';
import { computeTxId, readProposal } from '../../../../network/embedded/wire/proposal.js';
import { Writer } from '../../../../network/embedded/wire/protobuf-writer.js';
import { TestChannel } from '../commit/test-channel.js';

const nowMs = Date.parse('2026-06-01T12:00:00Z');
const nonce = Buffer.alloc(24, 1);
let channel: TestChannel;
let stranger: Signer;
beforeAll(async () => {
  channel = await TestChannel.create();
  // Another authority that calls itself by the same names.
  const forger = await CertificateAuthority.create('ca.amsp.example', 'amsp.example', nowMs);
  const forged = await forger.issue({ commonName: 'client0.amsp.example', unit: 'client' }, nowMs);
  stranger = createSigner({ mspId: 'AMSP', ...forged });
});

interface Wishes {
  readonly creator?: Signer;
  readonly signer?: Signer;
  readonly type?: number;
  readonly epoch?: bigint;
  readonly channelId?: string;
  readonly txId?: string;
  readonly extension?: Uint8Array;
  readonly nonce?: Uint8Array;
}

function propose(wishes: Wishes) {
  const creator = wishes.creator ?? channel.client;
  const signatureHeader = { creator: creator.identityBytes, nonce: wishes.nonce ?? nonce };
  const channelHeader = encodeChannelHeader({
    type: wishes.type ?? common.HeaderType.ENDORSER_TRANSACTION,
    timestamp: { seconds: BigInt(nowMs / 1_000), nanos: 0 },
    channelId: wishes.channelId ?? channel.channel.channelId,
    txId: wishes.txId ?? computeTxId(signatureHeader),
    epoch: wishes.epoch ?? 0n,
    extension: wishes.extension ?? encodeChaincodeName('cc'),
  });
  const header = new Writer().field(1, channelHeader).field(2, encodeSignatureHeader(signatureHeader)).bytes();
  const bytes = new Writer()
    .field(1, header)
    .field(2, new Writer().field(1, Buffer.from('in')).bytes())
    .bytes();
  return readProposal(bytes, (wishes.signer ?? creator).sign(bytes));
}

function refusalOf(wishes: Wishes, context: { isCommitted?: () => boolean; nowMs?: number } = {}) {
  try {
    checkProposal(propose(wishes), {
      localMspId: 'AMSP',
      channel: channel.channel,
      isSystem: (name) => name === 'qscc',
      isCommitted: () => false,
      nowMs,
      ...context,
    });
    return undefined;
  } catch (error) {
    return error as EndorsementRefusal;
  }
}

test('a client’s well-formed proposal is admitted', () => {
  expect(refusalOf({})).toBeUndefined();
});

test.each<[string, () => Wishes, string]>([
  ['a wrong type', () => ({ type: common.HeaderType.MESSAGE }), 'invalid header type'],
  ['an epoch', () => ({ epoch: 1n }), 'epoch'],
  ['no chaincode', () => ({ extension: new Uint8Array() }), 'ChaincodeHeaderExtension'],
  ['no nonce', () => ({ nonce: new Uint8Array() }), 'nonce'],
  ['an id of other bytes', () => ({ txId: 'ab'.repeat(32) }), 'incorrectly computed txid'],
  [
    'a key that is not the certificate’s',
    () => ({ signer: channel.peers.AMSP }),
    'access denied: channel [testing] creator org [AMSP]',
  ],
  [
    'a certificate of an unknown authority',
    () => ({ creator: stranger }),
    'access denied: channel [testing] creator org unknown, creator is malformed',
  ],
  [
    'an unknown organisation',
    () => ({ creator: { ...stranger, identityBytes: new Writer().field(1, 'NoMSP').bytes() } }),
    'access denied: channel [testing] creator org unknown, creator is malformed',
  ],
  [
    'a peer as client',
    () => ({ creator: channel.peers.BMSP }),
    'Failed evaluating policy on signed data during check policy on channel [testing] with policy ' +
      '[/Channel/Application/Writers]: [implicit policy evaluation failed - 0 sub-policies were satisfied, ' +
      "but this policy requires 1 of the 'Writers' sub-policies to be satisfied]",
  ],
  ['another channel', () => ({ channelId: 'elsewhere' }), "channel 'elsewhere' not found"],
  [
    'another organisation’s client without a channel',
    () => ({ creator: channel.peers.BMSP, channelId: '' }),
    'access denied: channel [] creator org unknown, creator is malformed',
  ],
])('%s is refused', (_what, wishes, text) => {
  expect(refusalOf(wishes())?.message).toContain(text);
});

test.each<[string, () => Wishes]>([
  [
    'a peer that asks the peer’s own chaincode',
    () => ({ creator: channel.peers.BMSP, extension: encodeChaincodeName('qscc') }),
  ],
  ['its own organisation’s client without a channel', () => ({ channelId: '' })],
])('%s is admitted: who may do what is decided there', (_who, wishes) => {
  expect(refusalOf(wishes())).toBeUndefined();
});

test('an id that the ledger holds is refused', () => {
  expect(refusalOf({}, { isCommitted: () => true })?.message).toContain('duplicate transaction found');
});

test('an expired certificate is refused at the door', () => {
  expect(refusalOf({}, { nowMs: nowMs + 30 * 365 * 86_400_000 })?.message).toBe('proposal client identity expired');
});
