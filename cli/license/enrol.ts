import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { optional } from '../../domain/fields.js';
import { parseHolderKey } from '../../domain/holder-key.js';
import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { readText } from '../rest-answers.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { addSignedVerb, openSigner, type SignerOptions } from './options.js';

interface EnrolOptions extends SignerOptions {
  readonly key: string;
  readonly guardianKey?: string;
}

/** Adds `license enrol ID`: the keys that act for the holder from now on, after a loss or when guardianship changes. */
export function addLicenseEnrol(group: Command, shell: Shell): void {
  addSignedVerb(group, 'enrol <id>', "replace the keys that act for the holder: a lost key, a guardian's office")
    .requiredOption('--key <point>', "the holder's public key, as license key prints it")
    .option('--guardian-key <point>', "a guardian's, who alone acts then (a minor's); without it no guardian does")
    .action(async (text: string, options: EnrolOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const key = parseHolderKey(options.key, '--key');
      const { guardianKey: given } = options;
      const guardianKey = given === undefined ? undefined : parseHolderKey(given, '--guardian-key');
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/holder`,
        idempotencyKey: options.request ?? randomUUID(),
        body: { holder: { key, ...optional('guardianKey', guardianKey) } },
      });
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, as: caller.user.name },
        text: [
          guardianKey === undefined ? '持证人密钥已登记 key enrolled' : '监护人密钥已登记 guardian enrolled',
          fields([
            ['证照标识 id', id],
            ['交易 tx', readText(body.txId, 'txId')],
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}
