import { type Client, type ClientDuplexStream, type ServiceError, status } from '@grpc/grpc-js';
import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';

import { DomainError } from '../../domain/errors.js';
import { type Identity, type Wallet } from '../identity/wallet.js';
import { type LedgerBlock, readBlock } from './block.js';
import { type PeerLink } from './peer-link.js';
import { type BlockSource } from './port.js';
import { RETRY_AFTER_S } from './refusals.js';
import { createSigner } from './signer.js';

const DELIVER_METHOD = '/protos.Deliver/Deliver';
/** How long a peer may take to tell its height, milliseconds. */
export const HEIGHT_DEADLINE_MS = 3_000;

type Stream = ClientDuplexStream<common.Envelope, peer.DeliverResponse>;

/** What makes a block source of a peer. */
export interface DeliverOptions {
  readonly name: string;
  readonly mspId?: string;
  readonly channel: Pick<PeerLink, 'client'>;
  readonly wallet: Wallet;
  /** Who asks: the peers' Readers policy must admit them. */
  readonly user: string;
  readonly ledgerChannel: string;
}

/**
 * Fabric's own block stream. fabric-gateway's block events always run on and know no newest block; audits need both
 * a bounded range and the height, so the request is written here (orderer/ab.proto, SeekInfo).
 */
export function openBlockSource(options: DeliverOptions): BlockSource {
  const newest = async (): Promise<LedgerBlock> => {
    const position = new orderer.SeekPosition();
    position.setNewest(new orderer.SeekNewest());
    for await (const block of deliver(options, position, position, AbortSignal.timeout(HEIGHT_DEADLINE_MS))) {
      return readBlock(block);
    }
    throw unreachable();
  };
  return {
    name: options.name,
    ...(options.mspId !== undefined && { mspId: options.mspId }),
    height: async () => (await newest()).number + 1,
    newest,
    async *blocks({ from, to }, signal) {
      const end = numbered(to ?? Number.MAX_SAFE_INTEGER);
      for await (const block of deliver(options, numbered(from), end, signal)) yield readBlock(block);
    },
  };
}

/** A peer's blocks in bytes, for what is proved by them. */
export interface RawBlocks {
  /** @returns bytes of common.Block, as the peer stores it. @throws UNVERIFIABLE_NOW where it cannot be had in time */
  block(number: number): Promise<Uint8Array>;
}

/** Reads single blocks of a peer. */
export function openRawBlocks(options: DeliverOptions): RawBlocks {
  return {
    async block(number) {
      const place = numbered(number);
      for await (const block of deliver(options, place, place, AbortSignal.timeout(HEIGHT_DEADLINE_MS))) {
        return block.serializeBinary();
      }
      throw unreachable();
    },
  };
}

async function* deliver(
  options: DeliverOptions,
  start: orderer.SeekPosition,
  stop: orderer.SeekPosition,
  signal: AbortSignal,
): AsyncGenerator<common.Block> {
  const request = await seekEnvelope(options, start, stop);
  const stream = openStream(options.channel.client, signal);
  const cancel = (): void => {
    stream.cancel();
  };
  signal.addEventListener('abort', cancel);
  try {
    stream.write(request);
    for await (const response of stream as AsyncIterable<peer.DeliverResponse>) {
      const block = response.getBlock();
      if (block !== undefined) yield block;
      else if (response.getStatus() === common.Status.SUCCESS) return;
      else throw unreachable({ deliverStatus: response.getStatus() });
    }
  } catch (error) {
    throw isGrpcError(error) ? unreachable({}, error) : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

/** The stream stays open for as long as it is read; a range that has an end gets one from the peer. */
function openStream(channel: Client, signal: AbortSignal): Stream {
  signal.throwIfAborted();
  const stream: Stream = channel.makeBidiStreamRequest(
    DELIVER_METHOD,
    (message: common.Envelope) => Buffer.from(message.serializeBinary()),
    (bytes: Buffer) => peer.DeliverResponse.deserializeBinary(bytes),
    {},
  );
  // A cancelled stream reports that even when nobody reads any more; unheard, it would end the process.
  stream.on('error', () => undefined);
  return stream;
}

async function seekEnvelope(
  { wallet, user, ledgerChannel }: DeliverOptions,
  start: orderer.SeekPosition,
  stop: orderer.SeekPosition,
): Promise<common.Envelope> {
  const identity = wallet.identity(user);
  const seek = new orderer.SeekInfo();
  seek.setStart(start);
  seek.setStop(stop);
  const payload = new common.Payload();
  payload.setHeader(seekHeader(ledgerChannel, identity));
  payload.setData(seek.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(await createSigner(identity.privateKey)(envelope.getPayload_asU8()));
  return envelope;
}

function seekHeader(ledgerChannel: string, identity: Identity): common.Header {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(ledgerChannel);
  channelHeader.setTimestamp(Timestamp.fromDate(new Date()));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(serializeIdentity(identity));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return header;
}

/** Bytes of msp.SerializedIdentity, by which Fabric names a signer. */
export function serializeIdentity(identity: Identity): Uint8Array {
  const serialized = new msp.SerializedIdentity();
  serialized.setMspid(identity.mspId);
  serialized.setIdBytes(identity.certificate);
  return serialized.serializeBinary();
}

function numbered(number: number): orderer.SeekPosition {
  const specified = new orderer.SeekSpecified();
  specified.setNumber(number);
  const position = new orderer.SeekPosition();
  position.setSpecified(specified);
  return position;
}

function isGrpcError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && Object.values(status).includes(error.code as status);
}

function unreachable(details: Record<string, number> = {}, cause?: unknown): DomainError {
  return new DomainError('UNVERIFIABLE_NOW', { ...details, retryAfter: RETRY_AFTER_S }, { cause });
}
