import { Info, Returns, Transaction } from 'fabric-contract-api';
import { parseObjectAttestationRequest, parseResolveRequest } from '../../domain/attestation-steps.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type Clock } from '../clock-guard.js';
import { deriveObjectionId } from './ids.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { object, resolve } from './objection-rules.js';
import { requireAttestation } from './party-rules.js';
import { isStepRepeat } from './repeats.js';
import { AttestationStore } from './store.js';
import { tellAct } from './telling.js';

/**
 * 异议 to attestations and their resolution. Both need the peers of both regions, because both change the record.
 * Retries as in `AttestationContract`.
 */
@Info({ title: 'attestation-objection', description: 'Objections to cross-region attestations.' })
export class AttestationObjectionContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('attestation-objection', clock);
  }

  /**
   * Files an objection; until it is resolved nobody may accept or use the attestation.
   * @param request JSON of `ObjectAttestationRequest`. @returns canonical JSON of the stored `AttestationObjection`.
   * @throws ATTESTATION_NOT_FOUND, ATTESTATION_STATE, ATTESTATION_DISPUTED, OBJECTION_OWN_RECORD, ENTRY_LIMIT,
   * REQUEST_REUSED and the parser's codes
   */
  @Transaction()
  @Returns('string')
  async file(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseObjectAttestationRequest(request);
    const store = new AttestationStore(ctx.stub);
    const id = deriveObjectionId(ctx.actor, wanted);
    const existing = await store.objection(wanted.attestationId, id);
    const derived = ['schema', 'id', 'attestationId', 'resolution'];
    if (existing !== undefined && isStepRepeat(existing, wanted, ctx.actor, derived)) return canonicalJson(existing);
    const record = requireAttestation(await store.record(wanted.attestationId));
    const contest = object(record, wanted, id, ctx.facts);
    await store.putObjection(record, contest.objection);
    await store.putRecord(contest.record);
    tellAct(ctx, 'attestation.objected', contest.record, id);
    return canonicalJson(contest.objection);
  }

  /**
   * The unit that answered resolves an objection, once; `upheld` withdraws the attestation.
   * @param request JSON of `ResolveRequest`. @returns canonical JSON of the `AttestationObjection`.
   * @throws ATTESTATION_NOT_FOUND, ATTESTATION_NOT_PARTY, OBJECTION_NOT_FOUND, OBJECTION_DECIDED, REQUEST_REUSED and
   * the parser's codes
   */
  @Transaction()
  @Returns('string')
  async resolve(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseResolveRequest(request);
    const { attestationId, objectionId } = wanted;
    const store = new AttestationStore(ctx.stub);
    const objection = await store.objection(attestationId, objectionId);
    const resolution = objection?.resolution && { ...objection.resolution, objectionId };
    if (objection !== undefined && isStepRepeat(resolution, wanted, ctx.actor)) return canonicalJson(objection);
    const record = requireAttestation(await store.record(attestationId));
    const contest = resolve(record, objection, wanted, ctx.facts);
    await store.putObjection(record, contest.objection);
    await store.putRecord(contest.record);
    tellAct(ctx, 'attestation.resolved', contest.record, objectionId);
    return canonicalJson(contest.objection);
  }
}
