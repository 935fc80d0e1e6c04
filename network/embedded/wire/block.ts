import { createHash } from 'node:crypto';

import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { readingPart, WireError } from './wire-error.js';

/** Entries of a block's metadata, in the order of common.BlockMetadataIndex. */
const METADATA_COUNT = 5;

/** The signed part of a block. `dataHash` is SHA-256 of the joined envelopes; both hashes are 32 bytes, or empty. */
export interface BlockHeader {
  readonly number: bigint;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}

/**
 * A common.Block. `envelopes` are common.Envelope bytes; `metadata` has the five entries of common.BlockMetadataIndex
 * (signatures, last config, transactions filter, orderer, commit hash), each empty when nobody has set it.
 */
export interface Block extends BlockHeader {
  readonly envelopes: readonly Uint8Array[];
  readonly metadata: readonly Uint8Array[];
}

/**
 * Reads common.Block; missing metadata entries become empty ones (protoutil/blockutils.go, InitBlockMetadata).
 * The hashes are not checked here. @throws {WireError} BAD_BLOCK
 */
export function readBlock(bytes: Uint8Array): Block {
  return readingPart('BAD_BLOCK', () => {
    const block = new Fields(bytes);
    const headerBytes = block.message(1);
    if (headerBytes === undefined) throw new WireError('BAD_BLOCK', 'no header');
    const header = new Fields(headerBytes);
    const metadata = new Fields(block.bytes(3)).allBytes(1);
    while (metadata.length < METADATA_COUNT) metadata.push(new Uint8Array(0));
    return {
      number: header.uint64(1),
      previousHash: header.bytes(2),
      dataHash: header.bytes(3),
      envelopes: new Fields(block.message(2) ?? new Uint8Array(0)).allBytes(1),
      metadata,
    };
  });
}

/** Bytes of common.Block as Go marshals them. */
export function encodeBlock(block: Block): Uint8Array {
  return new Writer()
    .message(1, new Writer().field(1, block.number).field(2, block.previousHash).field(3, block.dataHash).bytes())
    .message(2, new Writer().messages(1, block.envelopes).bytes())
    .message(3, new Writer().messages(1, block.metadata).bytes())
    .bytes();
}

/** SHA-256 over the joined envelopes (protoutil/blockutils.go, ComputeBlockDataHash). */
export function dataHash(envelopes: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  return hash.digest();
}

/**
 * DER SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }: what orderers sign and what the
 * next block's `previousHash` is taken over (protoutil/blockutils.go, BlockHeaderBytes).
 */
export function headerBytes(header: BlockHeader): Uint8Array {
  const hex = header.number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  // DER integers are signed: a leading bit of one would read as a negative number.
  const integer = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
  return der(0x30, Buffer.concat([der(0x02, integer), der(0x04, header.previousHash), der(0x04, header.dataHash)]));
}

/** SHA-256 of `headerBytes`: the block's hash. */
export function blockHash(header: BlockHeader): Uint8Array {
  return createHash('sha256').update(headerBytes(header)).digest();
}

function der(tag: number, content: Uint8Array): Uint8Array {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}
