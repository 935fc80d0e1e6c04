import { type Command } from 'commander';

import { resetNetwork } from '../../network/manager/snapshot.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { DERIVED_FOLDERS } from './derived.js';

interface ResetOptions extends CommonOptions {
  readonly yes?: true;
}

/** Adds `network reset`: the chain is thrown away, topology and keys stay. Refused without `--yes`. */
export function addNetworkReset(group: Command, shell: Shell): void {
  addVerb(group, 'reset', 'throw the chain away; topology and keys stay')
    .option('--yes', 'yes, every record of this folder is to be lost')
    .action(async (options: ResetOptions) => {
      if (options.yes !== true) throw new CliError('USAGE', { wanted: '--yes: the whole chain will be lost' });
      const { root } = folderOf(options);
      await resetNetwork(root, DERIVED_FOLDERS);
      shell.finish(options, {
        exit: EXIT.match,
        json: { reset: root },
        text: `已清空 reset: ${root}`,
      });
    });
}
