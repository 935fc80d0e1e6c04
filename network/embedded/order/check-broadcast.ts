import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { proposeUpdate } from '../config/update/apply-update.js';
import { signedEnvelope } from '../config/update/sign-update.js';
import { UpdateRefusal } from '../config/update/update-refusal.js';
import { MspError } from '../msp/errors.js';
import { checkExpiry, type Identity } from '../msp/identity.js';
import { type Signer } from '../msp/signer.js';
import { type ParsedEnvelope, readEnvelope } from '../wire/envelope.js';
import { WireError } from '../wire/wire-error.js';
import { BroadcastRefusal } from './broadcast-refusal.js';

const writersPolicy = '/Channel/Writers';
const { CONFIG, CONFIG_UPDATE, ORDERER_TRANSACTION } = common.HeaderType;

/**
 * Whether an envelope may be ordered: known channel, allowed size, signed by somebody whom the channel lets write.
 * What the transaction does is the peers' to judge, not the orderer's. @throws BroadcastRefusal
 * Source: Fabric orderer/common/multichannel/registrar.go, BroadcastChannelSupport;
 * orderer/common/msgprocessor/{standardchannel,sizefilter,sigfilter,expiration}.go.
 */
export function checkBroadcast(bytes: Uint8Array, channel: ChannelConfig, nowMs: number): ParsedEnvelope {
  const envelope = parse(bytes);
  const { channelId, type } = envelope.channelHeader;
  if (channelId !== channel.channelId) throw new BroadcastRefusal('BAD_REQUEST', 'channel does not exist');
  if (type === CONFIG)
    throw new BroadcastRefusal('BAD_REQUEST', 'message is of type that cannot be processed directly');
  if (type === ORDERER_TRANSACTION) {
    throw new BroadcastRefusal('BAD_REQUEST', 'message is of type that is no longer supported');
  }
  const reason = type === CONFIG_UPDATE ? 'config update for existing channel did not pass initial checks: ' : '';
  applyFilters(envelope, channel, nowMs, reason);
  return envelope;
}

/**
 * Makes the CONFIG transaction that an update asks for. @param update a CONFIG_UPDATE envelope that `checkBroadcast`
 * let through. @param signer the orderer. @returns bytes of `common.Envelope`. @throws BroadcastRefusal
 * Source: Fabric orderer/common/msgprocessor/standardchannel.go, ProcessConfigUpdateMsg.
 */
export function createConfigTransaction(
  update: Uint8Array,
  channel: ChannelConfig,
  signer: Signer,
  nowMs: number,
): Uint8Array {
  const { channelId } = channel;
  const config = signedEnvelope(CONFIG, channelId, propose(channel, update), signer, nowMs);
  applyFilters(parse(config), channel, nowMs, 'config update for existing channel did not pass final checks: ');
  return config;
}

function propose(channel: ChannelConfig, update: Uint8Array): Uint8Array {
  try {
    return proposeUpdate(channel, update);
  } catch (cause) {
    if (!(cause instanceof UpdateRefusal)) throw cause;
    const what = `error applying config update to existing channel '${channel.channelId}'`;
    throw new BroadcastRefusal('BAD_REQUEST', `${what}: ${cause.message}`, { cause });
  }
}

function parse(bytes: Uint8Array): ParsedEnvelope {
  try {
    return readEnvelope(bytes);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new BroadcastRefusal('BAD_REQUEST', `could not determine channel ID: ${cause.message}`, { cause });
  }
}

/** Size, then expiry, then the right to write. @param prefix before what is wrong */
function applyFilters(envelope: ParsedEnvelope, channel: ChannelConfig, nowMs: number, prefix: string): void {
  const { payload, signature, signatureHeader } = envelope;
  const size = payload.length + signature.length;
  const { absoluteBytes } = channel.batch;
  if (size > absoluteBytes) {
    const why = `message payload is ${size} bytes and exceeds maximum allowed ${absoluteBytes} bytes`;
    throw new BroadcastRefusal('BAD_REQUEST', `${prefix}${why}`);
  }
  const signer = admit(channel, signatureHeader.creator, nowMs, prefix);
  const signers = signer?.verify(payload, signature) === true ? [signer] : [];
  const policy = channel.policy(writersPolicy);
  if (!policy.isSatisfiedBy(signers)) {
    throw new BroadcastRefusal('FORBIDDEN', `${prefix}${policy.refusal(signers)}: permission denied`);
  }
}

function admit(channel: ChannelConfig, creator: Uint8Array, nowMs: number, prefix: string): Identity | undefined {
  try {
    const signer = channel.msps.deserialize(creator);
    checkExpiry(signer, nowMs);
    return signer;
  } catch (cause) {
    if (!(cause instanceof MspError)) throw cause;
    if (cause.code !== 'CERT_EXPIRED') return undefined;
    throw new BroadcastRefusal('BAD_REQUEST', `${prefix}broadcast client identity expired`, { cause });
  }
}
