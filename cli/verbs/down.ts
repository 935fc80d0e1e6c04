import { type Command } from 'commander';

import { stopConsortium } from '../consortium.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

/** Adds `down`: ends gateways and network. What they recorded stays in the data folder. */
export function addDown(program: Command, shell: Shell): void {
  addVerb(program, 'down', 'stop gateways and network; what was recorded stays').action(
    async (options: CommonOptions) => {
      const stopped = await stopConsortium(folderOf(options));
      shell.finish(options, {
        exit: EXIT.match,
        json: { stopped },
        text: stopped ? '已停止 stopped' : '本来就未运行 nothing was running',
      });
    },
  );
}
