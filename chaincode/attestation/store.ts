import { type Attestation, type AttestationObjection } from '../../domain/attestation-record.js';
import { type AttestationItem } from '../../domain/attestation-item.js';
import { type AttestationId, type EntryId } from '../../domain/ids.js';
import { eachOf, ownerAndOneMore } from '../endorsement-policy.js';
import { readState, readValue, type StateStub, writeState } from '../state.js';
import { licenseKeyOf, readLicenseParts } from '../../domain/license-id.js';
import { ITEMS_PAGE_SIZE, OBJECTIONS_MAX, TRAIL_PAGE_SIZE } from './limits.js';

/** What an attestation concerns: a licence of this chain by its key, or a matter by the holder's key for it. */
export type Concern = 'attestation-of-licence' | 'attestation-of-holder';

/** One page of what concerns somebody, newest first by the time of the request. */
export interface ConcernPage {
  readonly records: readonly Attestation[];
  /** Where older ones follow, the time before which they were asked for. */
  readonly older: string | undefined;
}

/** That an attestation concerns somebody; never changed. */
interface ConcernMark {
  readonly schema: 'attestation-concern/1';
  readonly id: AttestationId;
}

/**
 * The attestation contracts' keys, all composite: `attestation` with the id, `attestation-objection` with the record's
 * and its own id, `attestation-item` with the organisation and the item's number; `attestation-of-licence` with the
 * licence's key and `attestation-of-holder` with the holder's key for the matter, each followed by the time of the
 * request, counted backwards, and the id. Records, objections and marks need the peers of both regions for every
 * change: the policy is written with the key.
 */
export class AttestationStore {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  record(id: AttestationId): Promise<Attestation | undefined> {
    return readState<Attestation>(this.#stub, this.#key('attestation', id));
  }

  putRecord(record: Attestation): Promise<void> {
    return writeState(this.#stub, this.#key('attestation', record.id), record, bothOf(record));
  }

  /** Marks whom a new record concerns, so that they find it. */
  async putConcern(record: Attestation): Promise<void> {
    const { id, licence, holderKey, txTime } = record;
    const mark: ConcernMark = { schema: 'attestation-concern/1', id };
    const concerned: (readonly [Concern, string])[] = [];
    if (licence !== undefined) concerned.push(['attestation-of-licence', licenseKeyOf(readLicenseParts(licence))]);
    if (holderKey !== undefined) concerned.push(['attestation-of-holder', holderKey]);
    for (const [concern, key] of concerned) {
      await writeState(this.#stub, this.#key(concern, key, backwards(Date.parse(txTime)), id), mark, bothOf(record));
    }
  }

  /** For calls that are evaluated: Fabric allows no write after a paged read. @param before RFC 3339, exclusive. */
  async concerning(concern: Concern, key: string, before: string | undefined): Promise<ConcernPage> {
    const start = before === undefined ? '' : this.#key(concern, key, backwards(Date.parse(before) - 1));
    const { iterator } = await this.#stub.getStateByPartialCompositeKeyWithPagination(
      concern,
      [key],
      TRAIL_PAGE_SIZE + 1,
      start,
    );
    const records: Attestation[] = [];
    for (let each = await iterator.next(); !each.done; each = await iterator.next()) {
      const record = await this.record((readValue(each.value.value) as ConcernMark).id);
      if (record !== undefined) records.push(record);
    }
    await iterator.close();
    const page = records.slice(0, TRAIL_PAGE_SIZE);
    const next = records[TRAIL_PAGE_SIZE];
    return { records: page, older: next && new Date(Date.parse(next.txTime) + 1).toISOString() };
  }

  objection(about: AttestationId, id: EntryId): Promise<AttestationObjection | undefined> {
    return readState<AttestationObjection>(this.#stub, this.#key('attestation-objection', about, id));
  }

  putObjection(record: Attestation, objection: AttestationObjection): Promise<void> {
    const key = this.#key('attestation-objection', record.id, objection.id);
    return writeState(this.#stub, key, objection, bothOf(record));
  }

  /** All objections to a record, by id. */
  async objections(about: AttestationId): Promise<readonly AttestationObjection[]> {
    const found: AttestationObjection[] = [];
    for await (const { value } of this.#stub.getStateByPartialCompositeKey('attestation-objection', [about])) {
      if (found.length >= OBJECTIONS_MAX) throw new Error('an attestation has more objections than its writers allow');
      found.push(readValue(value) as AttestationObjection);
    }
    return found;
  }

  item(mspId: string, itemId: string): Promise<AttestationItem | undefined> {
    return readState<AttestationItem>(this.#stub, this.#key('attestation-item', mspId, itemId));
  }

  putItem(item: AttestationItem, members: readonly string[]): Promise<void> {
    const key = this.#key('attestation-item', item.mspId, item.itemId);
    return writeState(this.#stub, key, item, ownerAndOneMore(item.mspId, members));
  }

  /** One page of an organisation's items by number. @param from number to begin at. @returns items, and where the next page begins. */
  async items(
    mspId: string,
    from: string | undefined,
  ): Promise<{ readonly items: readonly AttestationItem[]; readonly next: string | undefined }> {
    const start = from === undefined ? '' : this.#key('attestation-item', mspId, from);
    const { iterator, ...page } = await this.#stub.getStateByPartialCompositeKeyWithPagination(
      'attestation-item',
      [mspId],
      ITEMS_PAGE_SIZE,
      start,
    );
    const items: AttestationItem[] = [];
    for (let each = await iterator.next(); !each.done; each = await iterator.next()) {
      items.push(readValue(each.value.value) as AttestationItem);
    }
    await iterator.close();
    // fabric-shim 2.5.8 leaves the metadata of an empty page out, although its types promise it (lib/handler.js).
    const { metadata } = page as { readonly metadata?: { readonly bookmark: string } };
    const bookmark = metadata?.bookmark ?? '';
    return { items, next: bookmark === '' ? undefined : this.#stub.splitCompositeKey(bookmark).attributes[1] };
  }

  #key(type: string, ...attributes: string[]): string {
    return this.#stub.createCompositeKey(type, attributes);
  }
}

/** Time as digits whose order is newest first. @param ms Unix milliseconds, before the year 2286 */
function backwards(ms: number): string {
  return String(9_999_999_999_999 - ms).padStart(13, '0');
}

/** The key-level policy of everything about one attestation. */
function bothOf({ requester, item }: Attestation) {
  return eachOf([requester.mspId, item.mspId]);
}
