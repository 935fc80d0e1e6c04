import { Info, Returns, Transaction } from 'fabric-contract-api';
import { canonicalJson } from '../../domain/canonical-json.js';
import { DomainError } from '../../domain/errors.js';
import { type LicenseEvent, type LicenseEventKind } from '../../domain/license-event.js';
import { parseEnrolRequest, parseFieldsRequest } from '../../domain/license-fields.js';
import { readLicenseParts } from '../../domain/license-id.js';
import { type LicenseFace, type LicenseHead, partsOf } from '../../domain/license.js';
import { type LicenseId, type LicenseParts } from '../../domain/license-id.js';
import { type Clock } from '../clock-guard.js';
import { GuardedContract } from '../guarded-contract.js';
import { LedgerContext } from '../ledger-context.js';
import { policyOf, readOwnType } from './authority.js';
import { faceActOf, type LicenseHistory, readHistory, requireHistory } from './history.js';
import { checkValues, PrivateValues } from './private-values.js';
import { LicenseStore } from './store.js';

/**
 * What an authority keeps about the holder of a licence: the private values of its face, in its own organisation's
 * private data, and the keys that act for the holder. Only the authority, or its superior in the same organisation.
 */
@Info({ title: 'licenseFields', description: 'Private face fields and holders of licences.' })
export class LicenseFieldsContract extends GuardedContract {
  constructor(clock?: Clock) {
    super('licenseFields', clock);
  }

  /**
   * Keeps the values whose digests were recorded. They come as transient data `values`, JSON of `SaltedValues`
   * (domain/license-fields.ts), and nothing public is written, so that the own organisation's peer alone endorses it
   * and no other one sees them. Once more writes the same.
   * @param request JSON of `FieldsRequest`. @returns canonical JSON `{licenseId, txId, fields}` with the names alone.
   * @throws LICENSE_NOT_FOUND, LICENSE_AUTHORITY, LICENSE_FIELDS, LICENSE_PURGED
   */
  @Transaction()
  @Returns('string')
  async keep(ctx: LedgerContext, request: string): Promise<string> {
    const { licenseId } = parseFieldsRequest(request);
    const { face, values } = await this.#open(ctx, partsOf(licenseId));
    const given = values.given();
    checkValues(face.fields, given);
    await values.put(licenseId, given);
    const { txId } = tellAbout(ctx, 'license.fields-kept', licenseId);
    return canonicalJson({ licenseId, txId, fields: Object.keys(given) });
  }

  /**
   * The kept values, for the authority itself; to be evaluated, never submitted.
   * @param id of a version. @returns canonical JSON of `SaltedValues`.
   * @throws LICENSE_NOT_FOUND, LICENSE_AUTHORITY, LICENSE_PURGED
   */
  @Transaction(false)
  @Returns('string')
  async read(ctx: LedgerContext, id: string): Promise<string> {
    const parts = readLicenseParts(id, { legacy: true });
    const { face, values, licenseId } = await this.#open(ctx, parts);
    return canonicalJson(await values.read(licenseId, Object.keys(face.fields)));
  }

  /**
   * 删除: removes the private values of a version from every peer, history included. Digests and status stay.
   * @param request JSON of `FieldsRequest`. @returns canonical JSON `{licenseId, txId, purged: true}`.
   * @throws LICENSE_NOT_FOUND, LICENSE_AUTHORITY, LICENSE_PURGED where that was done
   */
  @Transaction()
  @Returns('string')
  async purge(ctx: LedgerContext, request: string): Promise<string> {
    const { licenseId } = parseFieldsRequest(request);
    const parts = partsOf(licenseId);
    const { face, values, history } = await this.#open(ctx, parts);
    await values.purge(licenseId, Object.keys(face.fields));
    const head = { ...history.head, purged: [...history.head.purged, parts.version] };
    await this.#putHead(ctx, head);
    const { txId } = tellAbout(ctx, 'license.fields-purged', licenseId);
    return canonicalJson({ licenseId, txId, purged: true });
  }

  /**
   * Enrols the key that acts for the holder, and a guardian's where one must (PIPL article 31).
   * @param request JSON of `EnrolRequest`. @returns canonical JSON `{licenseId, txId, holder}`.
   * @throws LICENSE_NOT_FOUND, LICENSE_AUTHORITY
   */
  @Transaction()
  @Returns('string')
  async enrol(ctx: LedgerContext, request: string): Promise<string> {
    const { licenseId, holder } = parseEnrolRequest(request);
    const store = new LicenseStore(ctx.stub);
    const history = await this.#own(ctx, store, partsOf(licenseId));
    await this.#putHead(ctx, { ...history.head, holder });
    const { txId } = tellAbout(ctx, 'license.holder-enrolled', licenseId);
    return canonicalJson({ licenseId, txId, holder });
  }

  async #own(ctx: LedgerContext, store: LicenseStore, parts: LicenseParts): Promise<LicenseHistory> {
    const history = requireHistory(await readHistory(store, parts));
    await readOwnType(store, parts, ctx.actor);
    // A superior of another organisation decides about the licence, but has no part in what is kept about its holder.
    if (ctx.actor.mspId !== history.head.mspId) throw new DomainError('LICENSE_AUTHORITY', { where: 'caller' });
    return history;
  }

  async #open(
    ctx: LedgerContext,
    parts: LicenseParts,
  ): Promise<{ history: LicenseHistory; face: LicenseFace; values: PrivateValues; licenseId: LicenseId }> {
    const history = await this.#own(ctx, new LicenseStore(ctx.stub), parts);
    const { request, licenseId } = faceActOf(history.acts, parts.version);
    if (history.head.purged.includes(parts.version)) throw new DomainError('LICENSE_PURGED');
    if (request.face === undefined) throw new Error('the act that made a version has no face');
    return { history, face: request.face, values: new PrivateValues(ctx.stub, history.head.mspId), licenseId };
  }

  async #putHead(ctx: LedgerContext, head: LicenseHead): Promise<void> {
    await new LicenseStore(ctx.stub).putHead(head, await policyOf(ctx.stub, head.mspId));
  }
}

function tellAbout(ctx: LedgerContext, kind: LicenseEventKind, licenseId: LicenseId): { readonly txId: string } {
  const { actor, txTime, txId } = ctx.facts;
  const event: LicenseEvent = { kind, licenseId, actor, txTime };
  ctx.emit(event);
  return { txId };
}
