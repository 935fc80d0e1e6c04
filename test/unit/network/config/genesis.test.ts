import { createHash } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { readChannelConfig } from '../../../../network/embedded/config/channel-config.js';
import {
  createGenesisBlock,
  embeddedConsensusType,
  type GenesisDescription,
} from '../../../../network/embedded/config/genesis.js';
import { dataHash, readBlock } from '../../../../network/embedded/wire/block.js';
import { readEnvelope } from '../../../../network/embedded/wire/envelope.js';
import { blockBytes, caPem, certificatePem, domainOf, mspIdOf, regions, tlsCaPem } from '../msp/vectors.js';

const material = (region: (typeof regions)[number], kind: 'peer' | 'orderer' = 'peer') => ({
  mspId: mspIdOf(region, kind),
  caPem: caPem(domainOf(region, kind)),
  tlsCaPem: tlsCaPem(domainOf(region, kind)),
});

const description: GenesisDescription = {
  channelId: 'yinzheng',
  batch: { timeoutMs: 0, maxMessages: 500, preferredBytes: 2_000_000, absoluteBytes: 10_000_000 },
  orderer: { ...material('beijing', 'orderer'), addresses: ['127.0.0.1:7050'] },
  organisations: regions.map((region, index) => ({
    ...material(region),
    anchorPeers: [{ host: '127.0.0.1', port: 7051 + index }],
  })),
  timestampMs: Date.parse('2026-11-22T12:00:00Z'),
  nonce: Buffer.alloc(24, 7),
};
const bytes = createGenesisBlock(description);

describe('the genesis block of an embedded network', () => {
  test('equal descriptions give equal bytes, another nonce gives others', () => {
    const shuffled = { ...description, organisations: [...description.organisations].reverse() };
    expect(Buffer.from(createGenesisBlock(shuffled))).toEqual(Buffer.from(bytes));
    expect(createGenesisBlock({ ...description, nonce: Buffer.alloc(24, 8) })).not.toEqual(bytes);
  });

  test('it says back what it was told, and that one process orders', () => {
    expect(readChannelConfig(bytes)).toMatchObject({
      channelId: 'yinzheng',
      sequence: 0n,
      consensusType: embeddedConsensusType,
      batch: description.batch,
      applicationMspIds: ['BeijingMSP', 'ChongqingMSP', 'GuangdongMSP', 'ZhejiangMSP'],
      ordererMspIds: ['BeijingOrdererMSP'],
      ordererAddresses: ['127.0.0.1:7050'],
      capabilities: { channel: ['V2_0'], orderer: ['V2_0'], application: ['V2_5'] },
    });
    expect(readChannelConfig(bytes).anchorPeers).toHaveLength(4);
  });

  test('the block around it is shaped like the one that configtxgen made', () => {
    const ours = readBlock(bytes);
    const theirs = readBlock(blockBytes('block_0.pb'));
    for (const block of [ours, theirs]) {
      expect(Buffer.from(block.dataHash)).toEqual(Buffer.from(dataHash(block.envelopes)));
    }
    expect(ours).toMatchObject({ number: 0n, previousHash: theirs.previousHash, metadata: theirs.metadata });
    const [envelope] = ours.envelopes.map(readEnvelope);
    expect(envelope).toMatchObject({
      channelHeader: {
        type: common.HeaderType.CONFIG,
        epoch: 0n,
        txId: createHash('sha256').update(description.nonce).digest('hex'),
      },
      signatureHeader: { nonce: description.nonce },
    });
    expect(envelope?.signatureHeader.creator).toHaveLength(0);
    expect(envelope?.signature).toHaveLength(0);
  });

  test('every part names who may change it', () => {
    const check = (group: common.ConfigGroup): number => {
      expect(group.getModPolicy()).toBe('Admins');
      let parts = 1;
      const ask = (part: common.ConfigValue | common.ConfigPolicy): void => {
        expect(part.getModPolicy()).toBe('Admins');
        parts += 1;
      };
      group.getValuesMap().forEach(ask);
      group.getPoliciesMap().forEach(ask);
      group.getGroupsMap().forEach((child) => {
        parts += check(child);
      });
      return parts;
    };
    const root = readChannelConfig(bytes).config.getChannelGroup();
    expect(root && check(root)).toBeGreaterThan(40);
  });

  test('its policies let clients write, peers endorse and the orderer alone sign blocks', () => {
    const { policy, msps } = readChannelConfig(bytes);
    const admit = (region: (typeof regions)[number], who: string, kind: 'peer' | 'orderer' = 'peer') =>
      msps.msp(mspIdOf(region, kind)).admit(certificatePem(domainOf(region, kind), who));
    const client = admit('beijing', 'User1');
    const peers = regions.map((region) => admit(region, 'peer0'));
    const node = admit('beijing', 'orderer0', 'orderer');
    const nodeAdmin = admit('beijing', 'Admin', 'orderer');
    expect(policy('/Channel/Application/Writers').isSatisfiedBy([client])).toBe(true);
    expect(policy('/Channel/Application/Writers').isSatisfiedBy(peers)).toBe(false);
    expect(policy('/Channel/Application/Endorsement').isSatisfiedBy(peers.slice(0, 3))).toBe(true);
    expect(policy('/Channel/Application/Endorsement').isSatisfiedBy(peers.slice(0, 2))).toBe(false);
    expect(policy('/Channel/Orderer/BlockValidation').isSatisfiedBy([node])).toBe(true);
    expect(policy('/Channel/Orderer/BlockValidation').isSatisfiedBy([nodeAdmin])).toBe(false);
  });

  test.each([
    ['no messages', { maxMessages: 0 }],
    ['no bytes', { preferredBytes: 0 }],
    ['more bytes preferred than allowed', { preferredBytes: 11_000_000 }],
  ])('a reader refuses batches of %s', (_, batch) => {
    const wrong = createGenesisBlock({ ...description, batch: { ...description.batch, ...batch } });
    expect(() => readChannelConfig(wrong)).toThrow(/^CONFIG_MALFORMED: batch sizes/);
  });

  test('an MSP id that a policy cannot name is refused', () => {
    const orderer = { ...description.orderer, mspId: "X'MSP" };
    expect(() => createGenesisBlock({ ...description, orderer })).toThrow(/^POLICY_MALFORMED/);
  });
});
