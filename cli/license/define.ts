import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { optional } from '../../domain/fields.js';
import { LICENSE_KINDS } from '../../domain/license-type.js';
import { EXIT } from '../exit-codes.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { addSignedVerb, collect, openSigner, readUnit, type SignerOptions } from './options.js';

interface DefineOptions extends SignerOptions {
  readonly kind: string;
  readonly field: readonly string[];
  readonly unitField: readonly string[];
  readonly authority: readonly string[];
  readonly superior?: string;
  readonly region: readonly string[];
}

/** Adds `license define TYPE`: puts a type of licence into the catalogue. */
export function addLicenseDefine(group: Command, shell: Shell): void {
  addSignedVerb(group, 'define <type>', 'define a type: the own unit code and three digits')
    .requiredOption('--kind <word>', LICENSE_KINDS.join(', '))
    .requiredOption('--field <name>', 'a private field of its face, repeatable', collect, [])
    .option('--unit-field <name>', "a field for a company's code, in clear, repeatable", collect, [])
    .requiredOption('--authority <MSP:unit>', 'who issues it, repeatable', collect, [])
    .option('--superior <MSP:unit>', 'who may change the status of their licences too')
    .option('--region <prefix>', 'good in this region only (GB/T 2260), repeatable; without it everywhere', collect, [])
    .action(async (typeCode: string, options: DefineOptions) => {
      const superior = options.superior === undefined ? undefined : readUnit(options.superior, '--superior');
      const names = [
        ...options.field.map((name) => [name, 'private'] as const),
        ...options.unitField.map((name) => [name, 'unit-code'] as const),
      ];
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({
        method: 'POST',
        path: '/v1/license-types',
        idempotencyKey: options.request ?? randomUUID(),
        body: {
          typeCode,
          kind: options.kind,
          fields: Object.fromEntries(names),
          authorities: options.authority.map((text) => ({
            ...readUnit(text, '--authority'),
            ...optional('superior', superior),
          })),
          scope: options.region.length === 0 ? { kind: 'national' } : { kind: 'regional', regions: options.region },
        },
      });
      const text = [
        '证照类型已登记 type defined',
        fields([
          ['类型 type', typeCode],
          ['操作人 as', caller.user.name],
        ]),
      ];
      shell.finish(options, { exit: EXIT.match, json: { ...body, as: caller.user.name }, text: text.join('\n') });
    });
}
