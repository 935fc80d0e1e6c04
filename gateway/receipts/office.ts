import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex, type HashAlgorithm } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type EvidenceId } from '../../domain/ids.js';
import { decodeReceipt } from '../../proof/format/codec.js';
import { type Attestation, type AttestCall, type Attester } from '../ledger/attestation.js';
import { RETRY_AFTER_S } from '../ledger/refusals.js';
import { buildReceipt, type ChannelPlace, identitiesOf, type ReceiptParts } from './build.js';
import { type Heart } from './heart.js';
import { type PartSources } from './part-sources.js';
import { type ReceiptGrade, type ReceiptStore } from './receipt-store.js';
import { readStampedTime } from './timestamp.js';

/** What the chain holds under a number: a record or a batch, as its contract stored it. */
export interface Stored {
  readonly schema: string;
  readonly id: EvidenceId;
  readonly txId: string;
}

/** What the office works with. */
export interface OfficeOptions {
  readonly attester: Attester;
  readonly store: ReceiptStore;
  readonly heart: Heart;
  readonly parts: PartSources;
  /** Who asks: the gateway's own identity, which has no role. */
  readonly user: string;
  /** `undefined` while the channel's first block is not indexed. */
  readonly place: () => ChannelPlace | undefined;
}

/**
 * Makes receipts. The first one of a record is stored and is its receipt for ever; what is asked later about standing
 * or absence is made afresh, because it is about the moment.
 */
export class ReceiptOffice {
  readonly store: ReceiptStore;
  readonly #options: OfficeOptions;

  constructor(options: OfficeOptions) {
    this.store = options.store;
    this.#options = options;
  }

  /**
   * The receipt of a record that is committed. @returns `.yz` bytes, the same ones for ever.
   * @throws UNVERIFIABLE_NOW where too few organisations sign now, or a part cannot be had: there are no half receipts
   */
  async issue(stored: Stored, grade: ReceiptGrade = 'standard'): Promise<Uint8Array> {
    const known = this.store.find(stored.id, grade);
    if (known !== undefined) return known;
    return this.store.keep(stored.id, grade, await this.#make(stored, grade));
  }

  /**
   * When an authority stamped the receipt of a record that was issued here, RFC 3339; `undefined` without a time-stamp.
   * The token was judged before it became part of the receipt (`timestamp.ts`).
   */
  trustedTimeOf(id: EvidenceId): string | undefined {
    const known = this.store.find(id, 'standard');
    const token = known && decodeReceipt(known).timestamp;
    return token && readStampedTime(token);
  }

  /** How a record stands now, with a young heartbeat. @returns `.yz` bytes, not stored. @throws as {@link issue} */
  async attestNow(stored: Stored): Promise<Uint8Array> {
    await this.#options.heart.ensure();
    return this.#make(stored, 'standard');
  }

  /**
   * Whether a digest is recorded at all: its absence, or the standing of one record that has it.
   * @returns `.yz` bytes, not stored. @throws as {@link issue}
   */
  async attestDigest(algorithm: HashAlgorithm, digest: DigestHex): Promise<Uint8Array> {
    await this.#options.heart.ensure();
    return buildReceipt(this.#place(), await this.#attest({ transaction: 'proof:digest', args: [algorithm, digest] }));
  }

  /** As {@link attestDigest} for a record's number. */
  async attestAbsence(id: EvidenceId): Promise<Uint8Array> {
    await this.#options.heart.ensure();
    return buildReceipt(this.#place(), await this.#attest({ transaction: 'proof:record', args: [id] }));
  }

  /** Asks members to sign something harmless, so that who they are is known. @throws as {@link issue} */
  async learnSigners(): Promise<void> {
    await this.#attest({ transaction: 'proof:record', args: [`EV${'0'.repeat(32)}`] });
  }

  async #make(stored: Stored, grade: ReceiptGrade): Promise<Uint8Array> {
    const place = this.#place();
    const transaction = stored.schema === 'batch/1' ? 'proof:batch' : 'proof:record';
    const signed = await this.#attest({ transaction, args: [stored.id] });
    const parts: ReceiptParts = { record: Buffer.from(canonicalJson(stored)) };
    return buildReceipt(place, signed, {
      ...parts,
      ...(await this.#options.parts.common(signed)),
      ...(grade === 'audit' ? await this.#options.parts.audit(stored.txId) : {}),
    });
  }

  async #attest(call: Omit<AttestCall, 'user'>): Promise<Attestation> {
    const { attester, user, store } = this.#options;
    const signed = await attester.attest({ user, ...call });
    store.learn(identitiesOf([signed]), signed.chaincode);
    return signed;
  }

  #place(): ChannelPlace {
    const place = this.#options.place();
    if (place === undefined) throw new DomainError('UNVERIFIABLE_NOW', { retryAfter: RETRY_AFTER_S });
    return place;
  }
}
