import { type Command } from 'commander';

import { parseEntryId } from '../../domain/ids.js';
import { parseLicenseId } from '../../domain/license-id.js';
import { EXIT } from '../exit-codes.js';
import { type Json, readList, readObject, textOf } from '../rest-answers.js';
import { callGateway } from '../rest-client.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { readJsonFile } from './holder-file.js';
import { addSignedVerb, anyGateway, openSigner, type SignerOptions } from './options.js';

/** Adds what authorities and verifiers look up: type, history, values, fetch. */
export function addLicenseRead(group: Command, shell: Shell): void {
  addVerb(group, 'type <code>', 'a type of licence as the catalogue has it; anybody may ask').action(
    async (code: string, options: CommonOptions) => {
      const path = `/v1/license-types/${encodeURIComponent(code)}`;
      const { body } = await callGateway(anyGateway(folderOf(options)), { method: 'GET', path });
      shell.finish(options, { exit: EXIT.match, json: body, text: readableType(readObject(body.type, 'type')) });
    },
  );
  addSignedVerb(group, 'history <id>', 'every act on a licence, for its organisation and for auditors').action(
    async (text: string, options: SignerOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const caller = await openSigner(options, ['issuer', 'auditor']);
      const { body } = await caller.call({ method: 'GET', path: `/v1/licenses/${id}/history` });
      const acts = readList(body.acts, 'acts').map(readableAct);
      shell.finish(options, { exit: EXIT.match, json: body, text: acts.join('\n') });
    },
  );
  addSignedVerb(group, 'values <id>', 'the private values that the own organisation keeps').action(
    async (text: string, options: SignerOptions) => {
      const id = parseLicenseId(text, { legacy: true });
      const caller = await openSigner(options, ['issuer']);
      const { body } = await caller.call({ method: 'GET', path: `/v1/licenses/${id}/fields` });
      shell.finish(options, { exit: EXIT.match, json: body, text: readableValues(body) });
    },
  );
  addSignedVerb(group, 'fetch <shown-file>', 'what a use showed, from the issuing organisation; for ten minutes')
    .option('--use <number>', 'which use of the grant', '1')
    .action(async (path: string, options: SignerOptions & { readonly use: string }) => {
      const shown = readJsonFile(path) as Json;
      const id = parseLicenseId(shown.licenseId, { legacy: true });
      const grantId = parseEntryId('LG', shown.grantId);
      const caller = await openSigner(options, ['clerk', 'notary', 'issuer', 'officer']);
      const use = encodeURIComponent(options.use);
      const { body } = await caller.call({
        method: 'GET',
        path: `/v1/licenses/${id}/grants/${grantId}/uses/${use}/values`,
      });
      shell.finish(options, { exit: EXIT.match, json: body, text: readableValues(body) });
    });
}

function readableType(type: Json): string {
  const issuers = readList(type.authorities, 'authorities').map(
    ({ mspId, unit }) => `${textOf(mspId)}:${textOf(unit)}`,
  );
  const names = Object.entries(readObject(type.fields, 'fields')).map(
    ([name, privacy]) => `${name} (${textOf(privacy)})`,
  );
  const { kind, regions } = readObject(type.scope, 'scope');
  return fields([
    ['类型 type', textOf(type.typeCode)],
    ['种类 kind', textOf(type.kind)],
    ['修订 revision', textOf(type.revision)],
    ['颁发机关 issuers', issuers.join(', ')],
    ['照面 fields', names.join(', ')],
    ['适用 scope', [textOf(kind), ...(Array.isArray(regions) ? regions.map(String) : [])].join(' ')],
  ]);
}

function readableAct(act: Json): string {
  const { mspId, name, unit } = readObject(act.actor, 'actor');
  const { operation } = readObject(act.request, 'request');
  return [
    `${textOf(act.effectiveFrom)} ${textOf(operation)}: ${textOf(act.from)} → ${textOf(act.to)}`,
    fields([
      ['证照标识 id', textOf(act.licenseId)],
      ['机关 by', `${textOf(mspId)}:${textOf(unit)} ${textOf(name)}`],
      ['交易 tx', textOf(act.txId)],
    ]),
  ].join('\n');
}

function readableValues({ values }: Json): string {
  const rows = Object.entries(readObject(values, 'values'));
  if (rows.length === 0) return '没有保存的内容 nothing is kept';
  return fields(rows.map(([name, value]) => [name, textOf(readObject(value, name).value)] as const));
}
