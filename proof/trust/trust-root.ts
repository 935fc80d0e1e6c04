/** Where a certificate's organisational units say what its holder is (Fabric msp, NodeOUs). */
export interface NodeUnits {
  readonly peer: NodeUnit;
  readonly orderer?: NodeUnit;
}

/** One role's unit; with a certificate it counts only below that authority. */
export interface NodeUnit {
  readonly unit: string;
  readonly authority?: string;
}

/** A certificate that its organisation took back. */
export interface Revocation {
  /** Hex of the issuer's name in DER. */
  readonly issuer: string;
  /** Hex of the serial number without leading zeros. */
  readonly serial: string;
  /** RFC 3339. */
  readonly revokedAt: string;
}

/** An organisation as a configuration block describes it. Certificates are PEM. */
export interface Organisation {
  readonly mspId: string;
  readonly roots: readonly string[];
  readonly intermediates: readonly string[];
  /** Absent where node units are not enabled: then no certificate of it is known to be a peer's. */
  readonly nodeUnits?: NodeUnits;
  readonly revoked: readonly Revocation[];
}

/** One of the consenters of a BFT ordering service. */
export interface Consenter {
  readonly id: number;
  readonly mspId: string;
  readonly certificate: string;
}

/** Whose signatures make a block. */
export type Ordering =
  | { readonly rule: 'quorum'; readonly quorum: number; readonly consenters: readonly Consenter[] }
  | { readonly rule: 'any'; readonly role: 'orderer' | 'member'; readonly mspIds: readonly string[] };

/** What one configuration block laid down, until the next one. */
export interface Epoch {
  /** The configuration block's number. */
  readonly configBlock: number;
  /** The configuration's own number, which grows by one with every change. */
  readonly sequence: number;
  /** The configuration block's time, RFC 3339: its writer's claim. */
  readonly from: string;
  /** Fabric's consensus type, `BFT`, `etcdraft` or `yinzheng-embedded`. */
  readonly consensus: string;
  readonly organisations: readonly Organisation[];
  readonly ordererOrganisations: readonly Organisation[];
  readonly ordering: Ordering;
}

/** What the consortium demands of an attestation; no configuration block says it. */
export interface AttestationPolicy {
  /** Distinct organisations whose peers must have signed. */
  readonly organisationsMin: number;
  /** MSP ids whose signatures count. */
  readonly organisations: readonly string[];
  /** Chaincodes whose answers count, with every version that was ever deployed. */
  readonly chaincodes: readonly { readonly name: string; readonly versions: readonly string[] }[];
  /** How long after its attestation an answer on the standing may be used, in milliseconds. */
  readonly standingAgeMsMax: number;
}

/** Whose time-stamps count: a root or the authority's own certificate in PEM, and the policies under which it stamps. */
export interface TimestampAuthority {
  readonly certificate: string;
  /** Object identifiers; empty for any. */
  readonly policies: readonly string[];
}

/** A peer or gateway whose certificate receipts may name by reference. Listing one grants nothing. */
export interface ListedIdentity {
  readonly mspId: string;
  /** Exactly as the holder's MSP folder has it: these bytes are signed over. */
  readonly certificate: string;
}

/** Everything that a verifier takes on trust. Normative text: docs/formats/trust-root.md. */
export interface TrustRoot {
  readonly schema: 'trust-root/1';
  readonly channel: string;
  /** Hex of the SHA-256 of the genesis block's header. */
  readonly genesis: string;
  readonly policy: AttestationPolicy;
  readonly epochs: readonly Epoch[];
  readonly identities: readonly ListedIdentity[];
  readonly timestampAuthorities: readonly TimestampAuthority[];
}
