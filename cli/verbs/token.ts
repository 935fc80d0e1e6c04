import { type Command } from 'commander';

import { readOrganisations } from '../caller.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { readGateways } from '../gateways.js';
import { mintToken, TOKEN_SECONDS_MAX } from '../issuer.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { resolveUser } from '../users.js';

interface TokenOptions extends CommonOptions {
  readonly ttl: string;
}

/** Adds `token USER`: mints a bearer token of the development issuer. */
export function addToken(program: Command, shell: Shell): void {
  addVerb(program, 'token <user>', 'a bearer token for the REST API, from the development issuer of this data folder')
    .option('--ttl <seconds>', `its life, at most ${TOKEN_SECONDS_MAX}`, '3600')
    .action(async (name: string, options: TokenOptions) => {
      const folder = folderOf(options);
      const user = resolveUser(readOrganisations(folder), name);
      if (!/^\d{1,9}$/.test(options.ttl)) throw new CliError('USAGE', { option: '--ttl', wanted: 'whole seconds' });
      const minted = await mintToken(folder.issuer, user.name, Number(options.ttl), Date.now());
      const gateway = readGateways(folder)?.find(({ mspId }) => mspId === user.mspId)?.url;
      shell.finish(options, {
        exit: EXIT.match,
        json: { ...minted, user: user.name, ...(gateway === undefined ? {} : { gateway }) },
        text: minted.token,
      });
    });
}
