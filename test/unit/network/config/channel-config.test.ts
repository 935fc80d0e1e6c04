import { common } from '@hyperledger/fabric-protos';
import { readChannelConfig, readConfigEnvelope } from '../../../../network/embedded/config/channel-config.js';
import { ConfigError } from '../../../../network/embedded/config/errors.js';
import { type Identity } from '../../../../network/embedded/msp/identity.js';
import { encodeBlock, readBlock } from '../../../../network/embedded/wire/block.js';
import {
  encodeChannelHeader,
  encodeEnvelope,
  encodePayload,
  readEnvelope,
} from '../../../../network/embedded/wire/envelope.js';
import { blockBytes, certificatePem, domainOf, mspConfig, mspIdOf, type Region, regions } from '../msp/vectors.js';

const genesis = readChannelConfig(blockBytes('block_0.pb'));

/** `User1@beijing` → that identity as block 0's own organisations admit it; `orderer0@beijing` likewise. */
function holder(name: string): Identity {
  const [who = '', region = ''] = name.split('@');
  const [plain, kind] = region.startsWith('o:') ? [region.slice(2), 'orderer' as const] : [region, 'peer' as const];
  const pem = certificatePem(domainOf(plain as Region, kind), who);
  return genesis.msps.msp(mspIdOf(plain as Region, kind)).admit(pem);
}

describe('the configuration of a real Fabric 3.1.5 channel', () => {
  test('block 0 says what configtx.yaml said', () => {
    expect(genesis).toMatchObject({
      channelId: 'evidence',
      sequence: 0n,
      consensusType: 'BFT',
      batch: { timeoutMs: 2000, maxMessages: 500, preferredBytes: 2 * 1024 * 1024, absoluteBytes: 10 * 1024 * 1024 },
      applicationMspIds: ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'],
      ordererMspIds: ['BeijingOrdererMSP', 'ChongqingOrdererMSP', 'GuangdongOrdererMSP', 'ZhejiangOrdererMSP'],
      capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
      ordererAddresses: ['127.0.0.1:7080', '127.0.0.1:7050', '127.0.0.1:7070', '127.0.0.1:7060'],
    });
    expect(genesis.anchorPeers).toContainEqual({ mspId: 'BeijingMSP', host: '127.0.0.1', port: 8080 });
    expect(genesis.msps.mspIds).toHaveLength(8);
  });

  test('a later configuration block is read too', () => {
    const updated = readChannelConfig(blockBytes('block_21.pb'));
    expect(updated.sequence).toBe(1n);
    expect(updated.msps.mspIds).toHaveLength(8);
  });

  test('the organisations in block 0 are, byte for byte, what their folders make', () => {
    for (const region of regions) {
      for (const [kind, part] of [
        ['peer', 'Application'],
        ['orderer', 'Orderer'],
      ] as const) {
        const groups = genesis.config.getChannelGroup()?.getGroupsMap().get(part)?.getGroupsMap();
        const stored = groups?.get(mspIdOf(region, kind))?.getValuesMap().get('MSP')?.getValue_asU8();
        expect(Buffer.from(mspConfig(region, kind)).equals(stored ?? Buffer.alloc(0))).toBe(true);
      }
    }
  });

  // The same questions were put to Fabric 3.1.5's own policy manager, which gave these answers.
  test.each([
    ['/Channel/Application/Writers', ['User1@beijing'], true],
    ['/Channel/Application/Writers', ['Admin@beijing'], true],
    ['/Channel/Application/Writers', ['peer0@beijing'], false],
    ['/Channel/Application/Writers', ['orderer0@o:beijing'], false],
    ['/Channel/Application/Readers', ['peer0@beijing'], true],
    ['/Channel/Readers', ['orderer0@o:beijing'], true],
    ['/Channel/Application/Admins', ['Admin@beijing', 'Admin@zhejiang'], false],
    ['/Channel/Application/Admins', ['Admin@beijing', 'Admin@zhejiang', 'Admin@guangdong'], true],
    ['/Channel/Application/Endorsement', ['peer0@beijing', 'peer0@zhejiang'], false],
    ['/Channel/Application/Endorsement', ['peer0@beijing', 'peer0@zhejiang', 'peer0@chongqing'], true],
    ['/Channel/Application/Endorsement', ['peer0@beijing', 'peer0@zhejiang', 'User1@chongqing'], false],
    ['/Channel/Application/BeijingMSP/Endorsement', ['peer0@beijing'], true],
    ['/Channel/Application/BeijingMSP/Endorsement', ['peer0@zhejiang'], false],
    ['/Channel/Orderer/BlockValidation', ['orderer0@o:beijing', 'orderer0@o:zhejiang'], false],
    ['/Channel/Orderer/BlockValidation', ['orderer0@o:beijing', 'orderer0@o:zhejiang', 'orderer0@o:chongqing'], true],
    ['/Channel/Orderer/BlockValidation', ['Admin@o:beijing', 'Admin@o:zhejiang', 'Admin@o:chongqing'], false],
    ['/Channel/Nothing', ['Admin@beijing'], false],
  ] as const)('%s with %j is %s', (path, names, satisfied) => {
    expect(genesis.policy(path).isSatisfiedBy(names.map(holder))).toBe(satisfied);
  });
});

describe('bytes that are no configuration', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['rubbish', Buffer.from('rubbish')],
    ['a block of transactions', blockBytes('block_3.pb')],
    ['a block cut short', blockBytes('block_0.pb').subarray(0, 5000)],
  ])('%s', (_, bytes) => {
    expect(() => readChannelConfig(bytes)).toThrow(ConfigError);
  });

  test('a configuration in an envelope of another type', () => {
    const block = readBlock(blockBytes('block_0.pb'));
    const [envelope] = block.envelopes.map(readEnvelope);
    if (envelope === undefined) throw new Error('no envelope');
    const channelHeader = { ...envelope.channelHeader, type: common.HeaderType.ENDORSER_TRANSACTION };
    const header = { ...envelope, channelHeaderBytes: encodeChannelHeader(channelHeader) };
    const payload = encodePayload(header, envelope.data);
    const other = encodeBlock({ ...block, envelopes: [encodeEnvelope(payload, envelope.signature)] });
    expect(() => readChannelConfig(other)).toThrow(/type 3 where CONFIG was wanted/);
  });

  test('an envelope without a configuration, and one without an ordering service', () => {
    expect(() => readConfigEnvelope('c', Buffer.alloc(0))).toThrow(/no channel group/);
    const config = new common.Config();
    config.setChannelGroup(new common.ConfigGroup());
    const envelope = new common.ConfigEnvelope();
    envelope.setConfig(config);
    expect(() => readConfigEnvelope('c', envelope.serializeBinary())).toThrow(/no group Application/);
  });
});
