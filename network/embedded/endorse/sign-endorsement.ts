import { type Signer } from '../msp/signer.js';
import { type Endorsement, endorsedBytes } from '../wire/transaction.js';

/** A peer's endorsement of response payload bytes. Source: Fabric core/handlers/endorsement/builtin. */
export function signEndorsement({ identityBytes, sign }: Signer, responsePayload: Uint8Array): Endorsement {
  return { endorser: identityBytes, signature: sign(endorsedBytes(responsePayload, identityBytes)) };
}
