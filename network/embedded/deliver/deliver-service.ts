import {
  type MethodDefinition,
  type ServerDuplexStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { common, peer } from '@hyperledger/fabric-protos';
import { type ChannelConfig } from '../config/channel-config.js';
import { type PolicySubject } from '../msp/identity.js';
import { readBlock } from '../wire/block.js';
import { peekEnvelopeChannelId, readEnvelope } from '../wire/envelope.js';
import { encodeTxPrivateRwSet, type PrivateRwSet } from '../wire/private-rwset.js';
import { Fields } from '../wire/protobuf-reader.js';
import { Writer } from '../wire/protobuf-writer.js';
import { encodeFilteredBlock } from './filtered-block.js';
import { DELIVER_STATUS, type DeliverStatus, readSeek, type Seek } from './seek.js';

/** A channel's blocks, as a deliver service reads them. */
export interface BlockSource {
  /** The configuration in force. */
  readonly channel: ChannelConfig;
  /** Number of blocks in the ledger. */
  readonly height: bigint;
  /** Blocks as bytes of `common.Block`, from `start` on, then as they come until `signal` aborts. */
  blocks(start: bigint, signal: AbortSignal): AsyncIterable<{ readonly bytes: Uint8Array; readonly number: bigint }>;
  /** Private sets of a block that the reader is entitled to, by transaction index. */
  privateSets(blockNumber: bigint, reader: PolicySubject): Promise<ReadonlyMap<number, readonly PrivateRwSet[]>>;
}

/** What a deliver service works with. */
export interface DeliverContext {
  /** `undefined` for a channel that is not served here. */
  readonly source: (channelId: string) => BlockSource | undefined;
  readonly nowMs: () => number;
  /** Is told of errors that are no answer to a caller. */
  readonly onBug: (error: unknown) => void;
}

type DeliverStream = ServerDuplexStream<common.Envelope, Uint8Array>;
/** A stored block and who asked for it. */
interface Sent {
  readonly bytes: Uint8Array;
  readonly number: bigint;
  readonly channelId: string;
  readonly reader: PolicySubject;
}
type Encode = (sent: Sent, source: BlockSource) => Uint8Array | Promise<Uint8Array>;

/** Stored bytes are sent as they are: blocks are never parsed and written again on their way out. */
function passBytes(method: MethodDefinition<common.Envelope, peer.DeliverResponse>) {
  return { ...method, responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes) };
}

/** `protos.Deliver` with responses as bytes. */
export const deliverDefinition = {
  deliver: passBytes(peer.DeliverService.deliver),
  deliverFiltered: passBytes(peer.DeliverService.deliverFiltered),
  deliverWithPrivateData: passBytes(peer.DeliverService.deliverWithPrivateData),
};

/** DeliverResponse is one of: status 1, block 2, filtered block 3, block and private data 4. */
const encodeStatus = (outcome: DeliverStatus) => new Writer().field(1, outcome).bytes();
const encodeWhole: Encode = ({ bytes }) => new Writer().message(2, bytes).bytes();
const encodeFiltered: Encode = ({ bytes, channelId }) =>
  new Writer().message(3, encodeFilteredBlock(channelId, readBlock(bytes))).bytes();
const encodeWithPrivateData: Encode = async ({ bytes, number, reader }, source) => {
  const sets = await source.privateSets(number, reader);
  return new Writer().message(4, encodeBlockAndPrivateData(bytes, sets)).bytes();
};

/** peer.BlockAndPrivateData: the block, and a map from transaction index to rwset.TxPvtReadWriteSet. */
function encodeBlockAndPrivateData(bytes: Uint8Array, sets: ReadonlyMap<number, readonly PrivateRwSet[]>): Uint8Array {
  const entries = [...sets].map(([txIndex, ofTransaction]) =>
    new Writer().field(1, txIndex).message(2, encodeTxPrivateRwSet(ofTransaction)).bytes(),
  );
  return new Writer().message(1, bytes).messages(2, entries).bytes();
}

/** A deliver method that sends whole blocks: what peers and orderers have in common. */
export function serveBlocks(context: DeliverContext): (stream: DeliverStream) => void {
  return (stream) => {
    serveStream(stream, context, encodeWhole);
  };
}

/** Serves a peer's blocks. Source: Fabric core/peer/deliverevents.go and common/deliver/deliver.go. */
export function createDeliverService(context: DeliverContext): UntypedServiceImplementation {
  const serve = (encode: Encode) => (stream: DeliverStream) => {
    serveStream(stream, context, encode);
  };
  return {
    deliver: serveBlocks(context),
    deliverFiltered: serve(encodeFiltered),
    deliverWithPrivateData: serve(encodeWithPrivateData),
  };
}

/** Seeks of one stream are answered one after another; a client that half-closes still gets what it asked for. */
function serveStream(stream: DeliverStream, context: DeliverContext, encode: Encode): void {
  const gone = new AbortController();
  let work = Promise.resolve();
  const stop = () => {
    gone.abort();
  };
  stream.on('cancelled', stop);
  stream.on('error', stop);
  stream.on('data', (envelope: common.Envelope) => {
    work = work
      .then(() => answerSeek(stream, context, envelope.serializeBinary(), encode, gone.signal))
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        context.onBug(error);
        stream.emit('error', { code: status.INTERNAL, details: 'internal error of the peer' }); // The call's status.
      });
  });
  stream.on('end', () => {
    void work.then(() => {
      stream.end();
    });
  });
}

async function answerSeek(
  stream: DeliverStream,
  context: DeliverContext,
  envelope: Uint8Array,
  encode: Encode,
  signal: AbortSignal,
): Promise<void> {
  if (stream.writableEnded) return;
  const { source: sourceOf, nowMs } = context;
  const source = sourceOf(peekEnvelopeChannelId(envelope));
  const seek = readSeek(envelope, { channel: source?.channel, height: source?.height ?? 0n, nowMs: nowMs() });
  // A seek is made of a served channel only.
  const isRefused = typeof seek === 'number' || source === undefined;
  const refusal = typeof seek === 'number' ? seek : DELIVER_STATUS.notFound;
  const outcome = isRefused ? refusal : await sendBlocks({ stream, source, seek, nowMs }, encode, signal);
  if (signal.aborted) return;
  await send(stream, encodeStatus(outcome), signal);
  if (outcome !== DELIVER_STATUS.success) stream.end(); // A refusal is the last word on a stream.
}

/** What was asked for, of whom, and where it goes. */
interface Asked {
  readonly stream: DeliverStream;
  readonly source: BlockSource;
  readonly seek: Seek;
  readonly nowMs: () => number;
}

async function sendBlocks(
  { stream, source, seek, nowMs }: Asked,
  encode: Encode,
  signal: AbortSignal,
): Promise<DeliverStatus> {
  if (seek.failIfNotReady && seek.start >= source.height) return DELIVER_STATUS.notFound;
  for await (const { number, bytes } of source.blocks(seek.start, signal)) {
    const { channel } = source;
    if (!seek.access.isAllowed(channel, nowMs())) return DELIVER_STATUS.forbidden;
    const shown = seek.headersOnly ? withoutTransactions(bytes) : bytes;
    const { channelId } = channel;
    await send(stream, await encode({ bytes: shown, number, channelId, reader: seek.reader }, source), signal);
    if (number >= seek.stop) break;
    if (seek.failIfNotReady && number + 1n >= source.height) return DELIVER_STATUS.notFound;
  }
  return DELIVER_STATUS.success;
}

/** The block without its data, but for a configuration block. Source: Fabric common/deliver/deliver.go, deliverBlocks. */
function withoutTransactions(bytes: Uint8Array): Uint8Array {
  const [first] = readBlock(bytes).envelopes;
  if (first !== undefined && readEnvelope(first).channelHeader.type === common.HeaderType.CONFIG) return bytes;
  const block = new Fields(bytes);
  return new Writer().message(1, block.message(1)).message(3, block.message(3)).bytes();
}

/** Waits for a slow reader instead of buffering for it. */
async function send(stream: DeliverStream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (signal.aborted || stream.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    stream.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
