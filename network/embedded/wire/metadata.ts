import { type Block, type BlockHeader, headerBytes } from './block.js';
import { type SignatureHeader, readSignatureHeader } from './envelope.js';
import { Fields } from './protobuf-reader.js';
import { Writer } from './protobuf-writer.js';
import { readingPart } from './wire-error.js';

/** Positions in `Block.metadata` (common.BlockMetadataIndex). Position 3, ORDERER, is empty since Fabric 1.4.1. */
export const METADATA = { signatures: 0, lastConfig: 1, transactionsFilter: 2, orderer: 3, commitHash: 4 } as const;

/** common.IdentifierHeader: a BFT consenter names itself by its number in the channel configuration. */
export interface IdentifierHeader {
  readonly identifier: number;
  readonly nonce: Uint8Array;
}

/** One orderer's signature over a block; the signer is named by `creator` bytes or by a consenter's number. */
export interface BlockSignature {
  readonly signer: SignatureHeader | IdentifierHeader;
  readonly signature: Uint8Array;
  /** The exact bytes that are signed: metadata value, the signer's header, and the DER block header. */
  readonly signedBytes: Uint8Array;
}

/** The SIGNATURES entry: common.Metadata around common.OrdererBlockMetadata. */
export interface OrdererMetadata {
  readonly lastConfig: bigint;
  readonly consenterMetadata: Uint8Array;
  readonly signatures: readonly BlockSignature[];
}

/**
 * Reads who signed a block and what. Signatures are not verified here. @throws {WireError} BAD_METADATA
 * Source: protoutil/blockutils.go, BlockSignatureVerifier.
 */
export function readOrdererMetadata(block: Block): OrdererMetadata {
  return readingPart('BAD_METADATA', () => {
    const metadata = new Fields(block.metadata[METADATA.signatures] ?? new Uint8Array(0));
    const value = metadata.bytes(1);
    const fields = new Fields(value);
    const lastConfig = new Fields(fields.message(1) ?? new Uint8Array(0)).uint64(1);
    const signatures = metadata.allBytes(2).map((bytes) => readBlockSignature(bytes, value, block));
    return { lastConfig, consenterMetadata: fields.bytes(2), signatures };
  });
}

/** Bytes of common.OrdererBlockMetadata, the value that orderers sign. */
export function encodeOrdererValue(lastConfig: bigint, consenterMetadata: Uint8Array): Uint8Array {
  return new Writer().message(1, new Writer().field(1, lastConfig).bytes()).field(2, consenterMetadata).bytes();
}

/** What an orderer signs: the value, its own signature header's bytes, and the block header in DER. */
export function ordererSignedBytes(value: Uint8Array, signatureHeader: Uint8Array, header: BlockHeader): Uint8Array {
  return Buffer.concat([value, signatureHeader, headerBytes(header)]);
}

/** The SIGNATURES entry with signatures by SignatureHeader bytes. */
export function encodeOrdererMetadata(
  value: Uint8Array,
  signatures: readonly { readonly signatureHeader: Uint8Array; readonly signature: Uint8Array }[],
): Uint8Array {
  const encoded = signatures.map(({ signatureHeader, signature }) =>
    new Writer().field(1, signatureHeader).field(2, signature).bytes(),
  );
  return new Writer().field(1, value).messages(2, encoded).bytes();
}

/** The LAST_CONFIG entry: common.Metadata around common.LastConfig. */
export function encodeLastConfig(index: bigint): Uint8Array {
  return new Writer().field(1, new Writer().field(1, index).bytes()).bytes();
}

/** Validation codes of the transactions (peer.TxValidationCode), one a byte; empty until a peer has judged. */
export function readTransactionsFilter(block: Block): number[] {
  return [...(block.metadata[METADATA.transactionsFilter] ?? [])];
}

/** The commit hash of a block, 32 bytes, or empty in block 0. @throws {WireError} BAD_METADATA */
export function readCommitHash(block: Block): Uint8Array {
  return readingPart('BAD_METADATA', () =>
    new Fields(block.metadata[METADATA.commitHash] ?? new Uint8Array(0)).bytes(1),
  );
}

/**
 * The block with the two entries that peers add. `commitHash` is empty for block 0, whose entry stays empty
 * (core/ledger/kvledger/kv_ledger.go, addBlockCommitHash).
 */
export function withVerdicts(block: Block, codes: readonly number[], commitHash: Uint8Array): Block {
  const metadata = [...block.metadata];
  metadata[METADATA.transactionsFilter] = Uint8Array.from(codes);
  metadata[METADATA.commitHash] = new Writer().field(1, commitHash).bytes();
  return { ...block, metadata };
}

function readBlockSignature(bytes: Uint8Array, value: Uint8Array, block: BlockHeader): BlockSignature {
  const fields = new Fields(bytes);
  const signatureHeader = fields.bytes(1);
  const identifierHeader = fields.bytes(3);
  // An identifier counts only when there is no signature header, as in Fabric.
  const byNumber = signatureHeader.length === 0 && identifierHeader.length > 0;
  const header = byNumber ? identifierHeader : signatureHeader;
  return {
    signer: byNumber ? readIdentifierHeader(header) : readSignatureHeader(header),
    signature: fields.bytes(2),
    signedBytes: ordererSignedBytes(value, header, block),
  };
}

function readIdentifierHeader(bytes: Uint8Array): IdentifierHeader {
  const fields = new Fields(bytes);
  return { identifier: fields.uint32(1), nonce: fields.bytes(2) };
}
