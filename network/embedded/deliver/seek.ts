import { common } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { type PolicySubject } from '../msp/identity.js';
import { readEnvelope, type Timestamp } from '../wire/envelope.js';
import { Fields } from '../wire/protobuf-reader.js';
import { sameBytes } from '../wire/utf8-order.js';
import { WireError } from '../wire/wire-error.js';
import { SessionAccess } from './session-access.js';

/** `common.Status` values a deliver stream answers with. */
export const DELIVER_STATUS = { success: 200, badRequest: 400, forbidden: 403, notFound: 404 } as const;
export type DeliverStatus = (typeof DELIVER_STATUS)[keyof typeof DELIVER_STATUS];

/** How far a request's claimed time may be from the peer's, seconds. Source: peer.authentication.timewindow. */
const timeWindowSeconds = 15 * 60;
/** SeekBehavior.FAIL_IF_NOT_READY and SeekContentType.HEADER_WITH_SIG_BYTES. */
const failIfNotReady = 1;
const headerWithSignatures = 1;
const positionForms = ['newest', 'oldest', 'specified', 'next'] as const;
/** A block number that no chain reaches. */
const never = 2n ** 64n - 1n;

/** Which blocks a client asked for; `stop` is inclusive. */
export interface Seek {
  readonly start: bigint;
  readonly stop: bigint;
  /** Ends with "not found" instead of waiting for a block that does not exist yet. */
  readonly failIfNotReady: boolean;
  /** Whose signature is on the request. */
  readonly reader: PolicySubject;
  /** Leaves out the transactions, but for configuration blocks. */
  readonly headersOnly: boolean;
  /** Who asked, and with which right: to be asked again while the stream lives. */
  readonly access: SessionAccess;
}

/** What a seek request is checked against. */
export interface SeekContext {
  /** The channel that it names; `undefined` where that is not served. */
  readonly channel: ChannelConfig | undefined;
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
    const { channelHeader, signatureHeader, payload, signature, data } = envelope;
    if (channelHeader.type !== common.HeaderType.DELIVER_SEEK_INFO) return DELIVER_STATUS.badRequest;
    if (!isNear(channelHeader.timestamp, context.nowMs)) return DELIVER_STATUS.badRequest;
    const { channel } = context;
    if (channelHeader.channelId !== channel?.channelId) return DELIVER_STATUS.notFound;
    const seekInfo = new Fields(data);
    const access = new SessionAccess({ identity: signatureHeader.creator, message: payload, signature });
    if (!access.isAllowed(channel, context.nowMs)) return DELIVER_STATUS.forbidden;
    const positions = readPositions(seekInfo, context.height);
    if (typeof positions === 'number') return positions;
    return {
      ...positions,
      failIfNotReady: seekInfo.int32(3) === failIfNotReady,
      headersOnly: seekInfo.int32(5) === headerWithSignatures,
      reader: channel.msps.deserialize(signatureHeader.creator),
      access,
    };
  } catch (cause) {
    if (cause instanceof WireError) return DELIVER_STATUS.badRequest;
    throw cause;
  }
}

function isNear(timestamp: Timestamp | undefined, nowMs: number): boolean {
  return timestamp !== undefined && Math.abs(Number(timestamp.seconds) - nowMs / 1_000) <= timeWindowSeconds;
}

/** A stop before the start is never met, unless it was given as a number. */
function readPositions(seekInfo: Fields, height: bigint): Pick<Seek, 'start' | 'stop'> | DeliverStatus {
  const [startBytes, stopBytes] = [seekInfo.message(1), seekInfo.message(2)];
  if (startBytes === undefined || stopBytes === undefined) return DELIVER_STATUS.badRequest;
  const start = readStart(startBytes, height);
  if (start === undefined || start > height) return DELIVER_STATUS.notFound;
  const stop = readStop(stopBytes, { start, height, isStart: sameBytes(startBytes, stopBytes) });
  if (stop >= start) return { start, stop };
  return formOf(stopBytes) === 'specified' ? DELIVER_STATUS.badRequest : { start, stop: never };
}

function readStart(bytes: Uint8Array, height: bigint): bigint | undefined {
  switch (formOf(bytes)) {
    case 'newest':
      return height - 1n;
    case 'oldest':
      return 0n;
    case 'specified':
      return numberIn(bytes);
    case 'next':
      return height;
    default:
      return undefined;
  }
}

function readStop(bytes: Uint8Array, at: { start: bigint; height: bigint; isStart: boolean }): bigint {
  switch (formOf(bytes)) {
    case 'newest':
      return at.isStart ? at.start : at.height - 1n;
    case 'oldest':
      return at.start;
    case 'specified':
      return numberIn(bytes);
    default:
      return 0n;
  }
}

/** SeekPosition: newest 1, oldest 2, specified 3, next commit 4. */
function formOf(position: Uint8Array): (typeof positionForms)[number] | undefined {
  const number = new Fields(position).lastOf(1, 2, 3, 4);
  return number === undefined ? undefined : positionForms[number - 1];
}

function numberIn(position: Uint8Array): bigint {
  return new Fields(new Fields(position).message(3) ?? new Uint8Array(0)).uint64(1);
}
