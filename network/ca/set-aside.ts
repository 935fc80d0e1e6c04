import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { writeAtomically } from '../manager/atomic-file.js';
import { retiredFolder } from '../manager/retired-folder.js';
import { type MemberPlan, type OrganisationPlan } from '../plan/plan.js';

/**
 * Takes a member's keys away, so that `ensureMaterial` makes new ones; its signing certificate is kept among the retired.
 * @throws the file system's own errors
 */
export function setMemberAside(organisation: OrganisationPlan, { id, folder, msp }: MemberPlan): void {
  if (existsSync(msp.certificateFile)) {
    const certificate = readFileSync(msp.certificateFile, 'utf8');
    const { serialNumber } = new X509Certificate(certificate);
    const retired = retiredFolder(organisation);
    mkdirSync(retired, { recursive: true, mode: 0o700 });
    writeAtomically(join(retired, `${id}-${serialNumber.toLowerCase()}.pem`), certificate);
  }
  rmSync(folder, { recursive: true, force: true });
}
