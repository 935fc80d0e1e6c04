import { type HashAlgorithm } from '../../../../domain/digests.js';
import { type EvidenceId, type TxId } from '../../../../domain/ids.js';
import { type FileDigests } from '../../../../proof/verify/file.js';
import { type TransactionAnswer, type Verification } from '../../../../gateway/openapi/types.js';
import { callBlob, callJson, pathOf } from '../../api/client.js';

/** Asks about digests; nothing else travels. @throws {Problem} */
export function askLedger(digests: FileDigests, id: EvidenceId | undefined): Promise<Verification> {
  return callJson<Verification>({
    method: 'POST',
    path: '/v1/verify',
    body: { digests, ...(id === undefined ? {} : { id }) },
  });
}

/** Asks where a transaction stands and which record it made. @throws {Problem} */
export function askTransaction(txId: TxId): Promise<TransactionAnswer> {
  return callJson<TransactionAnswer>({ path: pathOf('transactions', txId) });
}

/** What a receipt about now is asked for: a record by number, or whether a digest is there at all. */
export type ReceiptSubject = { readonly id: EvidenceId } | { readonly alg: HashAlgorithm; readonly digest: string };

/** A receipt about now, which organisations sign for this question. @throws {Problem} */
export async function askReceipt(subject: ReceiptSubject): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await callBlob({
    method: 'POST',
    path: '/v1/receipts',
    body: subject,
    accept: 'application/vnd.yinzheng.receipt+cbor, application/problem+json',
  });
  return new Uint8Array(await blob.arrayBuffer());
}

/** The record that the signed answer is to be about: the one that the verdict rests on. */
export function subjectOf(
  answer: Verification | undefined,
  digests: FileDigests,
  id: EvidenceId | undefined,
): ReceiptSubject | undefined {
  const best = answer?.records.find(({ verdict }) => verdict === answer.verdict)?.id;
  const wanted = id ?? best;
  if (wanted !== undefined) return { id: wanted as EvidenceId };
  const [first] = Object.entries(digests) as [HashAlgorithm, string][];
  return first === undefined ? undefined : { alg: first[0], digest: first[1] };
}
