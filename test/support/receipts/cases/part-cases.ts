import { createHash, randomBytes } from 'node:crypto';
import { peer } from '@hyperledger/fabric-protos';
import { canonicalJson } from '../../../../domain/canonical-json.js';
import { attestationFromEnvelope } from '../../../../proof/fabric/envelope.js';
import { encodeCbor } from '../../../../proof/format/cbor.js';
import { encodeReceipt } from '../../../../proof/format/codec.js';
import { type BatchPart, type Receipt } from '../../../../proof/format/receipt.js';
import { merklePath, merkleRoot } from '../../../../proof/merkle.js';
import { type CaseBook } from '../case.js';
import { keyOf, MSP_IDS } from '../consortium.js';
import { type TrustRoot } from '../../../../proof/trust/trust-root.js';
import { type Call, envelopeOf } from '../messages.js';
import { answerOf, FILE_DIGESTS, recordOf, storedBytes } from '../subjects.js';

const record = recordOf();
const answer = answerOf(record);
const key = keyOf(answer.subject);
const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** One item of five under one root. */
export function addBatchCases(book: CaseBook): void {
  const { consortium } = book;
  const items = Array.from({ length: 5 }, (_, index) => ({
    item: Buffer.from(canonicalJson({ digests: { ...FILE_DIGESTS, 'sha-512': `0${index}`.repeat(64) } })),
    salt: randomBytes(16),
  }));
  const leaves = items.map(({ item, salt }) => sha256(salt, item));
  const { digests: _, ...rest } = answer;
  const attested = {
    ...rest,
    subject: ['batch', `BA${'01'.repeat(16)}`] as const,
    batch: { root: Buffer.from(merkleRoot(leaves)).toString('hex'), size: 5 },
  };
  const call = consortium.call(attested);
  const index = 3;
  const { item, salt } = items[index] ?? { item: Buffer.alloc(0), salt: Buffer.alloc(0) };
  const part: BatchPart = { item, salt, index, size: 5, path: merklePath(leaves, index) };
  const receipt = (more: Partial<BatchPart>) => consortium.receipt(call, undefined, { batch: { ...part, ...more } });
  const [sibling = new Uint8Array(32)] = part.path;
  book.valid('batch', receipt({}), { file: FILE_DIGESTS });
  book.invalid('batch_index_beyond_size', receipt({ index: 5 }), ['batch BATCH_INDEX']);
  book.invalid('batch_size_differs', receipt({ size: 6 }), ['batch BATCH_INDEX']);
  book.invalid('batch_path_too_long', receipt({ path: [...part.path, sibling] }), ['batch BATCH_PATH_LENGTH']);
  book.invalid('batch_path_too_short', receipt({ path: part.path.slice(1) }), ['batch BATCH_PATH_LENGTH']);
  book.invalid('batch_another_index', receipt({ index: 2 }), ['batch BATCH_ROOT']);
  book.invalid('batch_another_salt', receipt({ salt: randomBytes(16) }), ['batch BATCH_ROOT']);
  book.invalid('batch_item_not_canonical', receipt({ item: Buffer.concat([item, Buffer.from(' ')]) }), [
    'batch BATCH_ITEM',
  ]);
  book.invalid('batch_without_path', consortium.receipt(call), ['batch BATCH_PART_MISSING']);
  const single = consortium.receipt(consortium.call(answer), undefined, { batch: part });
  book.invalid('batch_not_attested', single, ['batch BATCH_NOT_ATTESTED']);
}

/** The block of the record, in place 2. */
export function addOrderingCases(book: CaseBook): void {
  const { consortium } = book;
  const { channel, creator } = consortium;
  const write = { reads: [], writes: [{ key, value: storedBytes(record) }] };
  const envelope = (more: object) => {
    const call = consortium.call(answer, { ...write, ...more });
    return { call, bytes: envelopeOf(call, consortium.peers(2), creator) };
  };
  const filler = envelope({ writes: [{ key: 'x', value: Buffer.of(1) }] }).bytes;
  const real = envelope({}).bytes;
  const envelopes = [filler, filler, real];
  const attested = consortium.call(answer);
  const receipt = (ordering: Receipt['ordering']) =>
    consortium.receipt(attested, undefined, { ordering: ordering as never });
  const block = consortium.block(envelopes);
  book.valid('ordering', receipt(block));
  book.invalid('truncated_quorum', receipt(consortium.block(envelopes, 7, 2)), ['ordering BLOCK_QUORUM']);
  addOrdererCases(book, receipt, envelopes);
  const [first] = block.signatures;
  book.invalid('one_consenter_thrice', receipt({ ...block, signatures: first ? [first, first, first] : [] }), [
    'ordering BLOCK_QUORUM',
  ]);
  book.invalid('another_block', receipt(consortium.block(envelopes, 8)), ['ordering BLOCK_NUMBER']);
  book.invalid('cross_linked_block', receipt({ ...block, data: consortium.block([real]).data }), [
    'ordering BLOCK_DATA_HASH',
  ]);
  // The ghost was never ordered: it hides in an argument of the one envelope that was.
  const carrier = envelope({ writes: [{ key: 'x', value: Buffer.of(1) }], args: ['evidence:register', real] }).bytes;
  book.invalid('ghost_envelope', receipt(consortium.block([carrier])), ['ordering ENVELOPE_MISSING']);
  const split = consortium.block([filler, filler, real.subarray(0, -1)]);
  book.invalid('envelope_cut_short', receipt(split), ['ordering ENVELOPE_MALFORMED']);
  book.invalid('transaction_without_the_write', receipt(consortium.block([filler, real, filler])), [
    'ordering ENVELOPE_WRITE',
  ]);
  const foreign = envelope({ channel: `${channel}2` }).bytes;
  book.invalid('transaction_of_another_channel', receipt(consortium.block([filler, filler, foreign])), [
    'ordering ENVELOPE_WRITE',
  ]);
  addAuditCases(book, envelope({}), filler);
}

/** Who signed the block: consenters of its time, or the one orderer of a network on one machine. */
function addOrdererCases(
  book: CaseBook,
  receipt: (ordering: Receipt['ordering']) => Receipt,
  envelopes: readonly Uint8Array[],
): void {
  const { consortium } = book;
  const [epoch] = consortium.trust.epochs;
  if (epoch === undefined) throw new Error('an epoch is wanted');
  const four = consortium.block(envelopes, 7, 4);
  book.valid('ordering_four_signatures', receipt(four));
  const changed = four.signatures.map((each, index) =>
    index === 3 ? { ...each, signature: four.signatures[2]?.signature ?? each.signature } : each,
  );
  book.invalid('block_signature_changed', receipt({ ...four, signatures: changed }), ['ordering BLOCK_SIGNATURE']);
  const renewed = MSP_IDS.map((mspId, at) => {
    return { id: at + 1, mspId, certificate: consortium.organisation(mspId).peer.pem };
  });
  const rotatedAt = (configBlock: number): TrustRoot => ({
    ...consortium.trust,
    epochs: [
      epoch,
      {
        ...epoch,
        ...{ configBlock, sequence: 1, from: '2026-07-01T00:00:00.000Z' },
        ordering: { rule: 'quorum', quorum: 3, consenters: renewed },
      },
    ],
  });
  book.valid('ordering_before_orderers_changed', receipt(four), {}, rotatedAt(8));
  book.invalid('ordering_by_orderers_of_before', receipt(four), ['ordering BLOCK_QUORUM'], { trust: rotatedAt(6) });
  const mspIds = epoch.ordererOrganisations.map(({ mspId }) => mspId);
  const single = { ...consortium.trust, epochs: [{ ...epoch, ordering: { rule: 'any', role: 'orderer', mspIds } }] };
  const oneMachine = single as TrustRoot;
  const { orderer, clerk } = consortium.organisation('ZhejiangMSP');
  book.valid('ordering_one_machine', receipt(consortium.blockBy(orderer, envelopes)), {}, oneMachine);
  book.invalid('ordering_by_a_clerk', receipt(consortium.blockBy(clerk, envelopes)), ['ordering BLOCK_QUORUM'], {
    trust: oneMachine,
  });
}

function addAuditCases(book: CaseBook, written: { call: Call; bytes: Uint8Array }, filler: Uint8Array): void {
  const { consortium } = book;
  const answered = (bytes: Uint8Array, code: number) => {
    const processed = new peer.ProcessedTransaction();
    processed.setTransactionenvelope(
      peer.ProcessedTransaction.deserializeBinary(envelopeField(bytes)).getTransactionenvelope(),
    );
    processed.setValidationcode(code);
    return processed.serializeBinary();
  };
  const audit = (payload: Uint8Array, args: readonly string[], endorsers = consortium.peers(3)): Receipt => {
    const wish = { chaincode: 'qscc', version: 'syscc', args, payload, reads: [] };
    const call = consortium.call(answer, wish);
    const { attestation } = attestationFromEnvelope(envelopeOf(call, endorsers, consortium.creator));
    return consortium.receipt(consortium.call(answer), undefined, { audit: attestation });
  };
  const { txId } = written.call;
  const args = ['GetTransactionByID', consortium.channel, txId];
  book.valid('audit', audit(answered(written.bytes, 0), args));
  book.invalid('audit_mvcc_loser', audit(answered(written.bytes, 11), args), ['audit AUDIT_CODE']);
  book.invalid('audit_another_transaction', audit(answered(filler, 0), args), ['audit AUDIT_TRANSACTION']);
  book.invalid('audit_another_call', audit(answered(written.bytes, 0), ['GetBlockByTxID', ...args.slice(1)]), [
    'audit AUDIT_CALL',
  ]);
  book.invalid('audit_two_organisations', audit(answered(written.bytes, 0), args, consortium.peers(2)), [
    'audit ORGANISATIONS_TOO_FEW',
  ]);
}

/** An envelope as field 1 of another message. */
function envelopeField(bytes: Uint8Array): Uint8Array {
  const head: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    head.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.of(0x0a, ...head), bytes]);
}

/** Bytes that are no receipt. */
export function addFormatCases(book: CaseBook): void {
  const { consortium } = book;
  const good = encodeReceipt(consortium.receipt(consortium.call(answer)));
  const broken = (name: string, bytes: Uint8Array, code: string) => {
    book.invalid(name, bytes, [`format ${code}`]);
  };
  const head = (good[0] ?? 0) + 1;
  broken('duplicate_map_keys', Buffer.concat([Buffer.of(head, 0x00, 0x01), good.subarray(1)]), 'CBOR_MALFORMED');
  broken('unsorted_map_keys', encodeUnsorted(), 'CBOR_MALFORMED');
  broken('bytes_behind', Buffer.concat([good, Buffer.of(0)]), 'CBOR_MALFORMED');
  broken('cut_short', good.subarray(0, -1), 'CBOR_MALFORMED');
  broken('empty', Buffer.alloc(0), 'CBOR_MALFORMED');
  broken(
    'unknown_critical_field',
    Buffer.concat([Buffer.of(head), good.subarray(1), Buffer.of(0x18, 0x7f, 0x01)]),
    'RECEIPT_CRITICAL_FIELD',
  );
  broken('version_2', Buffer.concat([good.subarray(0, 2), Buffer.of(2), good.subarray(3)]), 'RECEIPT_VERSION');
  broken('not_a_map', encodeCbor([1, 2]), 'RECEIPT_MALFORMED');
  broken('missing_members', encodeCbor(new Map([[0, 1]])), 'RECEIPT_MALFORMED');
  broken('compact_not_deflated', Buffer.of(1, 0xff, 0xff, 0xff), 'RECEIPT_MALFORMED');
}

function encodeUnsorted(): Uint8Array {
  return Buffer.from('a20100' + '0001', 'hex');
}
