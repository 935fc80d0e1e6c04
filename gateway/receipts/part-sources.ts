import { DomainError } from '../../domain/errors.js';
import { readSignedBlock } from '../../proof/fabric/block.js';
import { attestationBytes } from '../../proof/format/codec.js';
import { type LedgerPlace } from '../audit/event-filter.js';
import { type Attestation, type Attester } from '../ledger/attestation.js';
import { type RawBlocks } from '../ledger/deliver.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';
import { attestationOf, type ReceiptParts } from './build.js';
import { type Sealer } from './sealer.js';
import { requestTimestamp, type Stamper } from './timestamp.js';

/** Parts of receipts beside the attestation. */
export interface PartSources {
  /**
   * What every receipt of this gateway has: a time-stamp where an authority is configured, a seal where a key is.
   * @throws UNVERIFIABLE_NOW, INVALID_TIMESTAMP
   */
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
  /** An RFC 3161 authority. */
  readonly stamper?: Stamper;
  readonly sealer?: Sealer;
}

/** The real sources: peers, through `qscc` and the block stream, and the authority. */
export function createPartSources(options: PartSourcesOptions): PartSources {
  const { attester, blocks, user, channel, placeOf, stamper, sealer } = options;
  return {
    async common(signed) {
      const attestation = attestationOf(signed);
      return {
        ...(stamper && { timestamp: await requestTimestamp(stamper, attestationBytes(attestation)) }),
        ...(sealer && { seal: sealer.seal(attestation), sealedBy: sealer.identity }),
      };
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
