import { Info, Returns, Transaction } from 'fabric-contract-api';
import { type Attestation, type AttestationResult, type AttestationStep } from '../../domain/attestation-record.js';
import { type AttestationAct } from '../../domain/attestation-event.js';
import { parseAttestationRequest } from '../../domain/attestation-request.js';
import {
  parseAcceptRequest,
  parseAnswerRequest,
  parseCloseRequest,
  parseDepositRequest,
  parsePreviewRequest,
  parsePurgeRequest,
  parseRefuseRequest,
  parseUseRequest,
  parseWithdrawRequest,
  type StepRequest,
} from '../../domain/attestation-steps.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { parseAttestationId } from '../../domain/ids.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext, type TxFacts } from '../ledger-context.js';
import { historyOf } from './history.js';
import { deriveAttestationId } from './ids.js';
import { checkLicence } from './licence-check.js';
import { checkHistoryReader, checkParty, requireAttestation } from './party-rules.js';
import { bothOf, handOver, requireDeposit } from './payload-flow.js';
import { checkFields, partsOf, readPayloads } from './payloads.js';
import { PrivateStore } from './private-store.js';
import { checkSame, isStepRepeat } from './repeats.js';
import { makeAttestation, numberDigestOf, requestOf, requireItem } from './request-rules.js';
import * as rules from './step-rules.js';
import { AttestationStore } from './store.js';
import { tellAct } from './telling.js';
import { viewOf } from './view.js';

/** One step of a record: which member it writes, what it tells, and the rule that decides. */
interface Step<Wanted extends StepRequest> {
  readonly name: AttestationStep;
  readonly act: AttestationAct;
  readonly decide: (record: Attestation, wanted: Wanted, facts: TxFacts) => Attestation;
  /** Members of the step that the rule works out by itself. */
  readonly derived?: readonly string[];
  /** What else has to be written or checked before the record changes. */
  readonly besides?: (record: Attestation, wanted: Wanted) => Promise<void> | void;
}

/**
 * 跨域核验: one region asks, another answers, both sign, and the answer is used once. Every write but `deposit` needs
 * the peers of both regions. A step under a request id that was used before answers with the record as it stands,
 * writes nothing and tells nothing; with other content it is refused as REQUEST_REUSED. Every write may also throw
 * ID_MALFORMED, DIGEST_MALFORMED and REQUEST_MALFORMED from its parser, and ATTESTATION_NOT_FOUND,
 * ATTESTATION_NOT_PARTY, ATTESTATION_STATE and ATTESTATION_DISPUTED from its rule (step-rules.ts).
 */
@Info({ title: 'attestation', description: 'Cross-region attestations.' })
export class AttestationContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('attestation', clock);
  }

  /**
   * Asks. What the catalogue forbids is recorded as refused at once; whom the request is about comes as transient data
   * `payload` (`SubjectPayload`) and goes to both organisations' private data, unless it is refused.
   * @param request JSON of `AttestationRequest`. @returns canonical JSON of the stored `Attestation`.
   * @throws ATTESTATION_ITEM_UNKNOWN, ATTESTATION_PAYLOAD, REQUEST_REUSED, CONSORTIUM_UNSET, CONSORTIUM_NOT_MEMBER
   */
  @Transaction()
  @Returns('string')
  async request(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseAttestationRequest(request);
    const store = new AttestationStore(ctx.stub);
    const id = deriveAttestationId(ctx.actor, wanted.requestId);
    const existing = await store.record(id);
    if (existing !== undefined) {
      checkSame(requestOf(existing), wanted);
      return canonicalJson(existing);
    }
    const members = requireMembers(await readConsortium(ctx.stub));
    checkMember(ctx.actor.mspId, members, 'caller');
    checkMember(wanted.item.mspId, members, 'item.mspId');
    const item = requireItem(await store.item(wanted.item.mspId, wanted.item.itemId), wanted, ctx.actor);
    const privately = new PrivateStore(ctx.stub);
    const payload = privately.received('subject', wanted.payloadDigest);
    checkFields(payload.claims, wanted.fields);
    const record = makeAttestation(item, wanted, id, ctx.facts, numberDigestOf(item, payload));
    if (record.state === 'REQUESTED') {
      await privately.put([ctx.actor.mspId, item.mspId], id, 'subject', payload);
    }
    await store.putRecord(record);
    await store.putConcern(record);
    tellAct(ctx, 'attestation.requested', record);
    return canonicalJson(record);
  }

  /**
   * Puts the values that are to be told into the asked organisation's own private data, where the holder can see them
   * before anybody else does. Needs that organisation's peers alone, and goes to no others.
   * @param request JSON of `DepositRequest`; transient data `payload` is the `AnswerPayload`.
   * @returns canonical JSON of `{attestationId, payloadDigest}`. @throws ATTESTATION_PAYLOAD
   */
  @Transaction()
  @Returns('string')
  async deposit(ctx: LedgerContext, request: string): Promise<string> {
    const { attestationId, payloadDigest } = parseDepositRequest(request);
    const record = requireAttestation(await new AttestationStore(ctx.stub).record(attestationId));
    checkParty(record, ctx.actor, 'answerer');
    rules.checkState(record, 'REQUESTED');
    const privately = new PrivateStore(ctx.stub);
    const payload = privately.received('answer', payloadDigest);
    checkFields(payload.fields, record.fields);
    const result = canonicalJson({ attestationId, payloadDigest });
    if ((await privately.digest(record.item.mspId, attestationId, 'answer')) === payloadDigest) return result;
    await privately.put([record.item.mspId], attestationId, 'answer', payload);
    tellAct(ctx, 'attestation.deposited', record);
    return result;
  }

  /**
   * Answers. Values that are told were deposited before where the holder must see them first; under a statutory duty
   * they come as transient data `payload` and go to both organisations.
   * @param request JSON of `AnswerRequest`. @returns canonical JSON of the `Attestation`.
   * @throws ATTESTATION_PAYLOAD, ATTESTATION_LICENCE
   */
  @Transaction()
  @Returns('string')
  answer(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parseAnswerRequest(request), {
      name: 'answer',
      act: 'attestation.answered',
      decide: rules.answer,
      derived: ['digest'],
      besides: async (record, wanted) => {
        await checkLicence(ctx.stub, record, wanted);
        const { payloadDigest } = wanted;
        if (payloadDigest === undefined) return;
        const privately = new PrivateStore(ctx.stub);
        if (record.basis === 'statutory-duty') await handOver(privately, record, payloadDigest, bothOf(record));
        else await requireDeposit(privately, record, payloadDigest);
      },
    });
  }

  /**
   * Refuses, with a code; the reason in words may come as transient data `payload` (`ReasonPayload`).
   * @param request JSON of `RefuseRequest`. @returns canonical JSON of the `Attestation`. @throws ATTESTATION_PAYLOAD
   */
  @Transaction()
  @Returns('string')
  refuse(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parseRefuseRequest(request), {
      name: 'refusal',
      act: 'attestation.refused',
      decide: rules.refuse,
      besides: async (record, { payloadDigest }) => {
        if (payloadDigest === undefined) return;
        const privately = new PrivateStore(ctx.stub);
        await privately.put(bothOf(record), record.id, 'reason', privately.received('reason', payloadDigest));
      },
    });
  }

  /**
   * Records what the holder decided on seeing the answer. On release, values that are told come as transient data
   * `payload`, the same as deposited, and go to the asking organisation.
   * @param request JSON of `PreviewRequest`. @returns canonical JSON of the `Attestation`.
   * @throws ATTESTATION_PREVIEW, ATTESTATION_DIGEST, ATTESTATION_SIGNATURE, ATTESTATION_EXPIRED, ATTESTATION_PAYLOAD
   */
  @Transaction()
  @Returns('string')
  preview(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parsePreviewRequest(request), {
      name: 'preview',
      act: 'attestation.previewed',
      decide: rules.preview,
      besides: async (record, { decision }) => {
        const told = record.answer?.payloadDigest;
        if (decision !== 'released' || told === undefined) return;
        await handOver(new PrivateStore(ctx.stub), record, told, [record.requester.mspId]);
      },
    });
  }

  /**
   * Countersigns the answer: from here on the attestation is complete (出具).
   * @param request JSON of `AcceptRequest`. @returns canonical JSON of the `Attestation`.
   * @throws ATTESTATION_PREVIEW, ATTESTATION_DIGEST, ATTESTATION_EXPIRED
   */
  @Transaction()
  @Returns('string')
  accept(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseAcceptRequest(request);
    return this.#step(ctx, wanted, { name: 'acceptance', act: 'attestation.accepted', decide: rules.accept });
  }

  /**
   * Uses the attestation, once, for the matter it was asked for.
   * @param request JSON of `UseRequest`. @returns canonical JSON of the `Attestation`.
   * @throws ATTESTATION_MATTER, ATTESTATION_USED, ATTESTATION_EXPIRED
   */
  @Transaction()
  @Returns('string')
  use(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parseUseRequest(request), { name: 'use', act: 'attestation.used', decide: rules.use });
  }

  /** @param request JSON of `CloseRequest`. @returns canonical JSON of the `Attestation`. */
  @Transaction()
  @Returns('string')
  close(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseCloseRequest(request);
    return this.#step(ctx, wanted, { name: 'closing', act: 'attestation.closed', decide: rules.close });
  }

  /**
   * Takes a wrong answer back; decisions that relied on it are flagged, in the record and in the event.
   * @param request JSON of `WithdrawRequest`. @returns canonical JSON of the `Attestation`.
   */
  @Transaction()
  @Returns('string')
  withdraw(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parseWithdrawRequest(request), {
      name: 'withdrawal',
      act: 'attestation.withdrawn',
      decide: rules.withdraw,
      derived: ['flagged'],
    });
  }

  /**
   * Has all private payloads forgotten, by both organisations' peers and in their history; digests and verdicts stay.
   * @param request JSON of `PurgeRequest`. @returns canonical JSON of the `Attestation`.
   */
  @Transaction()
  @Returns('string')
  purge(ctx: LedgerContext, request: string): Promise<string> {
    return this.#step(ctx, parsePurgeRequest(request), {
      name: 'purge',
      act: 'attestation.purged',
      decide: rules.purge,
      besides: (record) => new PrivateStore(ctx.stub).purge(record, partsOf(record)),
    });
  }

  /** @returns canonical JSON of `AttestationResult`, timing as of this transaction's time. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async get(ctx: LedgerContext, id: string): Promise<string> {
    const wanted = parseAttestationId(id);
    const store = new AttestationStore(ctx.stub);
    const record = await store.record(wanted);
    if (record === undefined) return canonicalJson({ found: false, id: wanted } satisfies AttestationResult);
    const result: AttestationResult = { found: true, ...(await viewOf(ctx, store, record)) };
    return canonicalJson(result);
  }

  /**
   * Every act, for the two organisations and for auditors. @returns canonical JSON of `AttestationHistoryEntry[]`.
   * @throws ID_MALFORMED, ATTESTATION_NOT_FOUND, ATTESTATION_NOT_PARTY
   */
  @Transaction(false)
  @Returns('string')
  async history(ctx: LedgerContext, id: string): Promise<string> {
    const store = new AttestationStore(ctx.stub);
    const record = requireAttestation(await store.record(parseAttestationId(id)));
    checkHistoryReader(record, ctx.actor);
    return canonicalJson(historyOf(await viewOf(ctx, store, record)));
  }

  /**
   * The private payloads, for officers of the two units, from their own organisation's peer.
   * @returns canonical JSON of `PayloadReading[]`. @throws ID_MALFORMED, ATTESTATION_NOT_FOUND, ATTESTATION_NOT_PARTY
   */
  @Transaction(false)
  @Returns('string')
  async payloads(ctx: LedgerContext, id: string): Promise<string> {
    const record = requireAttestation(await new AttestationStore(ctx.stub).record(parseAttestationId(id)));
    return canonicalJson(await readPayloads(new PrivateStore(ctx.stub), record, ctx.actor));
  }

  async #step<Wanted extends StepRequest>(
    ctx: LedgerContext,
    wanted: Wanted,
    { name, act, decide, derived, besides }: Step<Wanted>,
  ): Promise<string> {
    const store = new AttestationStore(ctx.stub);
    const record = requireAttestation(await store.record(wanted.attestationId));
    if (isStepRepeat(record[name], wanted, ctx.actor, derived)) return canonicalJson(record);
    const next = decide(record, wanted, ctx.facts);
    await besides?.(record, wanted);
    await store.putRecord(next);
    tellAct(ctx, act, next);
    return canonicalJson(next);
  }
}
