import { msp } from '@hyperledger/fabric-protos';
import { BoundedMap } from './bounded-map.js';
import { MspError } from './errors.js';
import { type Identity } from './identity.js';
import { Msp } from './msp.js';

const fabricMspType = 0;
const identitiesMax = 4_096;
const serializedBytesMax = 65_536;

/** A statement and who is said to have signed it: `identity` is a serialized identity, `signature` DER. */
export interface SignedMessage {
  readonly identity: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** The organisations of one channel configuration. A new configuration makes a new registry. */
export class MspRegistry {
  readonly #msps: ReadonlyMap<string, Msp>;
  /** Admitted identities by their bytes; refusals are not kept, so hostile bytes cannot push members out. */
  readonly #admitted = new BoundedMap<string, Identity>(identitiesMax);

  private constructor(msps: ReadonlyMap<string, Msp>) {
    this.#msps = msps;
  }

  /**
   * @param configs serialized `msp.MSPConfig` messages; one organisation may appear twice with equal bytes, as it does
   * when it both endorses and orders. @throws MspError MSP_CONFIG and what `Msp` throws
   */
  static fromConfigs(configs: readonly Uint8Array[]): MspRegistry {
    const seen = new Map<string, Uint8Array>();
    const msps = new Map<string, Msp>();
    for (const bytes of configs) {
      const config = readMspConfig(bytes);
      const mspId = config.getName();
      const earlier = seen.get(mspId);
      if (earlier === undefined) {
        seen.set(mspId, bytes);
        msps.set(mspId, new Msp(config));
      } else if (Buffer.compare(earlier, bytes) !== 0) {
        throw new MspError('MSP_CONFIG', `${mspId} is defined twice, differently`);
      }
    }
    return new MspRegistry(msps);
  }

  /** MSP ids in the order of the configuration. */
  get mspIds(): readonly string[] {
    return [...this.#msps.keys()];
  }

  /** @returns the organisation's rules. @throws MspError UNKNOWN_MSP */
  msp(mspId: string): Msp {
    const found = this.#msps.get(mspId);
    if (found === undefined) throw new MspError('UNKNOWN_MSP', `${JSON.stringify(mspId)} is not in the channel`);
    return found;
  }

  /**
   * Turns a serialized identity (64 KiB at most) into an admitted one.
   * @throws MspError UNKNOWN_MSP, CERT_MALFORMED, CERT_UNTRUSTED, CERT_REVOKED, NODE_OU
   */
  deserialize(bytes: Uint8Array): Identity {
    if (bytes.length > serializedBytesMax) throw new MspError('CERT_MALFORMED', 'identity over 64 KiB');
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const known = this.#admitted.get(key);
    if (known !== undefined) return known;
    const serialized = readSerializedIdentity(bytes);
    const identity = this.msp(serialized.getMspid()).admit(serialized.getIdBytes_asU8(), Uint8Array.from(bytes));
    this.#admitted.set(key, identity);
    return identity;
  }

  /**
   * The admitted signers of a set of statements, each once, in order; unknown identities, repeated ones and wrong
   * signatures are left out. The first statement of an identity whose signature verifies counts.
   * Source: Fabric common/policies/policy.go, SignatureSetToValidIdentities.
   */
  validSigners(statements: readonly SignedMessage[]): Identity[] {
    const signers = new Map<string, Identity>();
    for (const { identity: bytes, message, signature } of statements) {
      const identity = this.#tryDeserialize(bytes);
      if (identity === undefined) continue;
      const key = `${identity.mspId} ${identity.certificateId}`;
      if (!signers.has(key) && identity.verify(message, signature)) signers.set(key, identity);
    }
    return [...signers.values()];
  }

  #tryDeserialize(bytes: Uint8Array): Identity | undefined {
    try {
      return this.deserialize(bytes);
    } catch (cause) {
      if (cause instanceof MspError) return undefined;
      throw cause;
    }
  }
}

function readMspConfig(bytes: Uint8Array): msp.FabricMSPConfig {
  try {
    const outer = msp.MSPConfig.deserializeBinary(bytes);
    if (outer.getType() !== fabricMspType) throw new MspError('MSP_CONFIG', `MSP type ${outer.getType()} is not X.509`);
    return msp.FabricMSPConfig.deserializeBinary(outer.getConfig_asU8());
  } catch (cause) {
    if (cause instanceof MspError) throw cause;
    throw new MspError('MSP_CONFIG', 'not a serialized MSPConfig', { cause });
  }
}

function readSerializedIdentity(bytes: Uint8Array): msp.SerializedIdentity {
  try {
    return msp.SerializedIdentity.deserializeBinary(bytes);
  } catch (cause) {
    throw new MspError('CERT_MALFORMED', 'not a serialized identity', { cause });
  }
}
