import { createHash } from 'node:crypto';
import { type ChaincodeStub } from 'fabric-shim';
import { type Attestation } from '../../domain/attestation-record.js';
import {
  type AttestationPayload,
  PAYLOAD_PARSERS,
  type PayloadPart,
  type PayloadParts,
} from '../../domain/attestation-payload.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { type DigestHex } from '../../domain/digests.js';
import { DomainError } from '../../domain/errors.js';
import { type AttestationId } from '../../domain/ids.js';

/** The part of Fabric's stub that private payloads need. */
export type PrivateStub = Pick<
  ChaincodeStub,
  | 'createCompositeKey'
  | 'getTransient'
  | 'getPrivateData'
  | 'getPrivateDataHash'
  | 'putPrivateData'
  | 'purgePrivateData'
>;

/** Name of the payload in a proposal's transient data. */
export const TRANSIENT_NAME = 'payload';

/**
 * Private payloads in the implicit collections of the organisations that are entitled to them: each organisation has
 * one, no definition lists them, and a write needs the endorsement of that organisation's peers (docs/adr).
 * Keys: `attestation-private` with the attestation's id and the part.
 */
export class PrivateStore {
  readonly #stub: PrivateStub;

  constructor(stub: PrivateStub) {
    this.#stub = stub;
  }

  /**
   * The payload that came with this proposal as transient data, checked against the digest that the request names.
   * @throws ATTESTATION_PAYLOAD where there is none or its digest differs; REQUEST_MALFORMED, REQUEST_TOO_LARGE
   */
  received<Part extends PayloadPart>(part: Part, digest: DigestHex): PayloadParts[Part] {
    const bytes = this.#stub.getTransient().get(TRANSIENT_NAME);
    if (bytes === undefined || bytes.length === 0) {
      throw new DomainError('ATTESTATION_PAYLOAD', { part, wanted: `transient data \`${TRANSIENT_NAME}\`` });
    }
    const payload = PAYLOAD_PARSERS[part](Buffer.from(bytes).toString('utf8'));
    if (sha256(canonicalJson(payload)) !== digest) {
      throw new DomainError('ATTESTATION_PAYLOAD', { part, wanted: 'the payload that payloadDigest is the digest of' });
    }
    return payload;
  }

  /** Writes a payload for each organisation. Fabric puts the SHA-256 of the same bytes on the chain. */
  async put(
    mspIds: readonly string[],
    id: AttestationId,
    part: PayloadPart,
    payload: AttestationPayload,
  ): Promise<void> {
    for (const mspId of mspIds) {
      await this.#stub.putPrivateData(collectionOf(mspId), this.#key(id, part), Buffer.from(canonicalJson(payload)));
    }
  }

  /** SHA-256 of what an organisation holds, lower-case hex; every peer knows it. `undefined` where it holds nothing. */
  async digest(mspId: string, id: AttestationId, part: PayloadPart): Promise<string | undefined> {
    const hash = await this.#stub.getPrivateDataHash(collectionOf(mspId), this.#key(id, part));
    return hash.length === 0 ? undefined : Buffer.from(hash).toString('hex');
  }

  /** The bytes that an organisation holds; only its own peers can say. `undefined` where it holds nothing. */
  async read(mspId: string, id: AttestationId, part: PayloadPart): Promise<Uint8Array | undefined> {
    const bytes = await this.#stub.getPrivateData(collectionOf(mspId), this.#key(id, part));
    return bytes.length === 0 ? undefined : bytes;
  }

  /** Has every peer forget the payloads, their history included. What the record says about them stays. */
  async purge({ id, requester, item }: Attestation, parts: readonly PayloadPart[]): Promise<void> {
    for (const mspId of [requester.mspId, item.mspId]) {
      for (const part of parts) await this.#stub.purgePrivateData(collectionOf(mspId), this.#key(id, part));
    }
  }

  #key(id: AttestationId, part: PayloadPart): string {
    return this.#stub.createCompositeKey('attestation-private', [id, part]);
  }
}

/** Name of an organisation's implicit collection (Fabric core/chaincode/implicitcollection). */
export function collectionOf(mspId: string): string {
  return `_implicit_org_${mspId}`;
}

/** @returns lower-case hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
