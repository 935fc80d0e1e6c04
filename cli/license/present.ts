import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { optional, readWord } from '../../domain/fields.js';
import { parseEntryId, parseRequestId } from '../../domain/ids.js';
import { type SaltedValues } from '../../domain/license-fields.js';
import { type GrantStatement, parseMatterCode, PRESENTATION_MS_MAX, USE_PURPOSES } from '../../domain/license-use.js';
import { writeAtomically } from '../../network/manager/atomic-file.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readObject, readText } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { saltText } from '../salt.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { type HolderFile, licenseOf, openHolder, signStatement } from './holder-file.js';
import { addGuardian, anyGateway, collect, type HolderOptions, readUnit } from './options.js';

interface PresentOptions extends CommonOptions, HolderOptions {
  readonly to: string;
  readonly matter: string;
  readonly purpose: string;
  readonly for: string;
  readonly field: readonly string[];
  readonly uses: string;
  readonly minutes: string;
  readonly standing?: true;
  readonly out: string;
}

/** Adds `license present HOLDER`: 亮证. Writes what the verifier is handed, with a code that lives two minutes. */
export function addLicensePresent(group: Command, shell: Shell): void {
  addGuardian(addVerb(group, 'present <holder-file>', 'show a licence to one verifier, for one matter'))
    .requiredOption('--to <MSP:unit>', 'who may read it, such as BeijingMSP:11110108MB4Y00017H')
    .requiredOption('--matter <code>', '事项编码, 12 to 31 digits and capital letters')
    .requiredOption('--purpose <word>', USE_PURPOSES.join(', '))
    .requiredOption('--for <text>', 'purpose in own words; only its salted digest is recorded')
    .option('--field <name>', 'a field to show, repeatable', collect, [])
    .option('--uses <count>', 'how often', '1')
    .option('--minutes <count>', 'how long the grant lasts', '60')
    .option('--standing', 'no code is needed: the verifier may read by itself (授权用证)')
    .requiredOption('--out <file>', 'what the verifier is handed')
    .action(async (path: string, options: PresentOptions) => {
      const { holder, signer } = openHolder(path, options.guardian);
      const statement = statementOf(holder, path, options);
      const { licenseId } = statement;
      const { body } = await callGateway(anyGateway(folderOf(options)), {
        method: 'POST',
        path: `/v1/licenses/${licenseId}/grants`,
        body: signStatement(signer, statement),
      });
      const grantId = parseEntryId('LG', readObject(body.stored, 'stored').id);
      const notAfter = new Date(Date.now() + PRESENTATION_MS_MAX - 5_000).toISOString();
      const nonce = parseRequestId(randomUUID());
      const code = signStatement(signer, { kind: 'license.present', licenseId, grantId, notAfter, nonce });
      const handed = { licenseId, grantId, matterCode: statement.matterCode, values: pick(holder, statement.fields) };
      const presentation = options.standing === true ? undefined : code;
      const shown = `${JSON.stringify({ ...handed, ...optional('presentation', presentation) }, undefined, 2)}\n`;
      writeAtomically(options.out, shown);
      shell.finish(options, {
        exit: EXIT.match,
        json: { licenseId, grantId, txId: body.txId, out: options.out, notAfter },
        text: [
          '亮证：授权已登记 grant recorded',
          fields([
            ['授权 grant', grantId],
            ['交易 tx', readText(body.txId, 'txId')],
            ['出示文件 out', options.out],
            ...(presentation === undefined ? [] : [['亮证码有效至 code until', notAfter] as const]),
          ]),
        ].join('\n'),
      });
    });
}

function statementOf(holder: HolderFile, path: string, options: PresentOptions): GrantStatement {
  const nowMs = Date.now();
  return {
    kind: 'license.grant',
    licenseId: licenseOf(holder, path),
    verifier: readUnit(options.to, '--to'),
    matterCode: parseMatterCode(options.matter),
    purpose: readWord(options.purpose, USE_PURPOSES, 'purpose'),
    purposeDigest: saltText(options.for).digest,
    fields: [...new Set(options.field)].sort((a, b) => (a < b ? -1 : 1)),
    notBefore: new Date(nowMs - 60_000).toISOString(), // The verifier's clock may be a little behind.
    notAfter: new Date(nowMs + readCount(options.minutes, '--minutes') * 60_000).toISOString(),
    maxUses: readCount(options.uses, '--uses'),
    mode: options.standing === true ? 'standing' : 'present',
    nonce: parseRequestId(randomUUID()),
  };
}

function readCount(text: string, option: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new CliError('USAGE', { option, wanted: 'a whole number' });
}

function pick({ values = {} }: HolderFile, names: readonly string[]): SaltedValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}
