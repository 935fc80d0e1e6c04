import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { readingPart, WireError } from './wire-error.js';

/** Seconds since 1970 and the nanoseconds within: google.protobuf.Timestamp. A client's claim, never a peer's clock. */
export interface Timestamp {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** common.ChannelHeader. `type` is a common.HeaderType; `extension` names the chaincode, see `readChaincodeName`. */
export interface ChannelHeader {
  readonly type: number;
  readonly timestamp: Timestamp | undefined;
  readonly channelId: string;
  readonly txId: string;
  readonly epoch: bigint;
  readonly extension: Uint8Array;
}

/** common.SignatureHeader: `creator` is msp.SerializedIdentity bytes. */
export interface SignatureHeader {
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
}

/** common.Header, both as the bytes that hashes cover and parsed. */
export interface Header {
  readonly channelHeaderBytes: Uint8Array;
  readonly signatureHeaderBytes: Uint8Array;
  readonly channelHeader: ChannelHeader;
  readonly signatureHeader: SignatureHeader;
}

/** common.Envelope opened down to its headers. `signature` covers `payload`; `data` is what the header type says. */
export interface ParsedEnvelope extends Header {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * Opens common.Envelope; nothing is verified. The transaction inside is read by `readEndorserTransaction(data)`.
 * @throws {WireError} BAD_ENVELOPE, BAD_PAYLOAD or BAD_HEADER, for the outermost part that does not parse.
 */
export function readEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const envelope = readingPart('BAD_ENVELOPE', () => new Fields(bytes));
  const payload = envelope.bytes(1);
  const fields = readingPart('BAD_PAYLOAD', () => new Fields(payload));
  const headerBytes = fields.message(1);
  if (headerBytes === undefined) throw new WireError('BAD_HEADER', 'payload without a header');
  // The header is part of the payload message, so Go reports its broken framing as a broken payload.
  const header = readingPart('BAD_PAYLOAD', () => new Fields(headerBytes));
  return { payload, signature: envelope.bytes(2), data: fields.bytes(2), ...readHeaderFields(header) };
}

/**
 * Name of the channel that a message is for, to find who is to check the message; empty where it states none, or does
 * not parse. @param outer peer.Proposal or common.Payload bytes: the header is the first field of both.
 */
export function peekChannelId(outer: Uint8Array): string {
  return peek(() => new Fields(new Fields(new Fields(outer).bytes(1)).bytes(1)).text(4));
}

/** As `peekChannelId`, of common.Envelope bytes. */
export function peekEnvelopeChannelId(envelope: Uint8Array): string {
  return peek(() => peekChannelId(new Fields(envelope).bytes(1)));
}

function peek(read: () => string): string {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof WireError) return '';
    throw cause;
  }
}

/** Bytes of common.Envelope. */
export function encodeEnvelope(payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return new Writer().field(1, payload).field(2, signature).bytes();
}

/** Reads common.Header. @throws {WireError} BAD_HEADER */
export function readHeader(bytes: Uint8Array): Header {
  return readHeaderFields(readingPart('BAD_HEADER', () => new Fields(bytes)));
}

/** Bytes of common.Payload from the bytes of both headers and the data. */
export function encodePayload(
  header: Pick<Header, 'channelHeaderBytes' | 'signatureHeaderBytes'>,
  data: Uint8Array,
): Uint8Array {
  const headerBytes = new Writer().field(1, header.channelHeaderBytes).field(2, header.signatureHeaderBytes).bytes();
  return new Writer().message(1, headerBytes).field(2, data).bytes();
}

/** Bytes of common.ChannelHeader. */
export function encodeChannelHeader(header: ChannelHeader): Uint8Array {
  const { timestamp } = header;
  return new Writer()
    .field(1, header.type)
    .message(3, timestamp && new Writer().field(1, timestamp.seconds).field(2, timestamp.nanos).bytes())
    .field(4, header.channelId)
    .field(5, header.txId)
    .field(6, header.epoch)
    .field(7, header.extension)
    .bytes();
}

/** Bytes of common.SignatureHeader. */
export function encodeSignatureHeader(header: SignatureHeader): Uint8Array {
  return new Writer().field(1, header.creator).field(2, header.nonce).bytes();
}

/** Reads common.SignatureHeader. @throws {WireError} BAD_BYTES, which the caller's part gives its name to. */
export function readSignatureHeader(bytes: Uint8Array): SignatureHeader {
  const fields = new Fields(bytes);
  return { creator: fields.bytes(1), nonce: fields.bytes(2) };
}

/**
 * Name of the invoked chaincode, from ChannelHeader.extension (peer.ChaincodeHeaderExtension); undefined when the
 * extension names none. @throws {WireError} BAD_HEADER_EXTENSION
 */
export function readChaincodeName(extension: Uint8Array): string | undefined {
  return readingPart('BAD_HEADER_EXTENSION', () => {
    const chaincodeId = new Fields(extension).message(2);
    return chaincodeId && new Fields(chaincodeId).text(2);
  });
}

/** Bytes of peer.ChaincodeHeaderExtension, for ChannelHeader.extension. */
export function encodeChaincodeName(name: string): Uint8Array {
  return new Writer().message(2, new Writer().field(2, name).bytes()).bytes();
}

function readHeaderFields(header: Fields): Header {
  const channelHeaderBytes = header.bytes(1);
  const signatureHeaderBytes = header.bytes(2);
  return {
    channelHeaderBytes,
    signatureHeaderBytes,
    channelHeader: readingPart('BAD_HEADER', () => readChannelHeader(channelHeaderBytes)),
    signatureHeader: readingPart('BAD_HEADER', () => readSignatureHeader(signatureHeaderBytes)),
  };
}

function readChannelHeader(bytes: Uint8Array): ChannelHeader {
  const fields = new Fields(bytes);
  const timestamp = fields.message(3);
  return {
    type: fields.int32(1),
    timestamp: timestamp && readTimestamp(timestamp),
    channelId: fields.text(4),
    txId: fields.text(5),
    epoch: fields.uint64(6),
    extension: fields.bytes(7),
  };
}

function readTimestamp(bytes: Uint8Array): Timestamp {
  const fields = new Fields(bytes);
  return { seconds: BigInt.asIntN(64, fields.uint64(1)), nanos: fields.int32(2) };
}
