import { createHash } from 'node:crypto';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { dataHash, encodeBlock } from '../wire/block.js';
import { type BatchRules } from './channel-config.js';
import { capabilities, configGroup, implicitPolicies, implicitPolicy, signaturePolicy } from './config-group.js';
import { formatGoDuration } from './go-duration.js';
import { encodeMspConfig, type MspMaterial } from './msp-config.js';

/**
 * The consensus type in the configuration of every embedded network, by which any reader of the channel knows that
 * one process orders and holds all organisations' keys: nothing here separates whom to trust.
 */
export const embeddedConsensusType = 'yinzheng-embedded';

/** What the first block of an embedded network's channel states. Equal descriptions give equal bytes. */
export interface GenesisDescription {
  readonly channelId: string;
  readonly batch: BatchRules;
  readonly orderer: MspMaterial & { readonly addresses: readonly string[] };
  readonly organisations: readonly (MspMaterial & {
    readonly anchorPeers: readonly { readonly host: string; readonly port: number }[];
  })[];
  /** Unix milliseconds; whole seconds of it are written. */
  readonly timestampMs: number;
  /** 24 random bytes, which make the transaction id. */
  readonly nonce: Uint8Array;
}

const messageVersion = 1;
const hashWidth = 0xffff_ffff;

/**
 * Makes block 0: the channel's whole configuration in one unsigned CONFIG transaction, as configtxgen would. The
 * capabilities are the ones this network keeps: no BFT (V3_0), Fabric 2.0 ordering, 2.5 application rules.
 * @returns bytes of `common.Block`. @throws MspError POLICY_MALFORMED when an MSP id is not of letters, digits, `.`, `-`
 * Source: Fabric common/genesis/genesis.go, Block; internal/configtxgen/encoder/encoder.go, NewChannelGroup.
 */
export function createGenesisBlock(description: GenesisDescription): Uint8Array {
  const config = new common.Config();
  config.setChannelGroup(channelGroup(description));
  const configEnvelope = new common.ConfigEnvelope();
  configEnvelope.setConfig(config);

  const payload = new common.Payload();
  payload.setHeader(header(description));
  payload.setData(configEnvelope.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  const envelopes = [envelope.serializeBinary()];

  const none = new Uint8Array(0);
  return encodeBlock({
    number: 0n,
    previousHash: none,
    dataHash: dataHash(envelopes),
    envelopes,
    metadata: [genesisSignatures(), none, none, none, none],
  });
}

function header({ channelId, timestampMs, nonce }: GenesisDescription): common.Header {
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(timestampMs / 1000));
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG);
  channelHeader.setVersion(messageVersion);
  channelHeader.setTimestamp(timestamp);
  channelHeader.setChannelId(channelId);
  channelHeader.setTxId(createHash('sha256').update(nonce).digest('hex')); // Nonce, then a creator of no bytes.
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setNonce(nonce);
  const both = new common.Header();
  both.setChannelHeader(channelHeader.serializeBinary());
  both.setSignatureHeader(signatureHeader.serializeBinary());
  return both;
}

/** Names block 0 as the last configuration; nobody signs the genesis block. */
function genesisSignatures(): Uint8Array {
  const metadata = new common.OrdererBlockMetadata();
  metadata.setLastConfig(new common.LastConfig());
  const signatures = new common.Metadata();
  signatures.setValue(metadata.serializeBinary());
  return signatures.serializeBinary();
}

function channelGroup(description: GenesisDescription): common.ConfigGroup {
  const hashing = new common.HashingAlgorithm();
  hashing.setName('SHA256');
  const structure = new common.BlockDataHashingStructure();
  structure.setWidth(hashWidth);
  return configGroup({
    groups: { Orderer: ordererGroup(description), Application: applicationGroup(description) },
    values: { HashingAlgorithm: hashing, BlockDataHashingStructure: structure, Capabilities: capabilities('V2_0') },
    policies: implicitPolicies(),
  });
}

function ordererGroup({ orderer: organisation, batch }: GenesisDescription): common.ConfigGroup {
  const size = new orderer.BatchSize();
  size.setMaxMessageCount(batch.maxMessages);
  size.setAbsoluteMaxBytes(batch.absoluteBytes);
  size.setPreferredMaxBytes(batch.preferredBytes);
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(formatGoDuration(batch.timeoutMs));
  const consensus = new orderer.ConsensusType();
  consensus.setType(embeddedConsensusType);
  const { mspId } = organisation;
  const endpoints = new common.OrdererAddresses();
  endpoints.setAddressesList([...organisation.addresses]);
  const own = configGroup({
    values: { MSP: encodeMspConfig(organisation), Endpoints: endpoints },
    policies: {
      Readers: signaturePolicy(`OR('${mspId}.member')`),
      Writers: signaturePolicy(`OR('${mspId}.member')`),
      Admins: signaturePolicy(`OR('${mspId}.admin')`),
    },
  });
  return configGroup({
    groups: { [mspId]: own },
    values: {
      BatchSize: size,
      BatchTimeout: timeout,
      ConsensusType: consensus,
      Capabilities: capabilities('V2_0'),
    },
    policies: { ...implicitPolicies(), BlockValidation: signaturePolicy(`OR('${mspId}.orderer')`) },
  });
}

function applicationGroup({ organisations }: GenesisDescription): common.ConfigGroup {
  return configGroup({
    groups: Object.fromEntries(organisations.map((each) => [each.mspId, organisationGroup(each)])),
    values: { Capabilities: capabilities('V2_5') },
    policies: {
      ...implicitPolicies(),
      Endorsement: implicitPolicy('MAJORITY', 'Endorsement'),
      LifecycleEndorsement: implicitPolicy('MAJORITY', 'Endorsement'),
    },
  });
}

/** @returns the group of one member, as the genesis block has it and as a later update adds it. */
export function organisationGroup(organisation: GenesisDescription['organisations'][number]): common.ConfigGroup {
  const { mspId } = organisation;
  const anchors = new peer.AnchorPeers();
  for (const { host, port } of organisation.anchorPeers) {
    const anchor = new peer.AnchorPeer();
    anchor.setHost(host);
    anchor.setPort(port);
    anchors.addAnchorPeers(anchor);
  }
  return configGroup({
    values: { MSP: encodeMspConfig(organisation), AnchorPeers: anchors },
    policies: {
      Readers: signaturePolicy(`OR('${mspId}.admin','${mspId}.peer','${mspId}.client')`),
      Writers: signaturePolicy(`OR('${mspId}.admin','${mspId}.client')`),
      Admins: signaturePolicy(`OR('${mspId}.admin')`),
      Endorsement: signaturePolicy(`OR('${mspId}.peer')`),
    },
  });
}
