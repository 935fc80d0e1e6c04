import { type Attestation, type AttestationObjection } from '../../domain/attestation-record.js';
import { type AttestationItem } from '../../domain/attestation-item.js';
import { type AttestationId, type EntryId } from '../../domain/ids.js';
import { eachOf, ownerAndOneMore } from '../endorsement-policy.js';
import { readState, readValue, type StateStub, writeState } from '../state.js';
import { ITEMS_PAGE_SIZE, OBJECTIONS_MAX } from './limits.js';

/**
 * The attestation contracts' keys, all composite: `attestation` with the id, `attestation-objection` with the record's
 * and its own id, `attestation-item` with the organisation and the item's number. Records and objections need the
 * peers of both regions for every change: the policy is written with the key.
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

/** The key-level policy of everything about one attestation. */
function bothOf({ requester, item }: Attestation) {
  return eachOf([requester.mspId, item.mspId]);
}
