import { Info, Returns, Transaction } from 'fabric-contract-api';
import { readAsOfMs } from '../../domain/calendar.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type LicenseEvent } from '../../domain/license-event.js';
import { type CompareResult, type FieldVerdict, parseCompareRequest } from '../../domain/license-fields.js';
import { licenseKeyOf, parseLicenseId, parseLicenseTypeCode, readLicenseParts } from '../../domain/license-id.js';
import { parseRefuseRenewalRequest, type RenewalRefusal } from '../../domain/license-renewal.js';
import { answerStatus, type LicenseContent, type LicenseStatusResult } from '../../domain/license-standing.js';
import { type LicenseTypeResult, parseDefineTypeRequest } from '../../domain/license-type.js';
import { type IssueRequest, parseIssueRequest, parseOperateRequest, partsOf } from '../../domain/license.js';
import { type Clock } from '../clock-guard.js';
import { checkMember, requireMembers } from '../consortium/rules.js';
import { readConsortium } from '../consortium/store.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { AttestationStore } from '../attestation/store.js';
import { requireAttestation } from '../attestation/party-rules.js';
import { issue, type NextAct, operate } from './act-rules.js';
import { deriveLicenseEntryId, policyOf, readOwnType, readType, repeatOf } from './authority.js';
import { faceActOf, type LicenseHistory, readHistory, requireCurrent, requireHistory, standingOf } from './history.js';
import { checkRefusal } from './renewal-rules.js';
import { LicenseStore } from './store.js';
import { checkTransferAttestation, checkTransferSource } from './transfer-rules.js';
import { authorityOf, checkIssuer, defineType, repeatOfType } from './type-rules.js';

/**
 * 电子证照: the catalogue of types, issue, the operations on what was issued, and the status as of any day. Authority
 * is read from the certificate: its organisation and unit, against the authorities that the type lists. Every write
 * may also throw ID_MALFORMED and REQUEST_MALFORMED from its parser, CONSORTIUM_UNSET and CONSORTIUM_NOT_MEMBER, and
 * answers a repeated request with what it stored, or REQUEST_REUSED where its content differs.
 */
@Info({ title: 'license', description: 'Electronic licences: types, issue, operations and status.' })
export class LicenseContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('license', clock);
  }

  /**
   * Puts a type into the catalogue, or a new revision of it.
   * @param request JSON of `DefineTypeRequest` (domain/license-type.ts). @returns canonical JSON of the `LicenseType`.
   * @throws LICENSE_AUTHORITY
   */
  @Transaction()
  @Returns('string')
  async defineType(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseDefineTypeRequest(request);
    const store = new LicenseStore(ctx.stub);
    const current = await store.type(wanted.typeCode);
    const type = defineType(current, wanted, ctx.facts);
    if (current?.requestId === wanted.requestId) return repeatOfType(current, wanted);
    const members = requireMembers(await readConsortium(ctx.stub));
    for (const { mspId, superior } of wanted.authorities) {
      checkMember(mspId, members, 'authorities');
      if (superior !== undefined) checkMember(superior.mspId, members, 'authorities.superior');
    }
    await store.putType(type, await policyOf(ctx.stub, type.definedBy.mspId));
    const { definedBy: actor, txTime, typeCode } = type;
    return tell(ctx, type, { kind: 'license.type-defined', typeCode, actor, txTime });
  }

  /** @param code of a type. @returns canonical JSON of `LicenseTypeResult`; a miss is an answer. @throws ID_MALFORMED */
  @Transaction(false)
  @Returns('string')
  async getType(ctx: LedgerContext, code: string): Promise<string> {
    const typeCode = parseLicenseTypeCode(code);
    const type = await new LicenseStore(ctx.stub).type(typeCode);
    const result: LicenseTypeResult = type === undefined ? { found: false, typeCode } : { found: true, ...type };
    return canonicalJson(result);
  }

  /**
   * 新发 and 转入: version 001 of a licence.
   * @param request JSON of `IssueRequest` (domain/license.ts). @returns canonical JSON of the stored `LicenseAct`.
   * @throws LICENSE_TYPE_NOT_FOUND, LICENSE_AUTHORITY, LICENSE_EXISTS, LICENSE_FIELDS, LICENSE_DATES; for 转入 also
   * LICENSE_TRANSFER, ATTESTATION_NOT_FOUND, TRANSFER_ATTESTATION
   */
  @Transaction()
  @Returns('string')
  async issue(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseIssueRequest(request);
    const parts = partsOf(wanted.licenseId);
    const store = new LicenseStore(ctx.stub);
    const type = await readType(store, parts);
    checkIssuer(authorityOf(type, parts), ctx.actor);
    const id = deriveLicenseEntryId('LA', ctx.actor, licenseKeyOf(parts), wanted.requestId);
    const existing = await readHistory(store, parts);
    if (existing !== undefined) {
      if (existing.acts[0].id === id) return repeatOf(existing.acts[0], wanted);
      throw new DomainError('LICENSE_EXISTS');
    }
    await this.#takeOver(ctx, store, wanted);
    const next = issue(type, wanted, id, ctx.facts);
    return this.#write(ctx, store, next, 'license.issued');
  }

  /**
   * One of the operations 02 to 07, 09 and 10, by the issuing authority or its superior.
   * @param request JSON of `OperateRequest` (domain/license.ts). @returns canonical JSON of the stored `LicenseAct`.
   * @throws LICENSE_NOT_FOUND, LICENSE_SUPERSEDED, LICENSE_AUTHORITY and what `operate` of act-rules.ts throws
   */
  @Transaction()
  @Returns('string')
  async operate(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseOperateRequest(request);
    const parts = partsOf(wanted.licenseId);
    const store = new LicenseStore(ctx.stub);
    const found = requireHistory(await readHistory(store, parts));
    const type = await readOwnType(store, parts, ctx.actor);
    const id = deriveLicenseEntryId('LA', ctx.actor, found.key, wanted.requestId);
    const existing = found.acts.find((act) => act.id === id);
    if (existing !== undefined) return repeatOf(existing, wanted);
    const history = requireCurrent(found, parts);
    if (wanted.transferTo !== undefined) {
      checkMember(wanted.transferTo.mspId, requireMembers(await readConsortium(ctx.stub)), 'transferTo');
    }
    const transferred = (await store.transfer(history.key)) !== undefined;
    const next = operate(type, history, wanted, { id, transferred, ...ctx.facts });
    return this.#write(ctx, store, next, 'license.operated');
  }

  /**
   * 不予延续: refuses a renewal that the holder asked for, while the licence still lasts.
   * @param request JSON of `RefuseRenewalRequest` (domain/license-renewal.ts). @returns canonical JSON of the refusal.
   * @throws LICENSE_NOT_FOUND, LICENSE_SUPERSEDED, LICENSE_AUTHORITY, RENEWAL_UNKNOWN, RENEWAL_CLOSED
   */
  @Transaction()
  @Returns('string')
  async refuseRenewal(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseRefuseRenewalRequest(request);
    const parts = partsOf(wanted.licenseId);
    const store = new LicenseStore(ctx.stub);
    const found = requireHistory(await readHistory(store, parts));
    await readOwnType(store, parts, ctx.actor);
    const { key, acts, head } = requireCurrent(found, parts);
    const existing = await store.renewalRefusal(key, parts.version);
    if (existing?.request.requestId === wanted.requestId) return repeatOf(existing, wanted);
    if (existing !== undefined) throw new DomainError('RENEWAL_CLOSED');
    const facts = ctx.facts;
    checkRefusal(faceActOf(acts, parts.version), await store.renewal(key, parts.version), facts);
    const refusal: RenewalRefusal = {
      ...{ schema: 'license-renewal-refusal/1', licenseKey: key, version: parts.version, request: wanted, ...facts },
    };
    await store.putRenewalRefusal(refusal, await policyOf(ctx.stub, head.mspId));
    const { actor, txTime } = facts;
    return tell(ctx, refusal, { kind: 'license.renewal-refused', licenseId: wanted.licenseId, actor, txTime });
  }

  /**
   * Whether a licence is good, for anybody: no grant is needed, and nothing about its holder is told.
   * @param id of any version. @param asOf a day, a time, or empty for now. @returns canonical JSON of
   * `LicenseStatusResult` (domain/license-standing.ts); a miss is an answer. @throws ID_MALFORMED, REQUEST_MALFORMED
   */
  @Transaction(false)
  @Returns('string')
  async status(ctx: LedgerContext, id: string, asOf: string): Promise<string> {
    const parts = readLicenseParts(id, { legacy: true });
    const licenseId = parseLicenseId(id, { legacy: true });
    const atMs = readAsOfMs(asOf, ctx.claimedMs);
    const at = new Date(atMs).toISOString();
    const store = new LicenseStore(ctx.stub);
    const history = await readHistory(store, parts);
    if (history === undefined || parts.version > history.head.version) {
      const miss: LicenseStatusResult = { found: false, verdict: 'NOT_FOUND', licenseId, asOf: at };
      return canonicalJson(miss);
    }
    const result = answerStatus({
      licenseId,
      licenseKey: history.key,
      version: parts.version,
      asOf: at,
      content: contentOf(history, parts.version),
      standing: standingOf(history, atMs),
      transferredTo: (await store.transfer(history.key))?.to,
    });
    return canonicalJson(result);
  }

  /**
   * Compares digests of a holder's file with the recorded ones; it still can after the values were deleted.
   * @param request JSON of `CompareRequest` (domain/license-fields.ts). @returns canonical JSON of `CompareResult`.
   * @throws LICENSE_NOT_FOUND
   */
  @Transaction(false)
  @Returns('string')
  async compare(ctx: LedgerContext, request: string): Promise<string> {
    const { licenseId, fields: given } = parseCompareRequest(request);
    const parts = partsOf(licenseId);
    const history = requireHistory(await readHistory(new LicenseStore(ctx.stub), parts));
    const recorded = faceActOf(history.acts, parts.version).request.face?.fields ?? {};
    const fields = Object.fromEntries(
      Object.entries(given).map(([name, digest]) => [name, compareDigests(recorded[name], digest)] as const),
    );
    const verdict = Object.values(fields).every((each) => each === 'MATCH') ? 'MATCH' : 'MISMATCH';
    const result: CompareResult = { licenseId, verdict, content: contentOf(history, parts.version), fields };
    return canonicalJson(result);
  }

  /**
   * Every act on a licence, for its authority's organisation and for auditors.
   * @returns canonical JSON of `LicenseAct[]` in their sequence. @throws LICENSE_NOT_FOUND, LICENSE_AUTHORITY
   */
  @Transaction(false)
  @Returns('string')
  async history(ctx: LedgerContext, id: string): Promise<string> {
    const parts = readLicenseParts(id, { legacy: true });
    const { head, acts } = requireHistory(await readHistory(new LicenseStore(ctx.stub), parts));
    const { mspId, role } = ctx.actor;
    if (role !== 'auditor' && mspId !== head.mspId) throw new DomainError('LICENSE_AUTHORITY', { where: 'caller' });
    return canonicalJson(acts);
  }

  /** For 转入: the licence must have been let go to the caller, as the other region attests; one of this ledger is marked. */
  async #takeOver(ctx: LedgerContext, store: LicenseStore, wanted: IssueRequest): Promise<void> {
    if (wanted.transferredFrom === undefined) return;
    const { licenseId: from, attestationId: id } = wanted.transferredFrom;
    const attestations = new AttestationStore(ctx.stub);
    const attestation = id === undefined ? undefined : requireAttestation(await attestations.record(id));
    const parts = from === undefined ? undefined : partsOf(from);
    const source = parts && requireCurrent(await readHistory(store, parts), parts);
    if (source === undefined) {
      checkTransferAttestation(attestation, wanted, source, ctx.facts);
      return;
    }
    checkTransferSource(source, (await store.transfer(source.key)) !== undefined, ctx.facts);
    checkTransferAttestation(attestation, wanted, source, ctx.facts);
    const policy = await policyOf(ctx.stub, ctx.actor.mspId);
    await store.putTransfer({ schema: 'license-transfer/1', licenseKey: source.key, to: wanted.licenseId }, policy);
  }

  async #write(
    ctx: LedgerContext,
    store: LicenseStore,
    { act, head }: NextAct,
    kind: 'license.issued' | 'license.operated',
  ): Promise<string> {
    const policy = await policyOf(ctx.stub, head.mspId);
    await store.putAct(act, policy);
    await store.putHead(head, policy);
    const { id: entryId, actor, txTime, to: status, request, supersedes } = act;
    return tell(ctx, act, {
      kind,
      licenseId: request.licenseId,
      entryId,
      ...optional('successor', supersedes === undefined ? undefined : act.licenseId),
      operation: request.operation,
      status,
      actor,
      txTime,
    });
  }
}

function contentOf({ head }: LicenseHistory, version: number): LicenseContent {
  return head.purged.includes(version) ? 'PURGED' : 'RECORDED';
}

function compareDigests(recorded: string | undefined, given: string): FieldVerdict {
  if (recorded === undefined) return 'NOT_RECORDED';
  return recorded === given ? 'MATCH' : 'MISMATCH';
}

function tell(ctx: LedgerContext, stored: object, event: LicenseEvent): string {
  ctx.emit(event);
  return canonicalJson(stored);
}
