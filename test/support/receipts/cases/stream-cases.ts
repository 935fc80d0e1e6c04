import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson } from '../../../../domain/canonical-json.js';
import { type Gap } from '../../../../domain/batch.js';
import { type Receipt } from '../../../../proof/format/receipt.js';
import { merklePath, merkleRoot } from '../../../../proof/merkle.js';
import { type CaseBook } from '../case.js';
import { answerOf, FILE_DIGESTS, recordOf } from '../subjects.js';

const STREAM = '0b8f6c1e-5a1d-4b7e-9f65-2d9f0f3f7a10';
const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** What a batch's record says besides, and what its items claim. */
interface Wish {
  readonly first?: number;
  readonly gap?: Gap;
  /** Number that the second item claims; `first + 1` unless told. */
  readonly claims?: number;
  /** What stands in the record instead of a stream. */
  readonly stream?: unknown;
  readonly without?: 'record' | 'stream';
}

/** The second of three items of a batch in a stream. */
export function addStreamCases(book: CaseBook): void {
  const receipt = (wish: Wish): Receipt => batchReceipt(book, wish);
  const file = FILE_DIGESTS;
  const gap = (from: number, to: number): Gap => ({ from, to });
  book.valid('stream', receipt({ first: 411 }), { file });
  book.valid('stream_gap', receipt({ first: 413, gap: gap(412, 412) }), { file }, undefined, ['stream VALID GAP']);
  book.valid('stream_gap_of_many', receipt({ first: 500, gap: gap(1, 499) }), { file }, undefined, [
    'stream VALID GAP',
  ]);
  book.valid('stream_without_its_record', receipt({ first: 413, without: 'record' }), {}, undefined, [
    'stream SKIPPED STREAM_UNKNOWN',
  ]);
  const fails = (name: string, wish: Wish, code: string) => {
    book.invalid(name, receipt(wish), [`stream ${code}`]);
  };
  fails('stream_item_of_another_number', { first: 413, gap: gap(412, 412), claims: 412 }, 'ITEM_SEQUENCE');
  fails('stream_item_without_a_stream', { without: 'stream', claims: 412 }, 'ITEM_SEQUENCE');
  fails('stream_gap_that_does_not_end_at_it', { first: 413, gap: gap(410, 411) }, 'STREAM_MALFORMED');
  fails('stream_without_a_number', { stream: { id: STREAM }, claims: 414 }, 'STREAM_MALFORMED');
  const changed = receipt({ first: 413, gap: gap(412, 412) });
  const forged = Buffer.from(
    Buffer.from(changed.record ?? [])
      .toString()
      .replace('"from":412', '"from":411'),
  );
  book.invalid('stream_gap_changed', { ...changed, record: forged }, ['record RECORD_HASH']);
}

function batchReceipt({ consortium }: CaseBook, wish: Wish): Receipt {
  const { first = 1, gap, claims = first + 1, without } = wish;
  const items = [0, 1, 2].map((index) => ({
    item: Buffer.from(canonicalJson({ digests: FILE_DIGESTS, sequence: index === 1 ? claims : first + index })),
    salt: randomBytes(16),
  }));
  const leaves = items.map(({ item, salt }) => sha256(salt, item));
  const root = Buffer.from(merkleRoot(leaves)).toString('hex');
  const { submitter, txId, txTime, kind, claimedAt, statements, interest, requestId } = recordOf();
  const id = `EV${'01'.repeat(16)}`;
  const stream = wish.stream ?? { id: STREAM, first };
  const record = Buffer.from(
    canonicalJson({
      ...{ schema: 'batch/1', id, submitter, txId, txTime, kind, claimedAt, statements, interest, requestId },
      ...{ root, size: 3 },
      ...(without !== 'stream' && { stream }),
      ...(gap && { gap: { ...gap } }),
    }),
  );
  const { digests: _, ...answer } = answerOf(recordOf());
  const attested = { subject: ['batch', id] as const, record: sha256(record).toString('hex') };
  const call = consortium.call({ ...answer, ...attested, batch: { root, size: 3 } });
  const { item, salt } = items[1] ?? { item: Buffer.alloc(0), salt: Buffer.alloc(0) };
  const batch = { item, salt, index: 1, size: 3, path: merklePath(leaves, 1) };
  return consortium.receipt(call, undefined, { batch, ...(without !== 'record' && { record }) });
}
