import { common, orderer } from '@hyperledger/fabric-protos';

import { readChannelConfig, readConfigEnvelope } from '../../../../../network/embedded/config/channel-config.js';
import { checkConfigEnvelope, proposeUpdate } from '../../../../../network/embedded/config/update/apply-update.js';
import { computeUpdate } from '../../../../../network/embedded/config/update/compute-update.js';
import { readBlock } from '../../../../../network/embedded/wire/block.js';
import { encodeEnvelope, encodePayload, readEnvelope } from '../../../../../network/embedded/wire/envelope.js';
import { Fields } from '../../../../../network/embedded/wire/protobuf-reader.js';
import { Writer } from '../../../../../network/embedded/wire/protobuf-writer.js';
import { peerBlockBytes } from '../../../../vectors/vectors.js';

/** Block 21 is a real network's: an update that administrators of it made with configtxlator and signed. */
const before = readChannelConfig(peerBlockBytes(0));
const after = readChannelConfig(peerBlockBytes(21));
const [transaction = new Uint8Array()] = readBlock(peerBlockBytes(21)).envelopes;
const configEnvelope = readEnvelope(transaction).data;
const lastUpdate = new Fields(configEnvelope).bytes(2);
const realUpdate = common.ConfigUpdate.deserializeBinary(new Fields(readEnvelope(lastUpdate).data).bytes(1));

function rootOf(config: common.Config): common.ConfigGroup {
  return config.getChannelGroup() ?? new common.ConfigGroup();
}

/** The real update envelope with another ConfigUpdateEnvelope inside; the outer signature is not looked at here. */
function withUpdate(update: Uint8Array, signatures: readonly Uint8Array[]): Uint8Array {
  const envelope = readEnvelope(lastUpdate);
  return encodeEnvelope(
    encodePayload(envelope, new Writer().field(1, update).messages(2, signatures).bytes()),
    Buffer.from('x'),
  );
}

function signaturesOf(envelope: Uint8Array): Uint8Array[] {
  return new Fields(readEnvelope(envelope).data).allBytes(2);
}

describe('a real configuration update', () => {
  test('leads from the configuration before it to the one that the orderers wrote', () => {
    const config = common.ConfigEnvelope.deserializeBinary(proposeUpdate(before, lastUpdate)).getConfig();
    expect(config?.getSequence()).toBe(Number(after.sequence));
    const proposed = config === undefined ? [] : rootOf(config).serializeBinary();
    expect(Buffer.from(proposed).equals(rootOf(after.config).serializeBinary())).toBe(true);
  });

  test('is computed again from both configurations, with the very parts that configtxlator named', () => {
    const computed = computeUpdate(before.channelId, rootOf(before.config), rootOf(after.config));
    expect(computed.getReadSet()?.toObject()).toEqual(realUpdate.getReadSet()?.toObject());
    expect(computed.getWriteSet()?.toObject()).toEqual(realUpdate.getWriteSet()?.toObject());
  });

  test('is checked by a peer that did not order it', () => {
    expect(() => {
      checkConfigEnvelope(before, configEnvelope);
    }).not.toThrow();
  });

  test('is not applied twice', () => {
    expect(() => proposeUpdate(after, lastUpdate)).toThrow(
      /^error authorizing update: error validating (ReadSet|DeltaSet)/,
    );
    expect(() => {
      checkConfigEnvelope(after, configEnvelope);
    }).toThrow(`config currently at sequence ${after.sequence}, cannot validate config at sequence ${after.sequence}`);
  });

  test('needs the signatures that the changed parts ask for', () => {
    const [first = new Uint8Array()] = signaturesOf(lastUpdate);
    const update = realUpdate.serializeBinary();
    expect(() => proposeUpdate(before, withUpdate(update, []))).toThrow(
      /^error authorizing update: error validating DeltaSet: policy for \[Value\] {2}\/Channel\/Orderer\/\w+ not satisfied: implicit policy evaluation failed - 0 sub-policies/,
    );
    const broken = new Writer().field(1, new Fields(first).bytes(1)).field(2, Buffer.from('no signature')).bytes();
    expect(() => proposeUpdate(before, withUpdate(update, [broken]))).toThrow('not satisfied');
  });

  test('does not allow a result other than its own', () => {
    const forged = common.ConfigEnvelope.deserializeBinary(configEnvelope);
    const size = rootOf(forged.getConfig() ?? new common.Config())
      .getGroupsMap()
      .get('Orderer')
      ?.getValuesMap()
      .get('BatchSize');
    const bigger = new orderer.BatchSize();
    bigger.setMaxMessageCount(9_999);
    size?.setValue(bigger.serializeBinary());
    expect(() => {
      checkConfigEnvelope(before, forged.serializeBinary());
    }).toThrow('ConfigEnvelope LastUpdate did not produce the supplied config result');
  });
});

describe('an update that is refused', () => {
  const changed = (change: (update: common.ConfigUpdate) => void) => {
    const update = common.ConfigUpdate.deserializeBinary(realUpdate.serializeBinary());
    change(update);
    return withUpdate(update.serializeBinary(), signaturesOf(lastUpdate));
  };

  test.each<[string, (update: common.ConfigUpdate) => void, string]>([
    [
      'of another channel',
      (update) => {
        update.setChannelId('elsewhere');
      },
      `ConfigUpdate for channel 'elsewhere' but envelope for channel '${before.channelId}'`,
    ],
    [
      'of nothing',
      (update) => {
        update.setWriteSet(update.getReadSet());
      },
      'delta set was empty -- update would have no effect',
    ],
    [
      'made for another version',
      (update) => update.getReadSet()?.setVersion(7),
      'proposed update requires that key [Group]  /Channel be at version 7, but it is currently at version 0',
    ],
    [
      'of a part that nobody has',
      (update) => update.getReadSet()?.getGroupsMap().set('Nowhere', new common.ConfigGroup()),
      'existing config does not contain element for [Group]  /Channel/Nowhere but was in the read set',
    ],
    [
      'with a name that is not allowed',
      (update) => update.getWriteSet()?.getGroupsMap().set('no/where', new common.ConfigGroup()),
      "error mapping WriteSet: illegal characters in key: [Group]  : config ID 'no/where' contains illegal characters",
    ],
  ])('%s', (_what, change, text) => {
    expect(() => proposeUpdate(before, changed(change))).toThrow(text);
  });

  test('that is no update', () => {
    expect(() => proposeUpdate(before, transaction)).toThrow(
      'error converting envelope to config update: invalid type',
    );
    expect(() => proposeUpdate(before, Buffer.from('ffff', 'hex'))).toThrow(
      'error converting envelope to config update',
    );
  });

  test('between equal configurations is not even made', () => {
    const root = rootOf(before.config);
    expect(() => computeUpdate(before.channelId, root, root)).toThrow('no differences detected');
  });
});

test('a configuration that cannot be read is refused, whoever signed it', () => {
  expect(() => readConfigEnvelope(before.channelId, Buffer.alloc(0))).toThrow('CONFIG_MALFORMED');
});
