import { type Command } from 'commander';

import { PRESENTATION_MS_MAX } from '../../domain/license-use.js';
import { EXIT } from '../exit-codes.js';
import { type Json, readList, readObject, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { licenseOf, readHolderFile, signStatement } from './holder-file.js';
import { anyGateway } from './options.js';

/** Adds `license trail HOLDER`: who read the licence, when, what for. */
export function addLicenseTrail(group: Command, shell: Shell): void {
  addVerb(group, 'trail <holder-file>', 'who read this licence, when, what for; newest first').action(
    async (path: string, options: CommonOptions) => {
      const holder = readHolderFile(path);
      const licenseId = licenseOf(holder, path);
      const notAfter = new Date(Date.now() + PRESENTATION_MS_MAX - 5_000).toISOString();
      const signed = signStatement(holder, { kind: 'license.trail', licenseId, notAfter });
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'GET',
        path: '/v1/citizens/me/trail',
        holder: Buffer.from(JSON.stringify(signed)).toString('base64url'),
      });
      const lines = readList(body.trail, 'trail').map(readable);
      shell.finish(options, {
        exit: EXIT.match,
        json: body,
        text: lines.length === 0 ? '没有用证记录 nobody read it' : lines.join('\n'),
      });
    },
  );
}

function readable(entry: Json): string {
  const { mspId, unit } = readObject(entry.receiver, 'receiver');
  return [
    `${textOf(entry.txTime)} ${textOf(entry.action)} (${textOf(entry.outcome)})`,
    fields([
      ['机构 receiver', `${textOf(mspId)}:${textOf(unit)}`],
      ['事项 matter', textOf(entry.matterCode)],
      ['目的 purpose', textOf(entry.purpose)],
      ['授权 grant', textOf(entry.grantId)],
    ]),
  ].join('\n');
}
