import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { MspError } from '../msp/errors.js';
import { checkExpiry } from '../msp/identity.js';
import { type ParsedEnvelope, readEnvelope } from '../wire/envelope.js';
import { WireError } from '../wire/wire-error.js';
import { BroadcastRefusal } from './broadcast-refusal.js';

const writersPolicy = '/Channel/Writers';

/**
 * Whether an envelope may be ordered: known channel, allowed size, signed by somebody whom the channel lets write.
 * What the transaction does is the peers' to judge, not the orderer's. @throws BroadcastRefusal
 * Source: Fabric orderer/common/msgprocessor/{standardchannel,sizefilter,sigfilter,expiration}.go.
 */
export function checkBroadcast(bytes: Uint8Array, channel: ChannelConfig, nowMs: number): ParsedEnvelope {
  if (bytes.length > channel.batch.absoluteBytes) {
    throw new BroadcastRefusal(
      'REQUEST_ENTITY_TOO_LARGE',
      `message payload is ${bytes.length} bytes and exceeds maximum allowed ${channel.batch.absoluteBytes} bytes`,
    );
  }
  const envelope = parse(bytes);
  const { channelId, type } = envelope.channelHeader;
  if (channelId !== channel.channelId) throw new BroadcastRefusal('NOT_FOUND', `channel ${channelId} not found`);
  if (type !== common.HeaderType.ENDORSER_TRANSACTION) {
    throw new BroadcastRefusal('BAD_REQUEST', `message type ${type} is not ordered by this network`);
  }
  checkSigner(envelope, channel, nowMs);
  return envelope;
}

function parse(bytes: Uint8Array): ParsedEnvelope {
  try {
    return readEnvelope(bytes);
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    throw new BroadcastRefusal('BAD_REQUEST', `could not determine channel ID: ${cause.message}`, { cause });
  }
}

function checkSigner(
  { signatureHeader, payload, signature }: ParsedEnvelope,
  channel: ChannelConfig,
  nowMs: number,
): void {
  const denied = `implicit policy evaluation failed - no sub-policies were satisfied: ${writersPolicy}: permission denied`;
  try {
    const signer = channel.msps.deserialize(signatureHeader.creator);
    checkExpiry(signer, nowMs);
    if (signer.verify(payload, signature) && channel.policy(writersPolicy).isSatisfiedBy([signer])) return;
  } catch (cause) {
    if (!(cause instanceof MspError)) throw cause;
    throw new BroadcastRefusal(
      'FORBIDDEN',
      cause.code === 'CERT_EXPIRED' ? 'broadcast client identity expired' : denied,
      { cause },
    );
  }
  throw new BroadcastRefusal('FORBIDDEN', denied);
}
