import { type Wording } from '../../../../domain/wording.js';
import { type DigestMap, type HashAlgorithm } from '../../../../domain/digests.js';
import { type EvidenceKind, type Interest } from '../../../../domain/evidence.js';
import { type EvidenceId, type TxId } from '../../../../domain/ids.js';
import { type ObjectionDecision, type ObjectionGround } from '../../../../domain/objection.js';
import { type Statements } from '../../../../domain/statements.js';
import { type Verdict } from '../../../../domain/verdict.js';
import { type FileDigests } from '../../../../proof/verify/file.js';
import { type TransactionAnswer } from '../../../../gateway/openapi/types.js';
import { callBlob, callJson, pathOf } from '../../api/client.js';

/** A unit, without the person's post. */
export interface Party {
  readonly mspId: string;
  readonly unit: string;
  readonly region: string;
  readonly role: string;
}

/** A record as anyone may see it (`/v1/verify`). */
export interface LedgerRecord {
  readonly id: EvidenceId;
  readonly verdict: Verdict;
  readonly wording: Wording;
  readonly registeredBy: Party;
  readonly txId: string;
  readonly blockNumber: number | null;
  readonly txIndex: number | null;
  readonly txTime: string;
  readonly claimedAt: string;
  readonly kind: EvidenceKind;
  readonly digests: DigestMap;
  readonly interest: Interest;
  readonly statements: Statements;
  readonly supersedes?: EvidenceId;
  readonly supersededBy?: EvidenceId;
  readonly objections: readonly LedgerObjection[];
}

/** An objection as anyone may see it. */
export interface LedgerObjection {
  readonly id: string;
  readonly ground: ObjectionGround;
  readonly objector: Party;
  readonly txTime: string;
  readonly decision?: { readonly decision: ObjectionDecision; readonly court: Party; readonly txTime: string };
}

/** What the ledger answers about digests. */
export interface LedgerAnswer {
  readonly verdict: Verdict;
  readonly wording: Wording;
  readonly records: readonly LedgerRecord[];
  readonly complete: boolean;
}

/** Asks about digests; nothing else travels. @throws {Problem} */
export function askLedger(digests: FileDigests, id: EvidenceId | undefined): Promise<LedgerAnswer> {
  return callJson<LedgerAnswer>({
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
  answer: LedgerAnswer | undefined,
  digests: FileDigests,
  id: EvidenceId | undefined,
): ReceiptSubject | undefined {
  const best = answer?.records.find(({ verdict }) => verdict === answer.verdict)?.id;
  const wanted = id ?? best;
  if (wanted !== undefined) return { id: wanted };
  const [first] = Object.entries(digests) as [HashAlgorithm, string][];
  return first === undefined ? undefined : { alg: first[0], digest: first[1] };
}
