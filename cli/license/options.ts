import { type Command } from 'commander';

import { type Role } from '../../domain/actor.js';
import { type AuthorityUnit, parseAuthorityUnit } from '../../domain/license-type.js';
import { type Caller, openCaller, readOrganisations } from '../caller.js';
import { CliError } from '../cli-error.js';
import { type DataFolder } from '../data-folder.js';
import { readGateways } from '../gateways.js';
import { addVerb, type CommonOptions, folderOf } from '../shell.js';
import { requireSigner } from '../users.js';

/** Options of every verb that a user of an organisation signs. */
export interface SignerOptions extends CommonOptions {
  readonly as?: string;
  readonly request?: string;
}

/** Options of every verb that a holder signs. */
export interface HolderOptions {
  readonly guardian?: string;
}

/** Lets a guardian sign for the holder (PIPL article 31). */
export function addGuardian(verb: Command): Command {
  return verb.option('--guardian <file>', "the guardian's own key, where the authority enrolled one");
}

/** Adds a verb of the group that a user signs. */
export function addSignedVerb(group: Command, usage: string, summary: string): Command {
  return addVerb(group, usage, summary)
    .option('--as <user>', 'who signs, such as issuer@guangdong')
    .option('--request <uuid>', 'name of this request: under the same name it is done once');
}

/** Logs in the user whom `--as` names; nobody is chosen silently. @throws USAGE, USER_UNKNOWN, NETWORK_DOWN */
export function openSigner(options: SignerOptions, roles: readonly Role[]): Promise<Caller> {
  const folder = folderOf(options);
  return openCaller(folder, requireSigner(readOrganisations(folder), options.as, roles));
}

/** Any gateway will do for what the holder signed, and for questions of the public. @throws NETWORK_DOWN */
export function anyGateway(folder: DataFolder): string {
  const url = readGateways(folder)?.[0]?.url;
  if (url !== undefined) return url;
  throw new CliError('NETWORK_DOWN', { data: folder.root, wanted: 'a network that runs: yinzheng up --detach' });
}

/** Collects the values of a repeatable option. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** `name=value` options as an object. @throws USAGE */
export function readPairs(texts: readonly string[], option: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new CliError('USAGE', { option, wanted: 'name=value' });
      return [text.slice(0, at), text.slice(at + 1)] as const;
    }),
  );
}

/** `MSP:unit`, such as `BeijingMSP:11110108MB4Y00017H`. @throws USAGE, REQUEST_MALFORMED */
export function readUnit(text: string, option: string): AuthorityUnit {
  const [mspId, unit, ...rest] = text.split(':');
  if (unit === undefined || rest.length > 0) throw new CliError('USAGE', { option, wanted: 'MSP:unit' });
  return parseAuthorityUnit({ mspId, unit }, option);
}
