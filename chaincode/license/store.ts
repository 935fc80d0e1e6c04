import { type EntryId } from '../../domain/ids.js';
import { type LicenseId, type LicenseKey, type LicenseTypeCode } from '../../domain/license-id.js';
import { type RenewalFacts } from '../../domain/license-standing.js';
import { type LicenseType } from '../../domain/license-type.js';
import { type Grant, type LicenseUse, type Revocation } from '../../domain/license-use.js';
import { type LicenseAct, type LicenseHead } from '../../domain/license.js';
import { type Renewal, type RenewalRefusal } from '../../domain/license-renewal.js';
import { type KeyPolicy } from '../endorsement-policy.js';
import { readState, readValue, type StateStub, writeState } from '../state.js';
import { ACTS_MAX } from './limits.js';

/** That a licence was taken over elsewhere. */
export interface TransferMark {
  readonly schema: 'license-transfer/1';
  readonly licenseKey: LicenseKey;
  readonly to: LicenseId;
}

/** That a presentation code was used. */
export interface CodeMark {
  readonly schema: 'license-code/1';
  readonly useId: EntryId;
}

/**
 * The licence contracts' keys, all composite: `license-type` with the type's code; `license-head` with the licence's
 * key; `license-act` with key and sequence; `license-renewal` and `license-renewal-refusal` with key and version;
 * `license-transfer` with key; `license-grant` and `license-revocation` with key and grant; `license-use` with key,
 * grant and sequence; `license-code` with grant and nonce. Acts count up to the head's `sequence` alone, and the head
 * is rewritten under its owner's policy, so nobody else can add one.
 */
export class LicenseStore {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  type(code: LicenseTypeCode): Promise<LicenseType | undefined> {
    return readState<LicenseType>(this.#stub, this.#key('license-type', code));
  }

  putType(type: LicenseType, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('license-type', type.typeCode), type, policy);
  }

  head(key: LicenseKey): Promise<LicenseHead | undefined> {
    return readState<LicenseHead>(this.#stub, this.#key('license-head', key));
  }

  putHead(head: LicenseHead, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('license-head', head.licenseKey), head, policy);
  }

  /** The acts that the head counts, in their sequence. */
  async acts({ licenseKey, sequence }: LicenseHead): Promise<[LicenseAct, ...LicenseAct[]]> {
    const [first, ...rest] = (await this.#under<LicenseAct>('license-act', [licenseKey], ACTS_MAX)).slice(0, sequence);
    if (first === undefined) throw new Error('a licence has no act');
    return [first, ...rest];
  }

  putAct(act: LicenseAct, policy: KeyPolicy): Promise<void> {
    const key = this.#key('license-act', act.licenseKey, digitsOf(act.sequence));
    return writeState(this.#stub, key, act, policy);
  }

  renewal(key: LicenseKey, version: number): Promise<Renewal | undefined> {
    return readState<Renewal>(this.#stub, this.#key('license-renewal', key, digitsOf(version)));
  }

  putRenewal(renewal: Renewal, policy: KeyPolicy): Promise<void> {
    const key = this.#key('license-renewal', renewal.licenseKey, digitsOf(renewal.version));
    return writeState(this.#stub, key, renewal, policy);
  }

  renewalRefusal(key: LicenseKey, version: number): Promise<RenewalRefusal | undefined> {
    return readState<RenewalRefusal>(this.#stub, this.#key('license-renewal-refusal', key, digitsOf(version)));
  }

  putRenewalRefusal(refusal: RenewalRefusal, policy: KeyPolicy): Promise<void> {
    const key = this.#key('license-renewal-refusal', refusal.licenseKey, digitsOf(refusal.version));
    return writeState(this.#stub, key, refusal, policy);
  }

  async renewalFacts(key: LicenseKey, version: number): Promise<RenewalFacts | undefined> {
    if ((await this.renewal(key, version)) === undefined) return undefined;
    return { refused: (await this.renewalRefusal(key, version)) !== undefined };
  }

  transfer(key: LicenseKey): Promise<TransferMark | undefined> {
    return readState<TransferMark>(this.#stub, this.#key('license-transfer', key));
  }

  putTransfer(mark: TransferMark, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('license-transfer', mark.licenseKey), mark, policy);
  }

  grant(key: LicenseKey, id: EntryId): Promise<Grant | undefined> {
    return readState<Grant>(this.#stub, this.#key('license-grant', key, id));
  }

  putGrant(grant: Grant, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('license-grant', grant.licenseKey, grant.id), grant, policy);
  }

  /** @param most one more than this is a bug of the writers. */
  grants(key: LicenseKey, most: number): Promise<Grant[]> {
    return this.#under<Grant>('license-grant', [key], most);
  }

  revocation(key: LicenseKey, id: EntryId): Promise<Revocation | undefined> {
    return readState<Revocation>(this.#stub, this.#key('license-revocation', key, id));
  }

  putRevocation(revocation: Revocation, policy: KeyPolicy): Promise<void> {
    const { licenseKey, statement } = revocation;
    return writeState(this.#stub, this.#key('license-revocation', licenseKey, statement.grantId), revocation, policy);
  }

  /** A range read: of two uses at the same time one conflicts, so a grant is never used more often than it says. */
  uses(key: LicenseKey, grantId: EntryId, most: number): Promise<LicenseUse[]> {
    return this.#under<LicenseUse>('license-use', [key, grantId], most);
  }

  putUse(use: LicenseUse, policy: KeyPolicy): Promise<void> {
    const key = this.#key('license-use', use.licenseKey, use.grantId, digitsOf(use.sequence));
    return writeState(this.#stub, key, use, policy);
  }

  code(grantId: EntryId, nonce: string): Promise<CodeMark | undefined> {
    return readState<CodeMark>(this.#stub, this.#key('license-code', grantId, nonce));
  }

  putCode(grantId: EntryId, nonce: string, mark: CodeMark, policy: KeyPolicy): Promise<void> {
    return writeState(this.#stub, this.#key('license-code', grantId, nonce), mark, policy);
  }

  async #under<Value>(type: string, attributes: string[], most: number): Promise<Value[]> {
    const found: Value[] = [];
    for await (const { value } of this.#stub.getStateByPartialCompositeKey(type, attributes)) {
      found.push(readValue(value) as Value);
      if (found.length > most) throw new Error(`more entries under ${type} than their writers allow`);
    }
    return found;
  }

  #key(type: string, ...attributes: string[]): string {
    return this.#stub.createCompositeKey(type, attributes);
  }
}

/** Six digits, so that the order of keys is the order of numbers. */
function digitsOf(count: number): string {
  return String(count).padStart(6, '0');
}
