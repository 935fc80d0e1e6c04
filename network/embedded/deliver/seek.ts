import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { mayRead } from '../gateway/access.js';
import { type PolicySubject } from '../msp/identity.js';
import { type ParsedEnvelope, readEnvelope, type Timestamp } from '../wire/envelope.js';
import { Fields } from '../wire/protobuf-reader.js';
import { WireError } from '../wire/wire-error.js';

/** `common.Status` values a deliver stream answers with. */
export const DELIVER_STATUS = { success: 200, badRequest: 400, forbidden: 403, notFound: 404 } as const;
export type DeliverStatus = (typeof DELIVER_STATUS)[keyof typeof DELIVER_STATUS];

/** How far a request's claimed time may be from the peer's, seconds. Source: peer.authentication.timewindow. */
const timeWindowSeconds = 15 * 60;
/** SeekBehavior.FAIL_IF_NOT_READY. */
const failIfNotReady = 1;

/** Which blocks a client asked for; `stop` is inclusive. */
export interface Seek {
  readonly start: bigint;
  readonly stop: bigint;
  /** Ends with "not found" instead of waiting for a block that does not exist yet. */
  readonly failIfNotReady: boolean;
  /** Whose signature is on the request. */
  readonly reader: PolicySubject;
}

/** What a seek request is checked against. */
export interface SeekContext {
  readonly channel: ChannelConfig;
  /** Number of blocks in this peer's ledger. */
  readonly height: bigint;
  readonly nowMs: number;
}

/**
 * Reads and checks a DELIVER_SEEK_INFO envelope. @returns the seek, or the status that refuses it.
 * Source: Fabric common/deliver/deliver.go, deliverBlocks, and acl.go.
 */
export function readSeek(envelopeBytes: Uint8Array, context: SeekContext): Seek | DeliverStatus {
  try {
    const envelope = readEnvelope(envelopeBytes);
    const refusal = checkSender(envelope, context);
    if (refusal !== undefined) return refusal;
    const positions = readPositions(new Fields(envelope.data), context.height);
    if (typeof positions === 'number') return positions;
    return { ...positions, reader: context.channel.msps.deserialize(envelope.signatureHeader.creator) };
  } catch (cause) {
    if (cause instanceof WireError) return DELIVER_STATUS.badRequest;
    throw cause;
  }
}

function checkSender(envelope: ParsedEnvelope, context: SeekContext): DeliverStatus | undefined {
  const { channelHeader, signatureHeader, payload, signature } = envelope;
  if (channelHeader.type !== common.HeaderType.DELIVER_SEEK_INFO) return DELIVER_STATUS.badRequest;
  if (!isNear(channelHeader.timestamp, context.nowMs)) return DELIVER_STATUS.badRequest;
  if (channelHeader.channelId !== context.channel.channelId) return DELIVER_STATUS.notFound;
  const allowed = mayRead(context.channel, { identity: signatureHeader.creator, message: payload, signature });
  return allowed ? undefined : DELIVER_STATUS.forbidden;
}

function isNear(timestamp: Timestamp | undefined, nowMs: number): boolean {
  return timestamp !== undefined && Math.abs(Number(timestamp.seconds) - nowMs / 1_000) <= timeWindowSeconds;
}

function readPositions(seekInfo: Fields, height: bigint): Omit<Seek, 'reader'> | DeliverStatus {
  const start = readPosition(seekInfo.message(1), height);
  const stop = readPosition(seekInfo.message(2), height);
  if (start === undefined || stop === undefined || start > stop) return DELIVER_STATUS.badRequest;
  return { start, stop, failIfNotReady: seekInfo.int32(3) === failIfNotReady };
}

/** SeekPosition: newest 1, oldest 2, specified 3, next commit 4. */
function readPosition(bytes: Uint8Array | undefined, height: bigint): bigint | undefined {
  if (bytes === undefined) return undefined;
  const position = new Fields(bytes);
  const specified = position.message(3);
  if (specified !== undefined) return new Fields(specified).uint64(1);
  if (position.message(4) !== undefined) return height;
  if (position.message(2) !== undefined) return 0n;
  if (position.message(1) !== undefined) return height - 1n;
  return undefined;
}
