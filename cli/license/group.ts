import { type Command } from 'commander';

import { type Shell } from '../shell.js';
import { addLicenseDefine } from './define.js';
import { addLicenseEnrol } from './enrol.js';
import { addLicenseIntegrity } from './integrity.js';
import { addLicenseIssue } from './issue.js';
import { addLicenseKey } from './key.js';
import { addLicenseOperate } from './operate.js';
import { addLicensePresent } from './present.js';
import { addLicensePurge } from './purge.js';
import { addLicenseRead } from './read.js';
import { addLicenseRefuseRenewal, addLicenseRenew } from './renew.js';
import { addLicenseRevoke } from './revoke.js';
import { addLicenseStatus } from './status.js';
import { addLicenseTrail } from './trail.js';
import { addLicenseUse } from './use.js';

const VERBS = [
  addLicenseDefine,
  addLicenseKey,
  addLicenseIssue,
  addLicenseStatus,
  addLicenseOperate,
  addLicensePresent,
  addLicenseUse,
  addLicenseRevoke,
  addLicenseTrail,
  addLicenseRenew,
  addLicenseRefuseRenewal,
  addLicenseEnrol,
  addLicenseRead,
  addLicenseIntegrity,
  addLicensePurge,
] as const;

/** Adds `license`: 电子证照, for authorities, holders and those whom a licence is shown. */
export function addLicense(program: Command, shell: Shell): void {
  const group = program
    .command('license')
    .description('电子证照 electronic licences: issue, status, operate; present and use');
  for (const add of VERBS) add(group, shell);
}
