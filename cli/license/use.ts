import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { parseSaltedValues, type SaltedValues } from '../../domain/license-fields.js';
import { parseLicenseId } from '../../domain/license-id.js';
import { optional } from '../../domain/fields.js';
import { EXIT } from '../exit-codes.js';
import { type Json, readObject, readText } from '../rest-answers.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { digestOfValue, readJsonFile } from './holder-file.js';
import { addSignedVerb, openSigner, type SignerOptions } from './options.js';

/** Adds `license use FILE`: a verifier's reading of what was handed over. Consumes one use. */
export function addLicenseUse(group: Command, shell: Shell): void {
  addSignedVerb(group, 'use <file>', 'read what a holder presents; consumes one use of the grant')
    .addHelpText('after', '\nExit code: 0 all values fit the recorded digests; 1 refused, or a value does not fit')
    .action(async (path: string, options: SignerOptions) => {
      const handed = readJsonFile(path) as Json;
      const id = parseLicenseId(handed.licenseId, { legacy: true });
      const values = parseSaltedValues(handed.values ?? {});
      const caller = await openSigner(options, ['clerk', 'notary', 'issuer', 'officer']);
      const { grantId, matterCode, presentation } = handed;
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/presentations`,
        idempotencyKey: options.request ?? randomUUID(),
        body: { grantId, matterCode, ...optional('presentation', presentation) },
      });
      const use = readObject(body.stored, 'stored');
      const read = checkValues(readObject(use.fields, 'fields'), values);
      const fits = read.every(({ verdict }) => verdict === 'MATCH');
      shell.finish(options, {
        exit: fits ? EXIT.match : EXIT.no,
        json: { licenseId: id, use, fields: read, txId: body.txId, as: caller.user.name },
        text: [
          fits ? '用证：与登记摘要一致 all values fit' : '用证：有内容与登记摘要不一致 some value does not fit',
          fields([
            ['证照标识 id', readText(use.shown, 'shown')],
            ['第几次 use', String(use.sequence)],
            ...read.map(({ name, value, verdict }) => [name, `${value} (${verdict})`] as const),
            ['交易 tx', readText(body.txId, 'txId')],
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}

/** Each granted field: what the holder handed over, against the digest on the chain. */
function checkValues(digests: Json, values: SaltedValues) {
  return Object.entries(digests).map(([name, digest]) => {
    const given = values[name];
    if (given === undefined) return { name, value: '', verdict: 'NOT_HANDED_OVER' };
    return { name, value: given.value, verdict: digestOfValue(given) === digest ? 'MATCH' : 'MISMATCH' };
  });
}
