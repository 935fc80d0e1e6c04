import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { MspError } from '../msp/errors.js';
import { type Policy } from '../msp/policy.js';
import { PolicyTree } from '../msp/policy-tree.js';
import { MspRegistry } from '../msp/registry.js';
import { readBlock } from '../wire/block.js';
import { readEnvelope } from '../wire/envelope.js';
import { WireError } from '../wire/wire-error.js';
import { ConfigError } from './errors.js';
import { parseGoDuration } from './go-duration.js';

/** When the orderer cuts a block. All sizes are bytes of envelopes. */
export interface BatchRules {
  /** Milliseconds from a batch's first transaction to its block; 0 means as soon as the committer is idle. */
  readonly timeoutMs: number;
  readonly maxMessages: number;
  readonly preferredBytes: number;
  readonly absoluteBytes: number;
}

/** Where an organisation's peer can be reached first. */
export interface AnchorPeer {
  readonly mspId: string;
  readonly host: string;
  readonly port: number;
}

/** One channel's configuration, as its latest configuration block states it. */
export interface ChannelConfig {
  readonly channelId: string;
  /** Counts configurations; the genesis block's is 0. */
  readonly sequence: bigint;
  /** Names the ordering service, such as `BFT`; `embeddedConsensusType` is the one of this package. */
  readonly consensusType: string;
  readonly batch: BatchRules;
  /** All organisations, endorsing and ordering. */
  readonly msps: MspRegistry;
  readonly applicationMspIds: readonly string[];
  readonly ordererMspIds: readonly string[];
  /** MSP ids by the names of the organisations' groups, which need not be the same. */
  readonly mspIdsByGroup: Readonly<Record<'application' | 'orderer', ReadonlyMap<string, string>>>;
  /** Capabilities that the channel demands, by part, such as `V2_5`. */
  readonly capabilities: Readonly<Record<'channel' | 'orderer' | 'application', readonly string[]>>;
  /** The policy at a path such as `/Channel/Application/Writers`; one that nobody satisfies where there is none. */
  readonly policy: (path: string) => Policy;
  readonly anchorPeers: readonly AnchorPeer[];
  /** `host:port` of every orderer. */
  readonly ordererAddresses: readonly string[];
  /** The message itself. Shared: do not change it. */
  readonly config: common.Config;
}

/**
 * Reads the configuration from a configuration block.
 * @param blockBytes bytes of `common.Block`; neither hashes nor signatures are checked here.
 * @throws ConfigError CONFIG_MALFORMED, MspError MSP_CONFIG, CERT_MALFORMED, CERT_UNTRUSTED or POLICY_MALFORMED
 */
export function readChannelConfig(blockBytes: Uint8Array): ChannelConfig {
  return reading(() => {
    const [envelopeBytes] = readBlock(blockBytes).envelopes;
    if (envelopeBytes === undefined) throw new ConfigError('CONFIG_MALFORMED', 'block without an envelope');
    const { channelHeader, data } = readEnvelope(envelopeBytes);
    if (channelHeader.type !== common.HeaderType.CONFIG) {
      throw new ConfigError('CONFIG_MALFORMED', `envelope of type ${channelHeader.type} where CONFIG was wanted`);
    }
    return readConfigEnvelope(channelHeader.channelId, data);
  });
}

/**
 * Reads the configuration from the bytes of a `common.ConfigEnvelope`. @throws as `readChannelConfig`
 * Source: Fabric common/channelconfig/bundle.go, NewBundle, and the files beside it.
 */
export function readConfigEnvelope(channelId: string, bytes: Uint8Array): ChannelConfig {
  return reading(() => {
    const config = common.ConfigEnvelope.deserializeBinary(bytes).getConfig();
    const root = config?.getChannelGroup();
    if (config === undefined || root === undefined) throw new ConfigError('CONFIG_MALFORMED', 'no channel group');
    const application = organisations(root, 'Application');
    const ordering = organisations(root, 'Orderer');
    const policies = PolicyTree.fromConfig(root);
    return {
      channelId,
      sequence: BigInt(config.getSequence()),
      ...readOrdering(group(root, 'Orderer')),
      msps: MspRegistry.fromConfigs([...application, ...ordering].map(({ mspConfig }) => mspConfig)),
      applicationMspIds: application.map(({ mspId }) => mspId),
      ordererMspIds: ordering.map(({ mspId }) => mspId),
      mspIdsByGroup: { application: byGroup(application), orderer: byGroup(ordering) },
      capabilities: readCapabilities(root),
      policy: (path) => policies.get(path),
      anchorPeers: application.flatMap(({ mspId, values }) => readAnchorPeers(mspId, values)),
      ordererAddresses: [root, ...ordering.map(({ values }) => values)].flatMap(readOrdererAddresses),
      config,
    };
  });
}

interface Organisation {
  /** Of its group. */
  readonly name: string;
  readonly mspId: string;
  readonly mspConfig: Uint8Array;
  readonly values: common.ConfigGroup;
}

/** Foreign bytes make the generated readers throw whatever they like; it all means the same. */
function reading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ConfigError || cause instanceof MspError) throw cause;
    const part = cause instanceof WireError ? cause.message : 'configuration message unreadable';
    throw new ConfigError('CONFIG_MALFORMED', part, { cause });
  }
}

function group(parent: common.ConfigGroup, name: string): common.ConfigGroup {
  const found = parent.getGroupsMap().get(name);
  if (found === undefined) throw new ConfigError('CONFIG_MALFORMED', `no group ${name}`);
  return found;
}

/** @returns the value's bytes, empty when the group does not have it: protobuf's default message. */
function value(from: common.ConfigGroup, name: string): Uint8Array {
  return from.getValuesMap().get(name)?.getValue_asU8() ?? new Uint8Array(0);
}

function organisations(root: common.ConfigGroup, name: string): Organisation[] {
  const found: Organisation[] = [];
  group(root, name)
    .getGroupsMap()
    .forEach((values, groupName) => {
      const mspConfig = value(values, 'MSP');
      found.push({ name: groupName, mspId: readMspId(mspConfig), mspConfig, values });
    });
  return found;
}

function byGroup(members: readonly Organisation[]): ReadonlyMap<string, string> {
  return new Map(members.map(({ name, mspId }) => [name, mspId]));
}

/** MSP id in the bytes of an organisation's `msp.MSPConfig`. */
export function readMspId(mspConfig: Uint8Array): string {
  const fabric = msp.MSPConfig.deserializeBinary(mspConfig).getConfig_asU8();
  return msp.FabricMSPConfig.deserializeBinary(fabric).getName();
}

/** Source: Fabric common/channelconfig/orderer.go, NewOrdererConfig. */
function readOrdering(ordering: common.ConfigGroup): Pick<ChannelConfig, 'consensusType' | 'batch'> {
  const size = orderer.BatchSize.deserializeBinary(value(ordering, 'BatchSize'));
  const batch = {
    timeoutMs: Math.floor(
      parseGoDuration(orderer.BatchTimeout.deserializeBinary(value(ordering, 'BatchTimeout')).getTimeout()),
    ),
    maxMessages: size.getMaxMessageCount(),
    preferredBytes: size.getPreferredMaxBytes(),
    absoluteBytes: size.getAbsoluteMaxBytes(),
  };
  if (batch.maxMessages < 1 || batch.preferredBytes < 1 || batch.preferredBytes > batch.absoluteBytes) {
    throw new ConfigError('CONFIG_MALFORMED', 'batch sizes are zero, or the preferred one is over the absolute one');
  }
  const consensus = orderer.ConsensusType.deserializeBinary(value(ordering, 'ConsensusType'));
  return { consensusType: consensus.getType(), batch };
}

function readCapabilities(root: common.ConfigGroup): ChannelConfig['capabilities'] {
  const names = (part: common.ConfigGroup): string[] => {
    const map = common.Capabilities.deserializeBinary(value(part, 'Capabilities')).getCapabilitiesMap();
    return map.toArray().map(([name]) => name);
  };
  return {
    channel: names(root),
    orderer: names(group(root, 'Orderer')),
    application: names(group(root, 'Application')),
  };
}

function readAnchorPeers(mspId: string, values: common.ConfigGroup): AnchorPeer[] {
  const peers = peer.AnchorPeers.deserializeBinary(value(values, 'AnchorPeers')).getAnchorPeersList();
  return peers.map((anchor) => ({ mspId, host: anchor.getHost(), port: anchor.getPort() }));
}

/** Before capability V3_0 addresses may stand at the channel's root, since V1_4_2 with each organisation. */
function readOrdererAddresses(values: common.ConfigGroup): string[] {
  return ['OrdererAddresses', 'Endpoints'].flatMap((name) =>
    common.OrdererAddresses.deserializeBinary(value(values, name)).getAddressesList(),
  );
}
