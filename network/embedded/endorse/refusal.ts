/** Which answer of `ProcessProposal` a refusal is, as far as a gateway treats them differently. */
export type RefusalKind =
  /** The proposal itself is refused: malformed, wrong signature, not allowed. Asking another peer changes nothing. */
  | 'proposal'
  /** Refused before the endorser looked at it, so that there is no `ProposalResponse` at all. */
  | 'filter'
  /** The chaincode process is gone; another peer may still have one. */
  | 'chaincode-gone'
  /** The peer could not do it. */
  | 'peer';

/** A peer's refusal to run a proposal. `message` is Fabric's text. */
export class EndorsementRefusal extends Error {
  override readonly name = 'EndorsementRefusal';
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
