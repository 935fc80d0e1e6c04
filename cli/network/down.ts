import { type Command } from 'commander';

import { stopNetwork } from '../../network/manager/network.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

/** Adds `network down`: ends the network; what was recorded stays in the data folder. */
export function addNetworkDown(group: Command, shell: Shell): void {
  addVerb(group, 'down', 'stop the network; what was recorded stays').action(async (options: CommonOptions) => {
    const stopped = await stopNetwork(folderOf(options).root);
    shell.finish(options, {
      exit: EXIT.match,
      json: { stopped },
      text: stopped ? '已停止 stopped' : '本来就未运行 nothing was running',
    });
  });
}
