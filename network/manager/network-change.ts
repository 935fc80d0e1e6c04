/** A change of a channel that runs; `plan.json` then says what the network is to become. */
export type NetworkChange =
  | { readonly kind: 'organisation-added'; readonly mspId: string }
  /** `peer` by its name, `peer0.chongqing.example`. */
  | { readonly kind: 'peer-renewed'; readonly peer: string }
  /** `consenter` by its host name, `orderer0.orderer.chongqing.example`. */
  | { readonly kind: 'consenter-added' | 'consenter-removed'; readonly consenter: string };
