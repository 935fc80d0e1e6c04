import { createHash } from 'node:crypto';
import { type ChaincodeStub } from 'fabric-shim';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import {
  parseSaltedValues,
  type SaltedValue,
  type SaltedValues,
  VALUES_TRANSIENT,
} from '../../domain/license-fields.js';
import { type LicenseId } from '../../domain/license-id.js';
import { type FieldName } from '../../domain/license-type.js';

/** The part of Fabric's stub that private values need. */
export type PrivateStub = Pick<
  ChaincodeStub,
  'createCompositeKey' | 'getPrivateData' | 'putPrivateData' | 'purgePrivateData' | 'getTransient'
>;

/**
 * Private values of licences, one key a field, in the issuing organisation's own implicit collection: every peer keeps
 * their hashes, its peers alone the values (Fabric core/chaincode/implicitcollection). This is the one file that
 * deletes anything.
 */
export class PrivateValues {
  readonly #stub: PrivateStub;
  readonly #collection: string;

  /** @param mspId the issuing organisation. */
  constructor(stub: PrivateStub, mspId: string) {
    this.#stub = stub;
    this.#collection = `_implicit_org_${mspId}`;
  }

  /** The values that came with the proposal, outside its arguments. @throws REQUEST_MALFORMED */
  given(): SaltedValues {
    const bytes = this.#stub.getTransient().get(VALUES_TRANSIENT);
    if (bytes === undefined) throw new DomainError('REQUEST_MALFORMED', { where: 'values', wanted: 'transient data' });
    return parseSaltedValues(Buffer.from(bytes).toString('utf8'));
  }

  async put(id: LicenseId, values: SaltedValues): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      await this.#stub.putPrivateData(this.#collection, this.#key(id, name), Buffer.from(canonicalJson(value)));
    }
  }

  /** @returns the values that are there. Only a peer of the issuing organisation has any. */
  async read(id: LicenseId, names: readonly FieldName[]): Promise<SaltedValues> {
    const found: Record<FieldName, SaltedValue> = {};
    for (const name of names) {
      const bytes = await this.#stub.getPrivateData(this.#collection, this.#key(id, name));
      if (bytes.length > 0) found[name] = JSON.parse(Buffer.from(bytes).toString('utf8')) as SaltedValue;
    }
    return found;
  }

  /** Removes values and their history from every peer that has them; the digests on the chain stay. */
  async purge(id: LicenseId, names: readonly FieldName[]): Promise<void> {
    for (const name of names) await this.#stub.purgePrivateData(this.#collection, this.#key(id, name));
  }

  #key(id: LicenseId, name: FieldName): string {
    return this.#stub.createCompositeKey('license-value', [id, name]);
  }
}

/** Pure. Whether values are exactly those whose digests were recorded. @throws LICENSE_FIELDS naming no value */
export function checkValues(digests: Readonly<Record<FieldName, DigestHex>>, values: SaltedValues): void {
  const names = Object.keys(values);
  const complete = names.length === Object.keys(digests).length;
  const fitting = names.every((name) => {
    const given = values[name];
    return given !== undefined && digests[name] === digestOfValue(given);
  });
  if (!complete || !fitting) throw new DomainError('LICENSE_FIELDS', { where: 'values' });
}

/** SHA-256 over the salt's 32 bytes and the value in UTF-8, hex. */
export function digestOfValue({ value, salt }: SaltedValue): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(value, 'utf8').digest('hex');
}
