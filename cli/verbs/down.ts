import { existsSync } from 'node:fs';

import { type Command } from 'commander';

import { stopConsortium } from '../consortium.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

/** Adds `down`: ends gateways and network. What they recorded stays in the data folder. */
export function addDown(program: Command, shell: Shell): void {
  addVerb(program, 'down', 'stop gateways and network; what was recorded stays').action(
    async (options: CommonOptions) => {
      const folder = folderOf(options);
      const exists = existsSync(folder.root);
      const stopped = exists && (await stopConsortium(folder));
      const nothing = exists
        ? '本来就未运行 nothing was running'
        : `没有这一数据目录 no such data folder: ${folder.root}`;
      shell.finish(options, {
        // A misspelt folder must not read as "stopped": the network may still run in the right one.
        exit: exists ? EXIT.match : EXIT.usage,
        json: { stopped, ...(exists ? {} : { missing: folder.root }) },
        text: stopped ? '已停止 stopped' : nothing,
      });
    },
  );
}
