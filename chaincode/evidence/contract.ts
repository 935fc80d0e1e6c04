import { Info, Returns, Transaction } from 'fabric-contract-api';
import { type Actor } from '../../domain/actor.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { parseAccessRequest, parseAnswerTransferRequest, parseHandOverRequest } from '../../domain/custody.js';
import { type Consortium } from '../../domain/consortium.js';
import { parseDigestHex, parseHashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceEvent } from '../../domain/evidence-event.js';
import { type EvidenceView, type FindResult, type GetResult } from '../../domain/evidence-view.js';
import { type Evidence, parseRegisterRequest, parseSupersedeRequest } from '../../domain/evidence.js';
import { optional } from '../../domain/fields.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { parseDecideRequest, parseObjectRequest } from '../../domain/objection.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { type KeyPolicy, ownerAndOneMore } from '../endorsement-policy.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { answerTransfer, custodyPolicy, firstCustody, isAnswered, makeAccess, openTransfer } from './custody-rules.js';
import { deriveEntryId, deriveEvidenceId } from './entry-ids.js';
import { ACCESSES_MAX, OBJECTIONS_MAX } from './limits.js';
import { isSameDecider, makeDecision, makeObjection } from './objection-rules.js';
import { checkHistoryReader, makeRecord, recordEvent, requireRecord, supersede } from './record-rules.js';
import { checkRepeat } from './repeats.js';
import { type EntryKind, EvidenceStore } from './store.js';
import { historyOf, readView } from './view.js';

/**
 * Evidence digests and what happens to them. Every transaction is parse, read, decide, write, tell; decisions stand
 * in the `*-rules.ts` files beside this one. A write under a request id that was used before answers with what that
 * request stored, writes nothing and emits nothing; with other content it is refused as REQUEST_REUSED. Every write
 * may also throw ID_MALFORMED and REQUEST_MALFORMED from its parser, CONSORTIUM_UNSET and CONSORTIUM_NOT_MEMBER.
 */
@Info({ title: 'evidence', description: 'Evidence digests, objections and custody.' })
export class EvidenceContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('evidence', clock);
  }

  /**
   * Records digests under a new id; the file itself never reaches the ledger.
   * @param request JSON of `RegisterRequest` (domain/evidence.ts), at most 16,384 characters.
   * @returns canonical JSON of the stored `Evidence`. @throws REQUEST_REUSED, DIGEST_MALFORMED, ALGORITHM_REFUSED
   */
  @Transaction()
  @Returns('string')
  async register(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseRegisterRequest(request);
    const store = new EvidenceStore(ctx.stub);
    const id = deriveEvidenceId(ctx.actor, wanted.requestId);
    // Asked at once, which a peer that knows such messages is in one: this is the transaction that runs most.
    const [existing, consortium] = await Promise.all([store.record(id), readConsortium(ctx.stub)]);
    if (existing !== undefined) return repeat(existing, wanted);
    const record = makeRecord(wanted, id, ctx.facts);
    await this.#putNewRecord(store, record, ownPolicy(ctx.actor, consortium));
    return tell(ctx, record, recordEvent(record));
  }

  /**
   * Records a correction: a whole new record, while the old one stays and keeps verifying (requirement R07).
   * @param request JSON of `SupersedeRequest` (domain/evidence.ts). @returns canonical JSON of the new `Evidence`.
   * @throws EVIDENCE_NOT_FOUND, NOT_OWNER, EVIDENCE_SUPERSEDED and what `register` throws
   */
  @Transaction()
  @Returns('string')
  async supersede(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseSupersedeRequest(request);
    const store = new EvidenceStore(ctx.stub);
    const id = deriveEvidenceId(ctx.actor, wanted.requestId);
    const existing = await store.record(id);
    if (existing !== undefined) return repeat(existing, wanted);
    const old = requireRecord(await store.record(wanted.supersedes));
    const record = makeRecord(wanted, id, ctx.facts);
    const mark = supersede(old, await store.supersession(old.id), record);
    const policy = await this.#ownPolicy(ctx);
    await store.putSupersession(mark, policy);
    await this.#putNewRecord(store, record, policy);
    return tell(ctx, record, recordEvent(record));
  }

  /** @param id of a record. @returns canonical JSON of `GetResult`; a miss is an answer. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async get(ctx: LedgerContext, id: string): Promise<string> {
    const store = new EvidenceStore(ctx.stub);
    const wanted = parseEvidenceId(id);
    const record = await store.record(wanted);
    const result: GetResult =
      record === undefined ? { found: false, id: wanted } : { found: true, ...(await readView(store, record)) };
    return canonicalJson(result);
  }

  /**
   * Finds by algorithm and digest together, because values of different algorithms look alike (requirement R05).
   * @param bookmark empty for the first page, else the one that the page before gave.
   * @returns canonical JSON of `FindResult`, at most ten records. @throws ALGORITHM_REFUSED, DIGEST_MALFORMED
   */
  @Transaction(false)
  @Returns('string')
  async find(ctx: LedgerContext, algorithm: string, digest: string, bookmark: string): Promise<string> {
    const name = parseHashAlgorithm(algorithm);
    const value = parseDigestHex(name, digest);
    const store = new EvidenceStore(ctx.stub);
    const from = bookmark === '' ? undefined : parseEvidenceId(bookmark);
    const { ids, next } = await store.page(name, value, from);
    const records: EvidenceView[] = [];
    for (const id of ids) records.push(await readView(store, requireRecord(await store.record(id))));
    const result: FindResult = { records, ...optional('bookmark', next) };
    return canonicalJson(result);
  }

  /**
   * Files an objection by another unit; the hash result stays, the verdict becomes contested (requirement R15).
   * @param request JSON of `ObjectRequest` (domain/objection.ts). @returns canonical JSON of the stored `Objection`.
   * @throws EVIDENCE_NOT_FOUND, OBJECTION_OWN_RECORD, ENTRY_LIMIT, REQUEST_REUSED
   */
  @Transaction()
  @Returns('string')
  async object(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseObjectRequest(request);
    const store = new EvidenceStore(ctx.stub);
    const id = deriveEntryId('OB', ctx.actor, wanted);
    const existing = await store.entry('objection', wanted.evidenceId, id);
    if (existing !== undefined) return repeat(existing, wanted);
    const record = requireRecord(await store.record(wanted.evidenceId));
    const objection = makeObjection(record, wanted, id, ctx.facts);
    await checkRoom(store, 'objection', record, OBJECTIONS_MAX);
    await store.putEntry('objection', id, objection, await this.#ownPolicy(ctx));
    const { evidenceId, ground } = wanted;
    const { objector: actor, txTime } = objection;
    return tell(ctx, objection, { kind: 'evidence.objected', evidenceId, entryId: id, actor, txTime, ground });
  }

  /**
   * A court's answer to an objection, once.
   * @param request JSON of `DecideRequest` (domain/objection.ts). @returns canonical JSON of the stored `Decision`.
   * @throws EVIDENCE_NOT_FOUND, OBJECTION_NOT_FOUND, OBJECTION_OWN_RECORD, OBJECTION_DECIDED, REQUEST_REUSED
   */
  @Transaction()
  @Returns('string')
  async decideObjection(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseDecideRequest(request);
    const { evidenceId, objectionId, decision } = wanted;
    const store = new EvidenceStore(ctx.stub);
    const existing = await store.entry('decision', evidenceId, objectionId);
    if (existing !== undefined && isSameDecider(existing, ctx.actor, wanted)) return repeat(existing, wanted);
    if (existing !== undefined) throw new DomainError('OBJECTION_DECIDED', { decision: existing.decision });
    const record = requireRecord(await store.record(evidenceId));
    const made = makeDecision(record, await store.entry('objection', evidenceId, objectionId), wanted, ctx.facts);
    await store.putEntry('decision', objectionId, made, await this.#ownPolicy(ctx));
    const { court: actor, txTime } = made;
    return tell(ctx, made, { kind: 'evidence.decided', evidenceId, entryId: objectionId, actor, txTime, decision });
  }

  /**
   * Offers custody to another unit; it moves only when that unit accepts (requirement R20).
   * @param request JSON of `HandOverRequest` (domain/custody.ts). @returns canonical JSON of the stored `Transfer`.
   * @throws EVIDENCE_NOT_FOUND, CUSTODY_NOT_HOLDER, CUSTODY_PENDING, ENTRY_LIMIT, REQUEST_REUSED
   */
  @Transaction()
  @Returns('string')
  async handOver(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseHandOverRequest(request);
    const store = new EvidenceStore(ctx.stub);
    const id = deriveEntryId('CT', ctx.actor, wanted);
    const existing = await store.entry('transfer', wanted.evidenceId, id);
    if (existing !== undefined) return repeat(existing, wanted);
    const record = requireRecord(await store.record(wanted.evidenceId));
    const moved = openTransfer(await store.custody(record.id), wanted, id, ctx.facts);
    const members = requireMembers(await readConsortium(ctx.stub));
    checkMember(wanted.to.mspId, members, 'to.mspId');
    const policy = custodyPolicy(moved, members);
    await store.putEntry('transfer', id, moved.transfer, policy);
    await store.putCustody(moved.custody, policy);
    const { evidenceId, from, to, purpose, giver: actor, txTime } = moved.transfer;
    return tell(ctx, moved.transfer, {
      kind: 'evidence.handed-over',
      evidenceId,
      entryId: id,
      actor,
      txTime,
      from,
      to,
      purpose,
    });
  }

  /**
   * Closes an offer: the receiver accepts or declines, or the giver's unit withdraws it.
   * @param request JSON of `AnswerTransferRequest` (domain/custody.ts). @returns canonical JSON of the `Transfer`.
   * @throws EVIDENCE_NOT_FOUND, CUSTODY_NOT_PENDING, CUSTODY_NOT_RECEIVER, CUSTODY_NOT_HOLDER, REQUEST_REUSED
   */
  @Transaction()
  @Returns('string')
  async answerTransfer(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseAnswerTransferRequest(request);
    const { evidenceId, transferId, answer } = wanted;
    const store = new EvidenceStore(ctx.stub);
    const offered = await store.entry('transfer', evidenceId, transferId);
    if (offered !== undefined && isAnswered(offered, wanted, ctx.actor)) return canonicalJson(offered);
    const record = requireRecord(await store.record(evidenceId));
    const facts = ctx.facts;
    const moved = answerTransfer(await store.custody(record.id), offered, wanted, facts);
    const policy = custodyPolicy(moved, requireMembers(await readConsortium(ctx.stub)));
    await store.putEntry('transfer', transferId, moved.transfer, policy);
    await store.putCustody(moved.custody, policy);
    const { from, to } = moved.transfer;
    return tell(ctx, moved.transfer, {
      kind: 'evidence.transfer-answered',
      evidenceId,
      entryId: transferId,
      actor: facts.actor,
      txTime: facts.txTime,
      from,
      to,
      answer,
    });
  }

  /**
   * Writes down that the caller looked at the original, why, and whether that changed it.
   * @param request JSON of `AccessRequest` (domain/custody.ts). @returns canonical JSON of the stored `Access`.
   * @throws EVIDENCE_NOT_FOUND, ENTRY_LIMIT, REQUEST_REUSED
   */
  @Transaction()
  @Returns('string')
  async recordAccess(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseAccessRequest(request);
    const store = new EvidenceStore(ctx.stub);
    const id = deriveEntryId('AC', ctx.actor, wanted);
    const existing = await store.entry('access', wanted.evidenceId, id);
    if (existing !== undefined) return repeat(existing, wanted);
    const record = requireRecord(await store.record(wanted.evidenceId));
    await checkRoom(store, 'access', record, ACCESSES_MAX);
    const access = makeAccess(wanted, id, ctx.facts);
    await store.putEntry('access', id, access, await this.#ownPolicy(ctx));
    const { evidenceId, purpose, changed, actor, txTime } = access;
    return tell(ctx, access, {
      kind: 'evidence.accessed',
      evidenceId,
      entryId: id,
      actor,
      txTime,
      purpose,
      changed,
    });
  }

  /**
   * Every act on a record, for its owner's organisation and for auditors.
   * @returns canonical JSON of `HistoryEntry[]`, oldest first, bounded by what a record takes (limits.ts).
   * @throws ID_MALFORMED, EVIDENCE_NOT_FOUND, NOT_OWNER
   */
  @Transaction(false)
  @Returns('string')
  async history(ctx: LedgerContext, id: string): Promise<string> {
    const store = new EvidenceStore(ctx.stub);
    const record = requireRecord(await store.record(parseEvidenceId(id)));
    checkHistoryReader(record, ctx.actor);
    return canonicalJson(historyOf(await readView(store, record), await store.supersession(record.id)));
  }

  async #ownPolicy({ actor, stub }: LedgerContext): Promise<KeyPolicy> {
    return ownPolicy(actor, await readConsortium(stub));
  }

  async #putNewRecord(store: EvidenceStore, record: Evidence, policy: KeyPolicy): Promise<void> {
    await store.putRecord(record, policy);
    await store.putSupersession({ schema: 'supersession/1', evidenceId: record.id }, policy);
    await store.putCustody(firstCustody(record), policy);
  }
}

/** Who must endorse changes of what the caller writes: the caller's organisation and one more member. */
function ownPolicy({ mspId }: Actor, consortium: Consortium | undefined): KeyPolicy {
  const members = requireMembers(consortium);
  checkMember(mspId, members, 'caller');
  return ownerAndOneMore(mspId, members);
}

/** The first answer again, with its original transaction id. @throws REQUEST_REUSED */
function repeat(stored: object, wanted: object): string {
  checkRepeat(stored, wanted);
  return canonicalJson(stored);
}

function tell(ctx: LedgerContext, stored: object, event: EvidenceEvent): string {
  ctx.emit(event);
  return canonicalJson(stored);
}

async function checkRoom(store: EvidenceStore, kind: EntryKind, about: Evidence, entriesMax: number): Promise<void> {
  if ((await store.countEntries(kind, about.id)) >= entriesMax) throw new DomainError('ENTRY_LIMIT', { entriesMax });
}
