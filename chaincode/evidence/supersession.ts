import { type EvidenceId, type TxId } from '../../domain/ids.js';

/**
 * Whether a record was corrected, and by which. Written with the record, without a successor, so that its key carries
 * the owner's policy from the first block; a key that does not exist yet could not.
 */
export interface Supersession {
  readonly schema: 'supersession/1';
  readonly evidenceId: EvidenceId;
  readonly successor?: EvidenceId;
  /** Of the transaction that named the successor. */
  readonly txId?: TxId;
  readonly txTime?: string;
}
