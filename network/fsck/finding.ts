/** Everything that the checker can find wrong; one code for each kind of fault. Codes are added, never renamed. */
export const FINDING_CODES = [
  'RECORD_BROKEN',
  'RECORD_TORN',
  'BLOCK_UNREADABLE',
  'BLOCK_NUMBER',
  'PREVIOUS_HASH',
  'DATA_HASH',
  'ORDERER_SIGNATURE',
  'LAST_CONFIG',
  'VALIDATION_CODE',
  'COMMIT_HASH',
  'CHAIN_EMPTY',
  'PEERS_DISAGREE',
  'INDEX_BLOCK',
  'INDEX_TRANSACTION',
  'INDEX_STATE',
  'INDEX_HISTORY',
  'INDEX_PRIVATE_HASH',
  'INDEX_PRIVATE_VALUE',
  'INDEX_SAVEPOINT',
  'INDEX_UNREADABLE',
  'PRIVATE_SET',
  'PRIVATE_LOST',
  'PRIVATE_PURGED',
  'PRIVATE_EXPIRED',
  'PRIVATE_UNREADABLE',
] as const;

/** One of {@link FINDING_CODES}. */
export type FindingCode = (typeof FINDING_CODES)[number];

/** One fault, and where it lies. */
export interface Finding {
  readonly code: FindingCode;
  /** The peer whose folder holds it, such as `peer0.org1.example.com`. */
  readonly peer: string;
  /** Decimal. */
  readonly block?: string;
  /** Counts from 0 within the block. */
  readonly transaction?: number;
  /** The file, relative to the data folder. */
  readonly file: string;
  /** The first bad byte range of the file, `to` exclusive; absent in a database, which has no ranges to name. */
  readonly from?: number;
  readonly to?: number;
  readonly detail: string;
}

/** A fault in a chain: it ends the replay of that chain, because nothing behind it can be trusted. */
export class ChainFault extends Error {
  override readonly name = 'ChainFault';
  readonly code: FindingCode;
  readonly from: number;
  readonly to: number;
  readonly transaction: number | undefined;

  constructor(
    code: FindingCode,
    range: { readonly from: number; readonly to: number },
    detail: string,
    transaction?: number,
  ) {
    super(detail);
    this.code = code;
    this.from = range.from;
    this.to = range.to;
    this.transaction = transaction;
  }
}
