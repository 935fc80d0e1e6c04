import { type ClientDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb.js';

import { type PeerConnection } from './peer-connection.js';
import { serializedIdentity, signMessage } from './user-identity.js';

/** A place in a chain, as orderer.SeekPosition knows them. */
export type SeekPlace = 'oldest' | 'newest' | 'next-commit' | number;

/** Which blocks to ask for; `stop` is inclusive. */
export interface SeekRequest {
  readonly start: SeekPlace;
  readonly stop: SeekPlace;
  /** Ends with "not found" where a block does not exist yet, instead of waiting for it. */
  readonly failIfNotReady?: boolean;
  /** Another channel than the connection's. */
  readonly channel?: string;
}

/** Which of protos.Deliver's three streams. */
export type DeliverMethod = 'Deliver' | 'DeliverFiltered' | 'DeliverWithPrivateData';

/** What a stream ended with, and everything that came before. */
export interface Delivered {
  /** A common.Status. */
  readonly status: number;
  readonly responses: readonly peer.DeliverResponse[];
  /** Of whole blocks: common.Block as it came over the wire. */
  readonly blocks: readonly Buffer[];
}

/** Reads from protos.Deliver until the peer says that it is done; the seek must have an end. */
export async function deliver(
  connection: PeerConnection,
  seek: SeekRequest,
  method: DeliverMethod = 'Deliver',
): Promise<Delivered> {
  const stream: ClientDuplexStream<common.Envelope, Buffer> = connection.client.makeBidiStreamRequest(
    `/protos.Deliver/${method}`,
    (message: common.Envelope) => Buffer.from(message.serializeBinary()),
    (bytes: Buffer) => bytes,
  );
  const responses: peer.DeliverResponse[] = [];
  const blocks: Buffer[] = [];
  try {
    stream.write(seekEnvelope(connection, seek));
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      const response = peer.DeliverResponse.deserializeBinary(bytes);
      if (response.getTypeCase() === peer.DeliverResponse.TypeCase.STATUS) {
        return { status: response.getStatus(), responses, blocks };
      }
      responses.push(response);
      if (response.hasBlock()) blocks.push(blockOf(bytes));
    }
    throw new Error('the stream ended without a status');
  } finally {
    stream.on('error', () => undefined); // Cancelling reports itself as an error, to nobody.
    stream.cancel();
  }
}

/** Every block that a peer has. */
export async function readChain(connection: PeerConnection): Promise<readonly Buffer[]> {
  const { blocks } = await deliver(connection, { start: 'oldest', stop: 'newest' });
  return blocks;
}

/** Number of blocks that a peer has. */
export async function heightOf(connection: PeerConnection): Promise<number> {
  const { blocks } = await deliver(connection, { start: 'newest', stop: 'newest' });
  return (
    (common.Block.deserializeBinary(blocks[0] ?? Buffer.alloc(0))
      .getHeader()
      ?.getNumber() ?? -1) + 1
  );
}

/** The wire's own bytes of field 2, `block`: its key, then its length in base 128. */
function blockOf(response: Buffer): Buffer {
  let at = 1;
  while ((response[at] ?? 0) >= 0x80) at += 1;
  return response.subarray(at + 1);
}

function seekEnvelope({ identity, network }: PeerConnection, seek: SeekRequest): common.Envelope {
  const info = new orderer.SeekInfo();
  info.setStart(position(seek.start));
  info.setStop(position(seek.stop));
  if (seek.failIfNotReady === true) info.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(seek.channel ?? network.getName());
  channelHeader.setTimestamp(Timestamp.fromDate(new Date()));
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(serializedIdentity(identity));
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(info.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(signMessage(identity, envelope.getPayload_asU8()));
  return envelope;
}

function position(place: SeekPlace): orderer.SeekPosition {
  const result = new orderer.SeekPosition();
  if (place === 'oldest') result.setOldest(new orderer.SeekOldest());
  else if (place === 'newest') result.setNewest(new orderer.SeekNewest());
  else if (place === 'next-commit') result.setNextCommit(new orderer.SeekNextCommit());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(place);
    result.setSpecified(specified);
  }
  return result;
}
