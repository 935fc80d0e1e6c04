import { randomUUID } from 'node:crypto';

import { type Command } from 'commander';

import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { readText, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { saltText } from '../salt.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { licenseOf, openHolder, signStatement } from './holder-file.js';
import {
  addGuardian,
  addSignedVerb,
  anyGateway,
  type HolderOptions,
  openSigner,
  type SignerOptions,
} from './options.js';

const SILENCE = {
  zh: '机关在最后一日前未作决定的，视为准予延续，期限同前（行政许可法第五十条）。',
  en: 'Unless the authority decides by the last day, it counts as renewed for as long again.',
} as const;

/** Adds `license renew HOLDER`: 延续申请, the holder's own act, which silence grants. */
export function addLicenseRenew(group: Command, shell: Shell): void {
  const verb = addVerb(group, 'renew <holder-file>', 'ask for renewal, 30 days before the end; silence grants it');
  addGuardian(verb).action(async (path: string, options: CommonOptions & HolderOptions) => {
    const { holder, signer } = openHolder(path, options.guardian);
    const licenseId = licenseOf(holder, path);
    const url = anyGateway(folderOf(options));
    const { body } = await callGateway(url, {
      method: 'POST',
      path: `/v1/licenses/${licenseId}/renewal`,
      body: signStatement(signer, { kind: 'license.renew', licenseId }),
    });
    const { body: status } = await callGateway(url, { method: 'GET', path: `/v1/licenses/${licenseId}/status` });
    shell.finish(options, {
      exit: EXIT.match,
      json: { ...body, validTo: status.validTo },
      text: [
        '延续申请已登记 renewal asked for',
        fields([
          ['证照标识 id', licenseId],
          ['最后一日 last day', textOf(status.validTo)],
          ['交易 tx', readText(body.txId, 'txId')],
        ]),
        wrap(SILENCE.zh),
        wrap(SILENCE.en),
      ].join('\n'),
    });
  });
}

/** Adds `license refuse-renewal ID`: 不予延续, before the last day is over. Operation 02 is the other answer. */
export function addLicenseRefuseRenewal(group: Command, shell: Shell): void {
  addSignedVerb(
    group,
    'refuse-renewal <id>',
    'refuse the renewal that the holder asked for, before the last day is over',
  )
    .requiredOption('--document <number>', 'number of the decision; only its salted digest is recorded')
    .action(async (text: string, options: SignerOptions & { readonly document: string }) => {
      const id = parseLicenseId(text, { legacy: true });
      const kept = saltText(options.document);
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({
        method: 'POST',
        path: `/v1/licenses/${id}/renewal/refusal`,
        idempotencyKey: options.request ?? randomUUID(),
        body: { documentDigest: kept.digest },
      });
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...body, as: caller.user.name, kept },
        text: [
          '不予延续已登记 renewal refused',
          fields([
            ['证照标识 id', id],
            ['交易 tx', readText(body.txId, 'txId')],
            ['盐值 salt', kept.salt],
            ['操作人 as', caller.user.name],
          ]),
        ].join('\n'),
      });
    });
}
