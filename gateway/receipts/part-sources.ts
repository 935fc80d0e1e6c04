import { DomainError } from '../../domain/errors.js';
import { readSignedBlock } from '../../proof/fabric/block.js';
import { attestationBytes } from '../../proof/format/codec.js';
import { type LedgerPlace } from '../audit/query.js';
import { type Attestation, type Attester } from '../ledger/attestation.js';
import { type RawBlocks } from '../ledger/deliver.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';
import { attestationOf, type ReceiptParts } from './build.js';
import { requestTimestamp } from './timestamp.js';

/** Parts of receipts beside the attestation. */
export interface PartSources {
  /** What every receipt of this gateway has: a time-stamp where an authority is configured. @throws UNVERIFIABLE_NOW */
  common(signed: Attestation): Promise<ReceiptParts>;
  /** What auditors look at: the transaction's validation code under signatures, and its block. @throws UNVERIFIABLE_NOW */
  audit(txId: string): Promise<ReceiptParts>;
}

/** Where the parts come from. */
export interface PartSourcesOptions {
  readonly attester: Attester;
  readonly blocks: RawBlocks;
  readonly user: string;
  readonly channel: string;
  readonly placeOf: (txId: string) => LedgerPlace | undefined;
  /** Address of an RFC 3161 authority. */
  readonly timestampUrl?: string;
}

/** The real sources: peers, through `qscc` and the block stream, and the authority. */
export function createPartSources(options: PartSourcesOptions): PartSources {
  const { attester, blocks, user, channel, placeOf, timestampUrl } = options;
  return {
    async common(signed) {
      if (timestampUrl === undefined) return {};
      return { timestamp: await requestTimestamp(timestampUrl, attestationBytes(attestationOf(signed))) };
    },
    async audit(txId) {
      const place = placeOf(txId);
      if (place === undefined) {
        throw new DomainError('UNVERIFIABLE_NOW', { wanted: 'an indexed transaction', retryAfter: RETRY_AFTER_S });
      }
      const call = { user, chaincode: 'qscc', transaction: 'GetTransactionByID', args: [channel, txId] };
      const [audit, block] = await Promise.all([attester.attest(call), blocks.block(place.blockNumber)]);
      return { audit, ordering: readSignedBlock(block) };
    },
  };
}
