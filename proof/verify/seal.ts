import { SM2_KEY, sm2KeyOf, verifySm2 } from '../crypto/sm2.js';
import { concat, toHex, utf8 } from '../bytes.js';
import { attestationBytes } from '../format/codec.js';
import { type Attestation, type SealPart } from '../format/receipt.js';
import { findMember, type Signers, type SigningMoment } from './endorsements.js';
import { CheckFailed, demand } from './finding.js';

/** The one algorithm of seals: SM2 over SM3 under the default id (GM/T 0009). */
export const SEAL_ALGORITHM = 'sm2-sm3';

/** Organisational unit of the certificates that may seal: no clerk's, peer's or gateway's has it. */
export const SEAL_UNIT = 'seal';

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
  const { mspId, certificate } = await findMember(identity, moment, signers);
  const details = { mspId, certificate: certificate.commonName };
  demand(certificate.units.includes(SEAL_UNIT) && certificate.keyAlgorithm === SM2_KEY, 'SEAL_CERTIFICATE', details);
  demand(verifySm2(sm2KeyOf(certificate.key), seal.signature, sealedBytes(attestation)), 'SEAL_SIGNATURE', details);
  return details;
}
