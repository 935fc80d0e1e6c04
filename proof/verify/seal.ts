import { concat, toHex, utf8 } from '../bytes.js';
import { attestationBytes } from '../format/codec.js';
import { type Attestation, type SealPart } from '../format/receipt.js';
import { findMember, type Signers, type SigningMoment, verifyBy } from './endorsements.js';
import { CheckFailed, demand } from './finding.js';

/** The one algorithm of seals that is known here. */
export const SEAL_ALGORITHM = 'ecdsa-p256-sha256';

/** What a seal signs: a name of its purpose, so that no other signature passes for one, and the attestation. */
export function sealedBytes(attestation: Attestation): Uint8Array {
  return concat(utf8('yinzheng-seal-1'), Uint8Array.of(0), attestationBytes(attestation));
}

/** Step `seal`. @returns MSP id and name of the sealing certificate. @throws CheckFailed, ProofError */
export async function checkSeal(
  seal: SealPart | undefined,
  attestation: Attestation,
  moment: SigningMoment,
  signers: Signers,
): Promise<{ mspId: string; certificate: string }> {
  if (seal === undefined) throw new CheckFailed('SKIPPED', 'PART_ABSENT');
  demand(seal.algorithm === SEAL_ALGORITHM, 'SEAL_ALGORITHM');
  const identity = signers.identities(seal.signer);
  if (identity === undefined) throw new CheckFailed('ERROR', 'ENDORSER_UNKNOWN', { ref: toHex(seal.signer) });
  const member = await findMember(identity, moment, signers);
  await verifyBy(member, seal.signature, sealedBytes(attestation), signers, 'SEAL_SIGNATURE');
  return { mspId: member.mspId, certificate: member.certificate.commonName };
}
