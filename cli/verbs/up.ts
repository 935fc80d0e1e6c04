import { type Command } from 'commander';

import { isAlive, type RunningConsortium, startConsortium, stopConsortium } from '../consortium.js';
import { type DataFolder } from '../data-folder.js';
import { type Engine, engineOption } from '../engine-option.js';
import { EXIT } from '../exit-codes.js';
import { ONE_MACHINE_NOTICE } from '../../domain/wording.js';
import { noticeLines, noticeOf } from '../notice.js';
import { createSteps } from '../progress.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { untilAsked } from '../until-asked.js';

interface UpOptions extends CommonOptions {
  readonly detach?: true;
  readonly topology?: string;
  readonly engine?: Engine;
}

/** Adds `up`: starts network and gateways; stays in the foreground until Ctrl-C unless `--detach`. */
export function addUp(program: Command, shell: Shell): void {
  addVerb(program, 'up', 'start a network and one gateway per organisation')
    .option('--detach', 'return when everything is ready, and leave it running')
    .option('--topology <file>', 'another consortium than the default one (first start only)')
    .addHelpText('after', `\n${wrap(ONE_MACHINE_NOTICE.zh)}\n${wrap(ONE_MACHINE_NOTICE.en)}`)
    .addOption(engineOption())
    .action(async (options: UpOptions) => {
      const folder = folderOf(options);
      const fromMs = Date.now();
      const steps = createSteps(shell.terminal, options.json === true);
      const running = await startConsortium(folder, options, steps);
      shell.finish(options, {
        exit: EXIT.match,
        json: { dataDir: folder.root, ...running, readyMs: Date.now() - fromMs, notice: noticeOf(folder.root) },
        text: readable(folder, running, options.detach === true),
      });
      if (options.detach !== true) await stayUntilAsked(folder, shell, options);
    });
}

function readable(folder: DataFolder, { network, gateways }: RunningConsortium, detached: boolean): string {
  return [
    fields([
      ['通道 channel', `${network.channel} (${network.consensusType})`],
      ['数据 data', folder.root],
      ...gateways.map(({ name, url }) => [`网关 ${name}`, url] as const),
    ]),
    ...noticeLines(folder.root),
    detached ? 'yinzheng down 停止 stops it.' : 'Ctrl-C 停止 stops it.',
  ].join('\n');
}

/** Ends everything on Ctrl-C, and tells where a process died by itself. */
async function stayUntilAsked(folder: DataFolder, shell: Shell, options: UpOptions): Promise<void> {
  const asked = await untilAsked(() => isAlive(folder));
  await stopConsortium(folder);
  if (!asked) {
    shell.finish(options, {
      exit: EXIT.cannotDecide,
      json: { stopped: 'a process ended by itself', logs: folder.run },
      text: wrap(`A process ended by itself; its log is in ${folder.run}`),
    });
  }
}
