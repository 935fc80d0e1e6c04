import { Info, Returns, Transaction } from 'fabric-contract-api';
import { parseSignedMatterTrail } from '../../domain/attestation-trail.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { optional } from '../../domain/fields.js';
import { type EntryId } from '../../domain/ids.js';
import { type LicenseEvent, type LicenseEventKind } from '../../domain/license-event.js';
import { parseDeliveryRequest } from '../../domain/license-fields.js';
import { type LicenseId } from '../../domain/license-id.js';
import { type Renewal } from '../../domain/license-renewal.js';
import {
  type ConsentBy,
  GRANT_USES_MAX,
  type HolderStatement,
  parseSignedGrant,
  parseSignedRenewal,
  parseSignedRevocation,
  parseSignedTrail,
  parseUseRequest,
  PRESENTATION_MS_MAX,
  type Revocation,
  type Signed,
  type TrailEntry,
} from '../../domain/license-use.js';
import { partsOf } from '../../domain/license.js';
import { AttestationStore } from '../attestation/store.js';
import { readAttestationTrail } from '../attestation/trail.js';
import { type Clock } from '../clock-guard.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { deriveLicenseEntryId, policyOf, readType, repeatOf } from './authority.js';
import { checkDelivery, consumeUse, grantIdOf, makeGrant, newestFirst, trailOf } from './grant-rules.js';
import { type LicenseHistory, readHistory, requireCurrent, requireHistory } from './history.js';
import { checkHolder, checkOwnKey } from './holder-signature.js';
import { GRANTS_MAX } from './limits.js';
import { PrivateValues } from './private-values.js';
import { checkRenewal } from './renewal-rules.js';
import { LicenseStore } from './store.js';

/**
 * 亮证 and 授权用证: what a holder allows, and its use. A holder has no certificate: anybody may pass on what the
 * holder's enrolled key signed, and the signature decides. Statements are idempotent by their content.
 */
@Info({ title: 'holder', description: 'Grants of licence holders, and their use.' })
export class HolderContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('holder', clock);
  }

  /**
   * Allows one verifier to see some fields for one matter.
   * @param request JSON of `Signed<GrantStatement>` (domain/license-use.ts). @returns canonical JSON of the `Grant`.
   * @throws LICENSE_NOT_FOUND, LICENSE_SUPERSEDED, HOLDER_SIGNATURE, GUARDIAN_REQUIRED, LICENSE_FIELDS, GRANT_PERIOD,
   * ENTRY_LIMIT
   */
  @Transaction()
  @Returns('string')
  async grant(ctx: LedgerContext, request: string): Promise<string> {
    const signed = parseSignedGrant(request);
    const store = new LicenseStore(ctx.stub);
    const { history, consentBy } = await readConsent(store, signed, 'current');
    const existing = await store.grant(history.key, grantIdOf(signed.statement));
    if (existing !== undefined) return canonicalJson(existing);
    const grant = makeGrant(history, signed, consentBy, ctx.moment);
    const count = (await store.grants(history.key, GRANTS_MAX)).length;
    if (count >= GRANTS_MAX) throw new DomainError('ENTRY_LIMIT', { entriesMax: GRANTS_MAX });
    await store.putGrant(grant, await policyOf(ctx.stub, history.head.mspId));
    return tell(ctx, grant, 'license.granted', signed.statement.licenseId, grant.id);
  }

  /**
   * Takes a grant back: no use after it, while earlier ones stay lawful (requirement R31).
   * @param request JSON of `Signed<RevokeStatement>`. @returns canonical JSON of the `Revocation`.
   * @throws LICENSE_NOT_FOUND, HOLDER_SIGNATURE, GUARDIAN_REQUIRED, GRANT_NOT_FOUND
   */
  @Transaction()
  @Returns('string')
  async revoke(ctx: LedgerContext, request: string): Promise<string> {
    const signed = parseSignedRevocation(request);
    const { grantId, licenseId } = signed.statement;
    const store = new LicenseStore(ctx.stub);
    const { history, consentBy } = await readConsent(store, signed, 'any');
    if ((await store.grant(history.key, grantId)) === undefined) throw new DomainError('GRANT_NOT_FOUND');
    const existing = await store.revocation(history.key, grantId);
    if (existing !== undefined) return canonicalJson(existing);
    const revocation: Revocation = {
      ...{ schema: 'license-revocation/1', licenseKey: history.key, consentBy, ...signed, ...ctx.moment },
    };
    await store.putRevocation(revocation, await policyOf(ctx.stub, history.head.mspId));
    return tell(ctx, revocation, 'license.revoked', licenseId, grantId);
  }

  /**
   * 延续申请. @param request JSON of `Signed<RenewStatement>`. @returns canonical JSON of the `Renewal`.
   * @throws LICENSE_NOT_FOUND, LICENSE_SUPERSEDED, HOLDER_SIGNATURE, GUARDIAN_REQUIRED, LICENSE_STATE, RENEWAL_LATE
   */
  @Transaction()
  @Returns('string')
  async requestRenewal(ctx: LedgerContext, request: string): Promise<string> {
    const signed = parseSignedRenewal(request);
    const { licenseId } = signed.statement;
    const store = new LicenseStore(ctx.stub);
    const { history, consentBy } = await readConsent(store, signed, 'current');
    const { version } = history.head;
    const existing = await store.renewal(history.key, version);
    if (existing !== undefined) return canonicalJson(existing);
    checkRenewal(history, ctx.moment);
    const renewal: Renewal = {
      ...{ schema: 'license-renewal/1', licenseKey: history.key, version, consentBy, ...signed, ...ctx.moment },
    };
    await store.putRenewal(renewal, await policyOf(ctx.stub, history.head.mspId));
    return tell(ctx, renewal, 'license.renewal-requested', licenseId);
  }

  /**
   * A verifier's reading: consumes one use of the grant and answers with what it allows, in one transaction. The
   * answer holds digests alone, because it stays in the block; values come by `deliver`, or in the holder's file.
   * @param request JSON of `UseRequest`. @returns canonical JSON of the stored `LicenseUse`.
   * @throws LICENSE_NOT_FOUND, HOLDER_SIGNATURE, GUARDIAN_REQUIRED and what `consumeUse` of grant-rules.ts throws
   */
  @Transaction()
  @Returns('string')
  async use(ctx: LedgerContext, request: string): Promise<string> {
    const wanted = parseUseRequest(request);
    const parts = partsOf(wanted.licenseId);
    const store = new LicenseStore(ctx.stub);
    const history = requireHistory(await readHistory(store, parts));
    const grant = await store.grant(history.key, wanted.grantId);
    const uses = await store.uses(history.key, wanted.grantId, GRANT_USES_MAX);
    const id = deriveLicenseEntryId('LU', ctx.actor, history.key, wanted.requestId);
    const existing = uses.find((use) => use.id === id);
    if (existing !== undefined) return repeatOf(existing, wanted);
    const { presentation } = wanted;
    const nonce = presentation?.statement.nonce;
    if (presentation !== undefined) checkHolder(history.head.holder, presentation);
    const use = consumeUse(wanted, {
      ...ctx.facts,
      id,
      type: await readType(store, parts),
      history,
      grant,
      revoked: (await store.revocation(history.key, wanted.grantId)) !== undefined,
      usesCount: uses.length,
      codeUsed: nonce !== undefined && (await store.code(wanted.grantId, nonce)) !== undefined,
    });
    const policy = await policyOf(ctx.stub, ctx.actor.mspId);
    await store.putUse(use, policy);
    if (nonce !== undefined) {
      await store.putCode(wanted.grantId, nonce, { schema: 'license-code/1', useId: id }, policy);
    }
    const { actor, txTime } = ctx.facts;
    const event: LicenseEvent = { kind: 'license.used', licenseId: wanted.licenseId, entryId: id, actor, txTime };
    ctx.emit(event);
    return canonicalJson(use);
  }

  /**
   * The values of the granted fields, for a while after the use that paid for them. To be evaluated on a peer of the
   * issuing organisation, the only ones that have them; never submitted.
   * @param request JSON of `DeliveryRequest` (domain/license-fields.ts). @returns canonical JSON of `SaltedValues`.
   * @throws LICENSE_NOT_FOUND, GRANT_NOT_FOUND, GRANT_MISMATCH, GRANT_REVOKED, GRANT_PERIOD, LICENSE_PURGED
   */
  @Transaction(false)
  @Returns('string')
  async deliver(ctx: LedgerContext, request: string): Promise<string> {
    const { licenseId, grantId, sequence } = parseDeliveryRequest(request);
    const store = new LicenseStore(ctx.stub);
    const { key, head } = requireHistory(await readHistory(store, partsOf(licenseId)));
    const uses = await store.uses(key, grantId, GRANT_USES_MAX);
    const revoked = (await store.revocation(key, grantId)) !== undefined;
    const found = uses.find((each) => each.sequence === sequence);
    const { shown, fields } = checkDelivery(found, revoked, ctx.facts);
    if (head.purged.includes(partsOf(shown).version)) throw new DomainError('LICENSE_PURGED');
    return canonicalJson(await new PrivateValues(ctx.stub, head.mspId).read(shown, Object.keys(fields)));
  }

  /**
   * The holder's trail of one licence: grants, revocations, uses, and every attestation that another region asked for
   * about it, newest first. To be evaluated, never submitted.
   * @param request JSON of `Signed<TrailStatement>`. @returns canonical JSON of `Trail` (domain/attestation-trail.ts).
   * @throws LICENSE_NOT_FOUND, HOLDER_SIGNATURE, GUARDIAN_REQUIRED, CODE_EXPIRED
   */
  @Transaction(false)
  @Returns('string')
  async trail(ctx: LedgerContext, request: string): Promise<string> {
    const signed = parseSignedTrail(request);
    const store = new LicenseStore(ctx.stub);
    const { history } = await readConsent(store, signed, 'any');
    checkFresh(ctx, signed.statement);
    const { before } = signed.statement;
    const grants = before === undefined ? await store.grants(history.key, GRANTS_MAX) : [];
    const trail: TrailEntry[] = [];
    for (const grant of grants) {
      const uses = await store.uses(history.key, grant.id, GRANT_USES_MAX);
      trail.push(...trailOf(grant, await store.revocation(history.key, grant.id), uses));
    }
    const asked = { concern: 'attestation-of-licence', key: history.key, before } as const;
    const { entries, ...page } = await readAttestationTrail(ctx, new AttestationStore(ctx.stub), asked);
    return canonicalJson({ entries: newestFirst([...trail, ...entries]), ...page });
  }

  /**
   * The trail of one matter: every act on the attestations that named the holder's key for it, newest first. To be
   * evaluated, never submitted.
   * @param request JSON of `Signed<MatterTrailStatement>` (domain/attestation-trail.ts). @returns canonical JSON of
   * `Trail`; an unknown key has an empty one. @throws HOLDER_SIGNATURE, CODE_EXPIRED
   */
  @Transaction(false)
  @Returns('string')
  async matterTrail(ctx: LedgerContext, request: string): Promise<string> {
    const signed = parseSignedMatterTrail(request);
    const { holderKey: key, before } = signed.statement;
    checkOwnKey(key, signed);
    checkFresh(ctx, signed.statement);
    const asked = { concern: 'attestation-of-holder', key, before } as const;
    const { entries, ...page } = await readAttestationTrail(ctx, new AttestationStore(ctx.stub), asked);
    return canonicalJson({ entries: newestFirst(entries), ...page });
  }
}

/** A signed question is good for as long as a code that is shown. @throws CODE_EXPIRED */
function checkFresh(ctx: LedgerContext, { notAfter }: { readonly notAfter: string }): void {
  const leftMs = Date.parse(notAfter) - ctx.claimedMs;
  if (leftMs < 0 || leftMs > PRESENTATION_MS_MAX) throw new DomainError('CODE_EXPIRED');
}

/** The licence that a statement is about, once its signature was checked. */
async function readConsent(
  store: LicenseStore,
  signed: Signed<Exclude<HolderStatement, { kind: 'license.present' | 'attestation.trail' }>>,
  version: 'current' | 'any',
): Promise<{ readonly history: LicenseHistory; readonly consentBy: ConsentBy }> {
  const parts = partsOf(signed.statement.licenseId);
  const found = await readHistory(store, parts);
  const history = version === 'current' ? requireCurrent(found, parts) : requireHistory(found);
  return { history, consentBy: checkHolder(history.head.holder, signed) };
}

/** What a holder signed is told without an actor: whoever passed it on is none. */
function tell(
  ctx: LedgerContext,
  stored: object,
  kind: LicenseEventKind,
  licenseId: LicenseId,
  entryId?: EntryId,
): string {
  const { txTime } = ctx.moment;
  const event: LicenseEvent = { kind, licenseId, ...optional('entryId', entryId), txTime };
  ctx.emit(event);
  return canonicalJson(stored);
}
