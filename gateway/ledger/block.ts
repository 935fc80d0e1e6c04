import { createHash } from 'node:crypto';

import { common, peer } from '@hyperledger/fabric-protos';

import { type LedgerConfiguration, readConfiguration } from './configuration.js';
import { type LedgerTransaction, readTransaction } from './transaction.js';

/**
 * A block as a peer delivers it, read once. Hashes are lower-case hex. Signatures are not checked here: the gateway
 * trusts its own organisation's peer, and whoever does not takes a receipt and verifies that.
 */
export interface LedgerBlock {
  readonly number: number;
  /** SHA-256 of the header's DER, which the next block's `previousHash` repeats. */
  readonly hash: string;
  readonly previousHash: string;
  /** SHA-256 of the joined envelopes as the header states it. */
  readonly dataHash: string;
  /** The same as computed from the envelopes at hand; equal, or the block was altered. */
  readonly contentHash: string;
  readonly transactions: readonly LedgerTransaction[];
  /** What a configuration block sets; absent in all other blocks. */
  readonly configuration?: LedgerConfiguration;
}

/**
 * @throws {Error} where the block has no header: no peer sends that. A transaction that cannot be read is kept as
 * `unreadable`, because peers keep it too, marked invalid.
 */
export function readBlock(block: common.Block): LedgerBlock {
  const header = block.getHeader();
  if (header === undefined) throw new Error('a block without a header');
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const flags = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const transactions = envelopes.map((envelope, index) => readTransaction(envelope, index, codeName(flags?.[index])));
  const configuration = transactions[0]?.code === 'VALID' ? readConfiguration(envelopes) : undefined;
  return {
    number: header.getNumber(),
    hash: hashHeader(header),
    previousHash: hex(header.getPreviousHash_asU8()),
    dataHash: hex(header.getDataHash_asU8()),
    contentHash: hashAll(envelopes),
    transactions,
    ...(configuration === undefined ? {} : { configuration }),
  };
}

const CODE_NAMES = new Map<number, string>(Object.entries(peer.TxValidationCode).map(([name, code]) => [code, name]));

/** Name of a peer's validation code, `NOT_VALIDATED` where the peer has set none. */
export function codeName(code: number | undefined): string {
  return CODE_NAMES.get(code ?? peer.TxValidationCode.NOT_VALIDATED) ?? 'INVALID_OTHER_REASON';
}

/** SHA-256 of SEQUENCE { INTEGER number, OCTET STRING previous, OCTET STRING data } (protoutil/blockutils.go). */
function hashHeader(header: common.BlockHeader): string {
  const body = Buffer.concat([
    derValue(0x02, integerBytes(header.getNumber())),
    derValue(0x04, header.getPreviousHash_asU8()),
    derValue(0x04, header.getDataHash_asU8()),
  ]);
  return createHash('sha256').update(derValue(0x30, body)).digest('hex');
}

/** All parts are far below 128 bytes, so DER's short length is enough. */
function derValue(tag: number, contents: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag, contents.length), contents]);
}

function integerBytes(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function hashAll(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
