import { type Command } from 'commander';

import { optional } from '../../domain/fields.js';
import { PRESENTATION_MS_MAX } from '../../domain/license-use.js';
import { EXIT } from '../exit-codes.js';
import { readList, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { trailLine } from '../trail-text.js';
import { licenseOf, openHolder, signStatement } from './holder-file.js';
import { addGuardian, anyGateway, type HolderOptions } from './options.js';

interface TrailOptions extends CommonOptions, HolderOptions {
  readonly before?: string;
}

/** Adds `license trail HOLDER`: who read the licence or asked another region about it, when, what for. */
export function addLicenseTrail(group: Command, shell: Shell): void {
  addGuardian(
    addVerb(group, 'trail <holder-file>', 'who read this licence or asked about it, when, what for; newest first'),
  )
    .option('--before <time>', 'the next page of a long trail: the time that the page before named')
    .action(async (path: string, options: TrailOptions) => {
      const { holder, signer } = openHolder(path, options.guardian);
      const licenseId = licenseOf(holder, path);
      const notAfter = new Date(Date.now() + PRESENTATION_MS_MAX - 5_000).toISOString();
      const question = { kind: 'license.trail', licenseId, notAfter, ...optional('before', options.before) } as const;
      const signed = signStatement(signer, question);
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'GET',
        path: '/v1/citizens/me/trail',
        holder: Buffer.from(JSON.stringify(signed)).toString('base64url'),
      });
      const lines = readList(body.trail, 'trail').map(trailLine);
      const older = body.older === undefined ? [] : [`更早的 older: --before ${textOf(body.older)}`];
      shell.finish(options, {
        exit: EXIT.match,
        json: body,
        text: lines.length === 0 ? '没有用证记录 nobody read it' : [...lines, ...older].join('\n'),
      });
    });
}
