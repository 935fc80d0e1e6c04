import { sha256 } from '@noble/hashes/sha2.js';
import { concat, copy } from '../bytes.js';
import { type OrderingPart } from '../format/receipt.js';
import { ProofError } from '../proof-error.js';
import { readLoosely, readMessage } from './protobuf.js';

/** A block as orderers signed it: header, the signed metadata value, signatures, and the joined envelopes. */
export type SignedBlock = OrderingPart;

/** Who signed a block and over which bytes. */
export interface BlockSignature {
  /** Number of a BFT consenter. */
  readonly consenter?: number;
  /** `msp.SerializedIdentity` of any other orderer. */
  readonly identity?: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes what orderers signed out of a `common.Block`. Peers' validity flags and commit hash are nobody's signed word
 * and are left behind. @throws {ProofError} PROTOBUF_MALFORMED, BLOCK_MALFORMED
 */
export function readSignedBlock(bytes: Uint8Array): SignedBlock {
  const block = readLoosely(bytes, { 1: 'bytes', 2: 'bytes', 3: 'bytes' }, 'block');
  const header = readLoosely(block[1], { 1: 'uint', 2: 'bytes', 3: 'bytes' }, 'block header');
  const [signatures = new Uint8Array(0)] = readLoosely(block[3], { 1: 'list' }, 'block metadata')[1];
  const metadata = readLoosely(signatures, { 1: 'bytes', 2: 'list' }, 'signatures');
  if (header[1] > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProofError('BLOCK_MALFORMED', 'a number below 2^53');
  return {
    number: Number(header[1]),
    previousHash: copy(header[2]),
    dataHash: copy(header[3]),
    value: copy(metadata[1]),
    signatures: metadata[2].map(readSignature),
    data: concat(...readLoosely(block[2], { 1: 'list' }, 'block data')[1]),
  };
}

function readSignature(bytes: Uint8Array): SignedBlock['signatures'][number] {
  const entry = readLoosely(bytes, { 1: 'bytes', 2: 'bytes', 3: 'bytes' }, 'signature');
  const header = entry[1].length > 0 ? { signatureHeader: copy(entry[1]) } : { identifierHeader: copy(entry[3]) };
  return { ...header, signature: copy(entry[2]) };
}

/**
 * DER SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }: what is signed and hashed.
 * Source: Fabric protoutil/blockutils.go, BlockHeaderBytes.
 */
export function headerDer({ number, previousHash, dataHash }: SignedBlock): Uint8Array {
  const digits = number.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  const bytes = Uint8Array.from(even.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const integer = (bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes;
  const content = concat(element(0x02, integer), element(0x04, previousHash), element(0x04, dataHash));
  return element(0x30, content);
}

/** SHA-256 of the header's DER: a block's hash. */
export function blockHash(block: SignedBlock): Uint8Array {
  return sha256(headerDer(block));
}

/** Whether the header's data hash is the one of the joined envelopes. */
export function coversData(block: SignedBlock): boolean {
  const computed = sha256(block.data);
  return computed.every((byte, index) => byte === block.dataHash[index]);
}

/**
 * Who claims to have signed, and the exact bytes: metadata value ‖ the signer's header ‖ header DER.
 * @throws {ProofError} PROTOBUF_MALFORMED, BLOCK_MALFORMED for a signature with both headers or none.
 * Source: Fabric protoutil/blockutils.go, BlockSignatureVerifier.
 */
export function blockSignatures(block: SignedBlock): BlockSignature[] {
  return block.signatures.map(({ signatureHeader, identifierHeader, signature }) => {
    const header = signatureHeader ?? identifierHeader;
    if (header === undefined || (signatureHeader !== undefined && identifierHeader !== undefined)) {
      throw new ProofError('BLOCK_MALFORMED', 'exactly one header is wanted beside a signature');
    }
    const signed = concat(block.value, header, headerDer(block));
    if (signatureHeader === undefined) {
      const consenter = Number(readMessage(header, { 1: 'uint', 2: 'bytes' }, 'identifier header')[1]);
      return { consenter, signed, signature };
    }
    return { identity: readMessage(header, { 1: 'bytes', 2: 'bytes' }, 'signature header')[1], signed, signature };
  });
}

/** Number of the last configuration block, out of the signed value. @throws {ProofError} PROTOBUF_MALFORMED */
export function lastConfigOf(block: SignedBlock): bigint {
  const value = readMessage(block.value, { 1: 'bytes', 2: 'bytes' }, 'metadata value');
  return readMessage(value[1], { 1: 'uint' }, 'last config')[1];
}

/** A DER element with content below 128 bytes: a header's is 81 at most. */
function element(tag: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(tag, content.length), content);
}
