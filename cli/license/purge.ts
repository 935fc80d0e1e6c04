import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { readText } from '../rest-answers.js';
import { type Shell } from '../shell.js';
import { fields } from '../text.js';
import { addSignedVerb, openSigner, type SignerOptions } from './options.js';

/** Adds `license purge ID`: deletes the private values on request; digests and status stay. */
export function addLicensePurge(group: Command, shell: Shell): void {
  addSignedVerb(group, 'purge <id>', 'delete the private values from every peer; digests and status stay').action(
    async (text: string, options: SignerOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/fields/purge`,
        idempotencyKey: options.request ?? randomUUID(),
        body: {},
      });
      const rows = [
        ['证照标识 id', id],
        ['交易 tx', readText(body.txId, 'txId')],
      ] as const;
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, as: caller.user.name },
        text: ['隐私内容已删除 private values deleted', fields(rows)].join('\n'),
      });
    },
  );
}
