import { type AttestedRecord } from '../../domain/attestation.js';
import { type Batch, type BatchEvent, BATCH_EVENT_KIND, type RegisterBatchRequest } from '../../domain/batch.js';
import { parseDigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type Heartbeat } from '../../domain/heartbeat.js';
import { type EvidenceId } from '../../domain/ids.js';
import { merkleRoot } from '../../proof/merkle.js';
import { type TxFacts } from '../ledger-context.js';
import { digestOfStored } from './proof-rules.js';
import { checkClaimedAt } from './record-rules.js';

/** How far a stream has come. One key a stream: whoever writes it writes one batch after the other anyway. */
export interface StreamHead {
  readonly schema: 'stream/1';
  /** The least sequence number that the next batch may begin with. */
  readonly next: number;
  /** The newest batch. */
  readonly batch: EvidenceId;
}

/** Pure. What a batch request says once its leaves are folded into their root: all that is kept of them. */
export function foldLeaves({ leaves, ...rest }: RegisterBatchRequest): Omit<RegisterBatchRequest, 'leaves'> & {
  readonly root: Batch['root'];
  readonly size: number;
} {
  const root = Buffer.from(merkleRoot(leaves.map((leaf) => Buffer.from(leaf, 'hex')))).toString('hex');
  return { ...rest, root: parseDigestHex('sha-256', root), size: leaves.length };
}

/**
 * Pure. The batch that a request makes. Numbers between the stream's last item and this batch are its gap, for good.
 * @param head of the batch's stream, `undefined` for the first batch of one or for none.
 * @throws STREAM_SEQUENCE where the stream has come to `first` already; REQUEST_MALFORMED where the files are said to
 * come from the future
 */
export function makeBatch(
  folded: ReturnType<typeof foldLeaves>,
  head: StreamHead | undefined,
  id: EvidenceId,
  { actor, txId, txTime }: TxFacts,
): Batch {
  checkClaimedAt(folded.claimedAt, txTime);
  const first = folded.stream?.first;
  const next = head?.next ?? 1;
  if (first !== undefined && first < next) throw new DomainError('STREAM_SEQUENCE', { next });
  const gap = first === undefined || first === next ? undefined : { from: next, to: first - 1 };
  return { schema: 'batch/1', id, submitter: actor, txId, txTime, ...folded, ...optional('gap', gap) };
}

/** Pure. The stream's head after a batch. */
export function headAfter({ id, size }: Batch, first: number): StreamHead {
  return { schema: 'stream/1', next: first + size, batch: id };
}

/** Pure. What is told about a new batch. */
export function batchEvent({ id, submitter, txTime, kind, root, size }: Batch): BatchEvent {
  return { kind: BATCH_EVENT_KIND, evidenceId: id, actor: submitter, txTime, evidenceKind: kind, root, size };
}

/** Pure. What organisations sign about a batch. */
export function attestBatch(batch: Batch, heartbeat: Heartbeat | undefined): AttestedRecord {
  return {
    schema: 'attestation/1',
    subject: ['batch', batch.id],
    ...optional('heartbeat', heartbeat?.txTime),
    found: true,
    record: digestOfStored(batch),
    recordedAt: batch.txTime,
    standing: 'MATCH',
    batch: { root: batch.root, size: batch.size },
  };
}
