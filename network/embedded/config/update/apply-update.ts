import { common } from '@hyperledger/fabric-protos';
import { MspError } from '../../msp/errors.js';
import { type Identity } from '../../msp/identity.js';
import { rejectAll } from '../../msp/policy.js';
import { readEnvelope } from '../../wire/envelope.js';
import { Fields } from '../../wire/protobuf-reader.js';
import { Writer } from '../../wire/protobuf-writer.js';
import { sameBytes } from '../../wire/utf8-order.js';
import { WireError } from '../../wire/wire-error.js';
import { type ChannelConfig, readConfigEnvelope } from '../channel-config.js';
import { ConfigError } from '../errors.js';
import { checkConfigId, type ConfigElements, groupOf, mapElements, policyScopeOf } from './config-elements.js';
import { UpdateRefusal } from './update-refusal.js';

/**
 * Applies a signed update to the configuration in force: every part that it changes must be at the version that the
 * update was made for, and its own policy must be satisfied by the update's signatures.
 * @param envelope a CONFIG_UPDATE envelope, bytes of `common.Envelope`. @returns bytes of `common.ConfigEnvelope`.
 * @throws UpdateRefusal with Fabric's text. Source: Fabric common/configtx/validator.go, ProposeConfigUpdate;
 * orderer/common/multichannel/chainsupport.go, ProposeConfigUpdate; common/channelconfig/bundle.go, ValidateNew.
 */
export function proposeUpdate(channel: ChannelConfig, envelope: Uint8Array): Uint8Array {
  const update = prefixing('error converting envelope to config update: ', () => readUpdateEnvelope(envelope));
  const group = prefixing('error authorizing update: ', () => authorize(channel, update));
  const config = new common.Config();
  config.setSequence(Number(channel.sequence) + 1);
  config.setChannelGroup(group);
  const proposed = new Writer().message(1, config.serializeBinary()).message(2, envelope).bytes();
  checkSuccessor(channel, proposed);
  return proposed;
}

/**
 * Whether a `common.ConfigEnvelope` follows from the configuration in force and the update that it carries: what every
 * peer asks of a CONFIG transaction, whoever ordered it. @throws UpdateRefusal
 * Source: Fabric common/configtx/validator.go, Validate.
 */
export function checkConfigEnvelope(channel: ChannelConfig, bytes: Uint8Array): void {
  const envelope = parsing(() => common.ConfigEnvelope.deserializeBinary(bytes));
  const config = envelope.getConfig();
  if (config === undefined) throw new UpdateRefusal('config envelope has nil config');
  const next = channel.sequence + 1n;
  if (BigInt(config.getSequence()) !== next) {
    throw new UpdateRefusal(
      `config currently at sequence ${channel.sequence}, cannot validate config at sequence ${config.getSequence()}`,
    );
  }
  const lastUpdate = parsing(() => new Fields(bytes).message(2) ?? new Uint8Array(0));
  const group = authorize(channel, readUpdateEnvelope(lastUpdate));
  const stated = config.getChannelGroup() ?? new common.ConfigGroup();
  // The generated writer sorts a map's keys, so equal configurations are equal bytes.
  if (!sameBytes(group.serializeBinary(), stated.serializeBinary())) {
    throw new UpdateRefusal('ConfigEnvelope LastUpdate did not produce the supplied config result');
  }
  checkSuccessor(channel, bytes);
}

/** An update and who signed it; signatures are not checked yet. */
interface SignedUpdate {
  readonly update: common.ConfigUpdate;
  readonly statements: readonly { identity: Uint8Array; message: Uint8Array; signature: Uint8Array }[];
}

function readUpdateEnvelope(envelope: Uint8Array): SignedUpdate {
  return parsing(() => {
    const { channelHeader, data } = readEnvelope(envelope);
    if (channelHeader.type !== common.HeaderType.CONFIG_UPDATE) {
      throw new UpdateRefusal(`invalid type ${channelHeader.type}, expected CONFIG_UPDATE`);
    }
    const fields = new Fields(data);
    const updateBytes = fields.bytes(1);
    const statements = fields.allBytes(2).map((bytes) => {
      const signature = new Fields(bytes);
      const header = signature.bytes(1);
      const message = Buffer.concat([header, updateBytes]);
      return { identity: new Fields(header).bytes(1), message, signature: signature.bytes(2) };
    });
    return { update: common.ConfigUpdate.deserializeBinary(updateBytes), statements };
  });
}

/** The configuration group after the update. Source: Fabric common/configtx/update.go, authorizeUpdate. */
function authorize(channel: ChannelConfig, { update, statements }: SignedUpdate): common.ConfigGroup {
  const { channelId } = channel;
  if (update.getChannelId() !== channelId) {
    throw new UpdateRefusal(
      `ConfigUpdate for channel '${update.getChannelId()}' but envelope for channel '${channelId}'`,
    );
  }
  const current = mapElements(channel.config.getChannelGroup());
  const readSet = prefixing('error mapping ReadSet: ', () => mapElements(update.getReadSet()));
  prefixing('error validating ReadSet: ', () => {
    checkReadSet(readSet, current);
  });
  const writeSet = prefixing('error mapping WriteSet: ', () => mapElements(update.getWriteSet()));
  const changes = changesOf(readSet, writeSet);
  prefixing('error validating DeltaSet: ', () => {
    checkChanges(channel, changes, current, channel.msps.validSigners(statements));
  });
  const proposed = new Map([...current, ...changes]);
  const stray = [...writeSet.keys()].find((key) => !proposed.has(key));
  if (stray !== undefined) {
    throw new UpdateRefusal(
      `full config did not verify: writeset contained key ${stray} which did not appear in proposed config`,
    );
  }
  return groupOf(proposed);
}

function checkReadSet(readSet: ConfigElements, current: ConfigElements): void {
  for (const [key, { message }] of readSet) {
    const existing = current.get(key)?.message;
    if (existing === undefined) {
      throw new UpdateRefusal(`existing config does not contain element for ${key} but was in the read set`);
    }
    if (existing.getVersion() !== message.getVersion()) {
      throw new UpdateRefusal(
        `proposed update requires that key ${key} be at version ${message.getVersion()}, ` +
          `but it is currently at version ${existing.getVersion()}`,
      );
    }
  }
}

/** What the write set has at another version than the read set. */
function changesOf(readSet: ConfigElements, writeSet: ConfigElements): ConfigElements {
  return new Map(
    [...writeSet].filter(([key, { message }]) => readSet.get(key)?.message.getVersion() !== message.getVersion()),
  );
}

function checkChanges(
  channel: ChannelConfig,
  changes: ConfigElements,
  current: ConfigElements,
  signers: readonly Identity[],
): void {
  if (changes.size === 0) throw new UpdateRefusal('delta set was empty -- update would have no effect');
  for (const [key, { message }] of changes) {
    prefixing(`invalid mod_policy for element ${key}: `, () => {
      checkModPolicy(message.getModPolicy());
    });
    const version = message.getVersion();
    const existing = current.get(key);
    if (existing === undefined) {
      if (version === 0) continue;
      throw new UpdateRefusal(`attempted to set key ${key} to version ${version}, but key does not exist`);
    }
    const before = existing.message.getVersion();
    if (version !== before + 1) {
      throw new UpdateRefusal(`attempt to set key ${key} to version ${version}, but key is at version ${before}`);
    }
    const name = existing.message.getModPolicy();
    const policy = channel.policy(name.startsWith('/') ? name : `${policyScopeOf(existing)}/${name}`);
    if (policy === rejectAll) throw new UpdateRefusal(`unexpected missing policy ${name} for item ${key}`);
    if (!policy.isSatisfiedBy(signers)) {
      throw new UpdateRefusal(`policy for ${key} not satisfied: ${policy.refusal(signers)}`);
    }
  }
}

function checkModPolicy(modPolicy: string): void {
  if (modPolicy === '') throw new UpdateRefusal('mod_policy not set');
  const path = modPolicy.startsWith('/') ? modPolicy.slice(1) : modPolicy;
  for (const [index, part] of path.split('/').entries()) {
    prefixing(`path element at ${index} is invalid: `, () => {
      checkConfigId(part);
    });
  }
}

/** What no signature can allow: a configuration that cannot be read, another kind of orderer, or a renamed member. */
function checkSuccessor(channel: ChannelConfig, configEnvelope: Uint8Array): void {
  const next = readNext(channel.channelId, configEnvelope);
  if (next.consensusType !== channel.consensusType) {
    throw new UpdateRefusal(
      `attempted to change consensus type from ${channel.consensusType} to ${next.consensusType}`,
    );
  }
  for (const [part, organisations] of Object.entries(channel.mspIdsByGroup)) {
    for (const [name, mspId] of organisations) {
      const after = next.mspIdsByGroup[part as keyof typeof next.mspIdsByGroup].get(name);
      if (after !== undefined && after !== mspId) {
        throw new UpdateRefusal(`${part} org ${name} attempted to change MSP ID from ${mspId} to ${after}`);
      }
    }
  }
}

function readNext(channelId: string, configEnvelope: Uint8Array): ChannelConfig {
  try {
    return readConfigEnvelope(channelId, configEnvelope);
  } catch (cause) {
    if (cause instanceof ConfigError || cause instanceof MspError) throw new UpdateRefusal(cause.message, { cause });
    throw cause;
  }
}

/** Foreign bytes make the generated readers throw whatever they like; it all means the same. */
function parsing<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof UpdateRefusal) throw cause;
    throw new UpdateRefusal(cause instanceof WireError ? cause.message : 'message does not parse', { cause });
  }
}

function prefixing<Result>(prefix: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof UpdateRefusal)) throw cause;
    throw new UpdateRefusal(`${prefix}${cause.message}`, { cause });
  }
}
