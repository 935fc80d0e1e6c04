/** A change of a channel that runs; `plan.json` then says what the network is to become. */
export type NetworkChange =
  | { readonly kind: 'organisation-added'; readonly mspId: string }
  /** `peer` by its name, `peer0.chongqing.example`. */
  | { readonly kind: 'peer-renewed'; readonly peer: string }
  /** `consenter` by its host name, `orderer0.orderer.chongqing.example`. */
  | { readonly kind: 'consenter-added' | 'consenter-removed'; readonly consenter: string }
  /** A new authority issues from now on; what the one before issued stays valid until it is retired. */
  | { readonly kind: 'authority-renewed' | 'authority-retired'; readonly mspId: string }
  /** The authority takes back what an identity holds, and the channels refuse it from then on. */
  | { readonly kind: 'identity-revoked'; readonly mspId: string; readonly identity: string }
  /** The channels learn what an authority has taken back. */
  | { readonly kind: 'revocations-published'; readonly mspId: string }
  | { readonly kind: 'batch-changed'; readonly channel: string; readonly rules: BatchChange };

/** When the orderer cuts a block; what is not given stays. Milliseconds and bytes. */
export interface BatchChange {
  readonly timeoutMs?: number;
  readonly maxMessages?: number;
  readonly preferredBytes?: number;
  readonly absoluteBytes?: number;
}
