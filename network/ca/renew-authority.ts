import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { retiredFolder } from '../manager/retired-folder.js';
import { type AuthorityFiles, type OrganisationPlan } from '../plan/plan.js';
import { CertificateAuthority, type KeyMaterial } from './certificate-authority.js';
import { replaceFolder } from './folder.js';
import { authorityFiles } from './layout.js';

type Organisation = Pick<OrganisationPlan, 'ca' | 'domain' | 'folder'>;

/**
 * Makes the authority that is to follow the one in use, in a folder beside it, or finds the one of a renewal that was
 * cut off. Nothing is issued by it yet. @returns its certificate, PEM. @throws the file system's own errors
 */
export async function prepareAuthority({ ca, domain, folder }: Organisation, nowMs: number): Promise<string> {
  const next = filesIn(nextFolder(ca), ca);
  if (existsSync(next.certificateFile)) return readFileSync(next.certificateFile, 'utf8');
  const { material } = await CertificateAuthority.create(ca.name, domain, nowMs);
  const scratch = join(folder, '.unfinished');
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  replaceFolder(nextFolder(ca), authorityFiles(ca.name, material), { scratch, isDurable: true });
  return material.certificatePem;
}

/** Puts the prepared authority in use; the one before is kept, because it signs its own revocation lists. */
export function putInUse({ ca, folder }: Organisation): void {
  const { serialNumber } = new X509Certificate(readFileSync(ca.certificateFile));
  const kept = join(
    retiredFolder({ folder }),
    `${basename(dirname(ca.certificateFile))}-${serialNumber.toLowerCase()}`,
  );
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  if (!existsSync(kept)) renameSync(dirname(ca.certificateFile), kept);
  renameSync(nextFolder(ca), dirname(ca.certificateFile));
}

/** Authorities that were in use before, oldest first. */
export function readRetiredAuthorities({ ca, folder }: Organisation): KeyMaterial[] {
  const below = retiredFolder({ folder });
  const prefix = `${basename(dirname(ca.certificateFile))}-`;
  const names = existsSync(below) ? readdirSync(below).filter((name) => name.startsWith(prefix)) : [];
  const found = names.map((name) => {
    const { certificateFile, privateKeyFile } = filesIn(join(below, name), ca);
    return {
      certificatePem: readFileSync(certificateFile, 'utf8'),
      privateKeyPem: readFileSync(privateKeyFile, 'utf8'),
    };
  });
  const begin = ({ certificatePem }: KeyMaterial): number =>
    new X509Certificate(certificatePem).validFromDate.getTime();
  return found.toSorted((a, b) => begin(a) - begin(b));
}

function filesIn(folder: string, { certificateFile, privateKeyFile }: AuthorityFiles) {
  return {
    certificateFile: join(folder, basename(certificateFile)),
    privateKeyFile: join(folder, basename(privateKeyFile)),
  };
}

function nextFolder({ certificateFile }: AuthorityFiles): string {
  return `${dirname(certificateFile)}.next`;
}
