import { readFileSync } from 'node:fs';
import { type MemberPlan } from '../plan/plan.js';
import { createSigner, type Signer } from './msp/signer.js';

/** Reads a member's signing certificate and key. @throws MspError CERT_MALFORMED, or the system's error for a missing file */
export function readSigner(mspId: string, { msp }: Pick<MemberPlan, 'msp'>): Signer {
  return createSigner({
    mspId,
    certificatePem: readFileSync(msp.certificateFile, 'utf8'),
    privateKeyPem: readFileSync(msp.privateKeyFile, 'utf8'),
  });
}
