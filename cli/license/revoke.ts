import { type Command } from 'commander';

import { parseEntryId } from '../../domain/ids.js';
import { EXIT } from '../exit-codes.js';
import { readText } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { licenseOf, openHolder, signStatement } from './holder-file.js';
import { addGuardian, anyGateway, type HolderOptions } from './options.js';

/** Adds `license revoke HOLDER GRANT`: takes a grant back. */
export function addLicenseRevoke(group: Command, shell: Shell): void {
  addGuardian(addVerb(group, 'revoke <holder-file> <grant>', 'take a grant back; earlier uses stay lawful')).action(
    async (path: string, grant: string, options: CommonOptions & HolderOptions) => {
      const { holder, signer } = openHolder(path, options.guardian);
      const grantId = parseEntryId('LG', grant);
      const licenseId = licenseOf(holder, path);
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'POST',
        path: `/v1/licenses/${licenseId}/grants/${grantId}/revocation`,
        body: signStatement(signer, { kind: 'license.revoke', licenseId, grantId }),
      });
      const text = [
        '授权已撤回 grant taken back',
        fields([
          ['授权 grant', grantId],
          ['交易 tx', readText(body.txId, 'txId')],
        ]),
      ];
      shell.finish(options, { exit: EXIT.match, json: body, text: text.join('\n') });
    },
  );
}
