import { type Command } from 'commander';

import { parseLicenseId } from '../../domain/license-id.js';
import { LICENSE_VERDICTS, type LicenseVerdict } from '../../domain/license-standing.js';
import { licenseWording } from '../../domain/license-wording.js';
import { readWord } from '../../domain/fields.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Json, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { anyGateway } from './options.js';

interface StatusOptions extends CommonOptions {
  readonly asOf?: string;
}

/** Adds `license status ID`: whether it is good, now or as of a day. Nobody logs in, and nothing personal is told. */
export function addLicenseStatus(group: Command, shell: Shell): void {
  addVerb(group, 'status <id>', 'is this licence good? Tells nothing about its holder')
    .option('--as-of <day>', 'as of the end of this day, or a time')
    .addHelpText('after', '\nExit code: 0 valid; 1 not valid, or not found; 2 cannot decide; 64 misuse')
    .action(async (text: string, options: StatusOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const query = options.asOf === undefined ? '' : `?asOf=${encodeURIComponent(options.asOf)}`;
      const url = anyGateway(folderOf(options));
      const { body } = await callGateway(url, { method: 'GET', path: `/v1/licenses/${id}/status${query}` });
      const verdict = readWord(body.verdict, LICENSE_VERDICTS, 'verdict');
      shell.finish(options, { exit: exitOf(verdict), json: body, text: readable(verdict, body) });
    });
}

/** A transfer under way, or a later version, is no plain yes. */
function exitOf(verdict: LicenseVerdict): ExitCode {
  if (verdict === 'UNVERIFIABLE_NOW') return EXIT.cannotDecide;
  return verdict === 'VALID' ? EXIT.match : EXIT.no;
}

function readable(verdict: LicenseVerdict, body: Json): string {
  const { zh, en } = licenseWording(verdict);
  const rows = [
    ['证照标识 id', textOf(body.licenseId)],
    ['截至 as of', textOf(body.asOf)],
    ['自 since', textOf(body.effectiveFrom)],
    ['有效期 valid', [textOf(body.validFrom), textOf(body.validTo)].join(' – ')],
    ['视为延续至 renewed to', textOf(body.deemedRenewedTo)],
    ['现行 current', textOf(body.current)],
    ['内容 content', body.content === 'PURGED' ? '已删除 deleted' : ''],
  ] as const;
  return [`${verdict}  ${zh}`, wrap(en), fields(rows.filter(([, value]) => value !== '' && value !== ' – '))].join(
    '\n',
  );
}
