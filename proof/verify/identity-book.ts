import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../bytes.js';
import { encodeIdentity, type Identity, readIdentity } from '../fabric/identity.js';
import { IDENTITY_REF_BYTES } from '../format/receipt.js';
import { type TrustRoot } from '../trust/trust-root.js';

/** An identity with the bytes that are signed over. */
export interface KnownIdentity extends Identity {
  readonly bytes: Uint8Array;
}

/** Finds identities by reference. */
export type IdentityLookup = (ref: Uint8Array) => KnownIdentity | undefined;

const REMEMBERED_MAX = 4096;

/** The identities that a trust root lists, and those that receipts bring along, read once for all receipts. */
export class IdentityBook {
  readonly #read = new Map<string, KnownIdentity>();
  readonly #listed: ReadonlyMap<string, Hashed>;

  constructor(trust: TrustRoot) {
    const bytes = trust.identities.map(({ mspId, certificate }) => encodeIdentity(mspId, certificate));
    this.#listed = new Map(bytes.map((each) => hashed(each)));
  }

  /**
   * @param carried `msp.SerializedIdentity` in the receipt, which come before the trust root's.
   * @returns a lookup that throws {@link ProofError} PROTOBUF_MALFORMED or CERTIFICATE_MALFORMED for damaged ones
   */
  lookup(carried: readonly Uint8Array[]): IdentityLookup {
    const own = new Map(carried.map((bytes) => hashed(bytes)));
    return (ref) => {
      const name = toHex(ref);
      const found = own.get(name) ?? this.#listed.get(name);
      return found === undefined ? undefined : this.#parse(found);
    };
  }

  #parse({ name, bytes }: Hashed): KnownIdentity {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const identity = { ...readIdentity(bytes), bytes };
    if (this.#read.size < REMEMBERED_MAX) this.#read.set(name, identity);
    return identity;
  }
}

/** Identity bytes and their whole hash: eight bytes of it can be made to collide, and one must not stand for another. */
interface Hashed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function hashed(bytes: Uint8Array): [ref: string, Hashed] {
  const name = toHex(sha256(bytes));
  return [name.slice(0, 2 * IDENTITY_REF_BYTES), { name, bytes }];
}
