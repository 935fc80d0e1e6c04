import { type Access, type Custody, type Transfer } from '../../domain/custody.js';
import { type DigestHex, type HashAlgorithm } from '../../domain/digests.js';
import { type Evidence } from '../../domain/evidence.js';
import { type EntryId, type EvidenceId, parseEvidenceId } from '../../domain/ids.js';
import { type Decision, type Objection } from '../../domain/objection.js';
import { type KeyPolicy } from '../endorsement-policy.js';
import { readState, readValue, type StateStub, writeState } from '../state.js';
import { ENTRIES_MAX, FIND_PAGE_SIZE } from './limits.js';
import { type Supersession } from './supersession.js';

/** What stands under `entry`: one key an entry, below the record it is about. */
export interface Entries {
  readonly objection: Objection;
  readonly decision: Decision;
  readonly transfer: Transfer;
  readonly access: Access;
}

/** One kind of entry. */
export type EntryKind = keyof Entries;

/**
 * The evidence contract's keys, all composite: `evidence`, `custody` and `supersession` with the record's id,
 * `digest` with algorithm, value and id, `entry` with the record's id, kind and entry id (a decision has the id of
 * the objection that it decides). Nothing is ever deleted.
 */
export class EvidenceStore {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  record(id: EvidenceId): Promise<Evidence | undefined> {
    return readState<Evidence>(this.#stub, this.#key('evidence', id));
  }

  /** Writes a record and its index entries. The value of an index entry says nothing: its key says it all. */
  async putRecord(record: Evidence, policy: KeyPolicy): Promise<void> {
    await writeState(this.#stub, this.#key('evidence', record.id), record, policy);
    for (const [algorithm, digest] of Object.entries(record.digests)) {
      await this.#stub.putState(this.#key('digest', algorithm, digest, record.id), Buffer.of(0));
    }
  }

  custody(id: EvidenceId): Promise<Custody> {
    return this.#written<Custody>(this.#key('custody', id));
  }

  putCustody(custody: Custody, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('custody', custody.evidenceId), custody, policy);
  }

  supersession(id: EvidenceId): Promise<Supersession> {
    return this.#written<Supersession>(this.#key('supersession', id));
  }

  putSupersession(mark: Supersession, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('supersession', mark.evidenceId), mark, policy);
  }

  entry<Kind extends EntryKind>(kind: Kind, about: EvidenceId, id: EntryId): Promise<Entries[Kind] | undefined> {
    return readState<Entries[Kind]>(this.#stub, this.#key('entry', about, kind, id));
  }

  putEntry<Kind extends EntryKind>(kind: Kind, id: EntryId, entry: Entries[Kind], policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('entry', entry.evidenceId, kind, id), entry, policy);
  }

  /** How many entries of a kind a record has. A range read: a racing entry makes the transaction conflict and retry. */
  async countEntries(kind: EntryKind, about: EvidenceId): Promise<number> {
    let count = 0;
    for await (const _ of this.#stub.getStateByPartialCompositeKey('entry', [about, kind])) count += 1;
    return count;
  }

  /** All entries about a record in one range read. At most {@link ENTRIES_MAX}: the writers see to it. */
  async entries(about: EvidenceId): Promise<{ readonly [Kind in EntryKind]: readonly Entries[Kind][] }> {
    const found: { readonly [Kind in EntryKind]: Entries[Kind][] } = {
      objection: [],
      decision: [],
      transfer: [],
      access: [],
    };
    let count = 0;
    for await (const { key, value } of this.#stub.getStateByPartialCompositeKey('entry', [about])) {
      count += 1;
      if (count > ENTRIES_MAX) throw new Error('a record has more entries than its writers allow');
      const kind = this.#stub.splitCompositeKey(key).attributes[1] as EntryKind;
      found[kind].push(readValue(value) as never);
    }
    return found;
  }

  /**
   * One page of the records that have this digest under this algorithm, ordered by id. Read-only: Fabric forbids
   * writes after a paged read. @param from id to begin at. @returns ids, and the id that the next page begins at.
   */
  async page(
    algorithm: HashAlgorithm,
    digest: DigestHex,
    from: EvidenceId | undefined,
  ): Promise<{ readonly ids: readonly EvidenceId[]; readonly next: EvidenceId | undefined }> {
    const start = from === undefined ? '' : this.#key('digest', algorithm, digest, from);
    const { iterator, ...page } = await this.#stub.getStateByPartialCompositeKeyWithPagination(
      'digest',
      [algorithm, digest],
      FIND_PAGE_SIZE,
      start,
    );
    const ids: EvidenceId[] = [];
    for (let item = await iterator.next(); !item.done; item = await iterator.next()) {
      ids.push(this.#indexedId(item.value.key));
    }
    await iterator.close();
    // fabric-shim 2.5.8 leaves the metadata of an empty page out, although its types promise it (lib/handler.js).
    const { metadata } = page as { readonly metadata?: { readonly bookmark: string } };
    const bookmark = metadata?.bookmark ?? '';
    return { ids, next: bookmark === '' ? undefined : this.#indexedId(bookmark) };
  }

  /** The first record of a digest in the order of ids: an ordinary range read, whose bounds stand in the read set. */
  async firstOf(algorithm: HashAlgorithm, digest: DigestHex): Promise<EvidenceId | undefined> {
    for await (const { key } of this.#stub.getStateByPartialCompositeKey('digest', [algorithm, digest])) {
      return this.#indexedId(key);
    }
    return undefined;
  }

  #indexedId(key: string): EvidenceId {
    return parseEvidenceId(this.#stub.splitCompositeKey(key).attributes[2]);
  }

  #key(type: string, ...attributes: string[]): string {
    return this.#stub.createCompositeKey(type, attributes);
  }

  async #written<Value>(key: string): Promise<Value> {
    const value = await readState<Value>(this.#stub, key);
    if (value === undefined) throw new Error('a record lacks a key that is written with it');
    return value;
  }
}
