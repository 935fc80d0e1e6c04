import { type Command } from 'commander';

import { CUSTODY_PURPOSES } from '../../domain/custody.js';
import { optional, readWord } from '../../domain/fields.js';
import { parseEvidenceId } from '../../domain/ids.js';
import { readOrganisations } from '../caller.js';
import { CliError } from '../cli-error.js';
import { type EntryOptions, writeEntry } from '../entry.js';
import { printable } from '../printable.js';
import { saltFile } from '../salt.js';
import { addEntryVerb, folderOf, type Shell } from '../shell.js';
import { checkReceiver } from '../users.js';

interface HandoverOptions extends EntryOptions {
  readonly to: string;
  readonly purpose: string;
  readonly authority?: string;
}

/** Adds `handover ID`: offers custody to another unit; it stays pending until that unit answers (requirement R20). */
export function addHandover(program: Command, shell: Shell): void {
  addEntryVerb(program, 'handover <id>', 'hand custody of a record over to another unit')
    .requiredOption('--to <msp:unit>', 'the receiver, such as ZhejiangMSP:12330200MB2Y00013W')
    .requiredOption('--purpose <word>', CUSTODY_PURPOSES.join(', '))
    .option('--authority <file>', 'the document that authorises it; only its salted digest is recorded')
    .action(async (id: string, options: HandoverOptions) => {
      const evidenceId = parseEvidenceId(id);
      const [mspId, unit, ...rest] = options.to.split(':');
      if (mspId === undefined || unit === undefined || rest.length > 0) {
        throw new CliError('USAGE', { option: '--to', wanted: 'an MSP id, a colon and a unit code' });
      }
      const purpose = readWord(options.purpose, CUSTODY_PURPOSES, 'purpose');
      checkReceiver(readOrganisations(folderOf(options)), mspId, unit);
      const authority = options.authority === undefined ? undefined : await saltFile(options.authority);
      await writeEntry(shell, options, {
        roles: ['clerk', 'notary', 'officer'],
        path: `/v1/evidence/${evidenceId}/custody`,
        body: { to: { mspId, unit }, purpose, ...optional('authorityDigest', authority?.digest) },
        next: (transferId) =>
          [
            '接收人答复前可撤回；until it is answered it may be taken back:',
            `  yinzheng answer ${evidenceId} \\`,
            `    ${transferId} withdrawn --as ${printable(options.as ?? '')}`,
          ].join('\n'),
        title: '移交待接收 hand-over offered; it is pending until the receiver answers',
        ...optional('kept', authority),
      });
    });
}
