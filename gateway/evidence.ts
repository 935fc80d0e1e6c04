import {
  type Access,
  type AccessRequest,
  type AnswerTransferRequest,
  type HandOverRequest,
  type Transfer,
} from '../domain/custody.js';
import { type Batch, type BatchResult } from '../domain/batch.js';
import { type DigestHex, type HashAlgorithm } from '../domain/digests.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { type EvidenceView, type FindResult, type GetResult } from '../domain/evidence-view.js';
import { type Evidence, type RegisterRequest, type SupersedeRequest } from '../domain/evidence.js';
import { type EvidenceId } from '../domain/ids.js';
import { type Decision, type DecideRequest, type Objection, type ObjectRequest } from '../domain/objection.js';
import { type Ledger, type Written } from './ledger/port.js';

/** The evidence contract's writes: what each takes and what it stores. */
export interface EvidenceWrites {
  readonly register: { readonly request: RegisterRequest; readonly stored: Evidence };
  readonly supersede: { readonly request: SupersedeRequest; readonly stored: Evidence };
  readonly object: { readonly request: ObjectRequest; readonly stored: Objection };
  readonly decideObjection: { readonly request: DecideRequest; readonly stored: Decision };
  readonly handOver: { readonly request: HandOverRequest; readonly stored: Transfer };
  readonly answerTransfer: { readonly request: AnswerTransferRequest; readonly stored: Transfer };
  readonly recordAccess: { readonly request: AccessRequest; readonly stored: Access };
}

/** Name of a write of the evidence contract. */
export type EvidenceWrite = keyof EvidenceWrites;

/** What was stored, and where on the chain that happened. */
export type Stored<Value> = Omit<Written, 'result'> & { readonly value: Value };

/** Pages of `find` that one question reads at most. */
const FIND_PAGES_MAX = 10;

/** Submits one write as its caller. @throws as {@link Ledger.submit} */
export async function writeEvidence<Name extends EvidenceWrite>(
  ledger: Ledger,
  user: string,
  name: Name,
  request: EvidenceWrites[Name]['request'],
): Promise<Stored<EvidenceWrites[Name]['stored']>> {
  const { result, ...written } = await ledger.submit({
    user,
    transaction: `evidence:${name}`,
    args: [canonicalJson(request)],
    writtenBy: (text) => writerOf(name, text),
  });
  return { ...written, value: JSON.parse(result) as EvidenceWrites[Name]['stored'] };
}

/** A hand-over keeps both of its transactions; all else has one. */
function writerOf(name: EvidenceWrite, text: string): string | undefined {
  const { txId, answerTxId } = JSON.parse(text) as { readonly txId?: string; readonly answerTxId?: string };
  return name === 'answerTransfer' ? answerTxId : txId;
}

/** @returns `found: false` where the ledger has no such record. @throws as {@link Ledger.evaluate} */
export async function getEvidence(ledger: Ledger, user: string, id: EvidenceId): Promise<GetResult> {
  return JSON.parse(await ledger.evaluate({ user, transaction: 'evidence:get', args: [id] })) as GetResult;
}

/**
 * The record or batch of a number, in the form that the chain stores. @returns `undefined` where there is neither.
 * @throws as {@link Ledger.evaluate}
 */
export async function findStored(ledger: Ledger, user: string, id: EvidenceId): Promise<Evidence | Batch | undefined> {
  const result = await getEvidence(ledger, user, id);
  if (result.found) return result.record;
  const other = await ledger.evaluate({ user, transaction: 'batch:get', args: [id] });
  const batch = JSON.parse(other) as BatchResult;
  return batch.found ? batch.batch : undefined;
}

/**
 * All records of one digest, as far as {@link FIND_PAGES_MAX} pages hold them.
 * @returns `complete: false` where there are more. @throws as {@link Ledger.evaluate}
 */
export async function findEvidence(
  ledger: Ledger,
  user: string,
  algorithm: HashAlgorithm,
  digest: DigestHex,
): Promise<{ readonly views: readonly EvidenceView[]; readonly complete: boolean }> {
  const views: EvidenceView[] = [];
  let bookmark = '';
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const args = [algorithm, digest, bookmark];
    const found = JSON.parse(await ledger.evaluate({ user, transaction: 'evidence:find', args })) as FindResult;
    views.push(...found.records);
    if (found.bookmark === undefined || found.bookmark === '') return { views, complete: true };
    bookmark = found.bookmark;
  }
  return { views, complete: false };
}
