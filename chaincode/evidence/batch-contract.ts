import { Info, Returns, Transaction } from 'fabric-contract-api';
import { type BatchResult, parseRegisterBatchRequest } from '../../domain/batch.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { ownerAndOneMore } from '../endorsement-policy.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { batchEvent, foldLeaves, headAfter, makeBatch } from './batch-rules.js';
import { BatchStore } from './batch-store.js';
import { deriveBatchId } from './entry-ids.js';
import { holderOf } from './record-rules.js';
import { checkRepeat } from './repeats.js';

/**
 * Many files in one transaction. The chain keeps the root over salted digests, so that each file has a proof of its
 * own that tells nothing of the others. A batch neither is found by a digest nor takes objections: a file that is to
 * be found or disputed is registered by itself.
 */
@Info({ title: 'batch', description: 'Many digests under one root, and streams of them.' })
export class BatchContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('batch', clock);
  }

  /**
   * Records the root over the leaves, which is computed here: nobody can record a root without leaves.
   * @param request JSON of `RegisterBatchRequest` (domain/batch.ts). @returns canonical JSON of the stored `Batch`.
   * @throws REQUEST_MALFORMED, REQUEST_TOO_LARGE, DIGEST_MALFORMED, ID_MALFORMED, REQUEST_REUSED, STREAM_SEQUENCE,
   * CONSORTIUM_UNSET, CONSORTIUM_NOT_MEMBER
   */
  @Transaction()
  @Returns('string')
  async register(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseRegisterBatchRequest(request);
    const store = new BatchStore(ctx.stub);
    const folded = foldLeaves(wanted);
    const id = deriveBatchId(ctx.actor, wanted.requestId);
    const existing = await store.batch(id);
    if (existing !== undefined) {
      checkRepeat(existing, folded);
      return canonicalJson(existing);
    }
    const owner = holderOf(ctx.actor);
    const { stream } = wanted;
    const batch = makeBatch(folded, stream && (await store.head(owner, stream.id)), id, ctx.facts);
    const members = requireMembers(await readConsortium(ctx.stub));
    checkMember(owner.mspId, members, 'caller');
    const policy = ownerAndOneMore(owner.mspId, members);
    if (stream !== undefined) await store.putHead(owner, stream.id, headAfter(batch, stream.first), policy);
    await store.putBatch(batch, policy);
    ctx.emit(batchEvent(batch));
    return canonicalJson(batch);
  }

  /** @param id of a batch. @returns canonical JSON of `BatchResult`. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async get(ctx: LedgerContext, id: string): Promise<string> {
    const wanted = parseEvidenceId(id);
    const batch = await new BatchStore(ctx.stub).batch(wanted);
    const result: BatchResult = batch === undefined ? { found: false, id: wanted } : { found: true, batch };
    return canonicalJson(result);
  }
}
