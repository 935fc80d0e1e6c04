import { dirname, join, resolve } from 'node:path';
import { type Command } from 'commander';

import { noticeLines, noticeOf } from '../notice.js';
import { readIfThere } from '../../network/manager/atomic-file.js';
import { type NetworkAddresses, readStatus, startNetwork, stopNetwork } from '../../network/manager/network.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { type Engine, engineOption } from '../engine-option.js';
import { EXIT } from '../exit-codes.js';
import { createSteps } from '../progress.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { untilAsked } from '../until-asked.js';
import { readTextFile } from '../read-text.js';

interface UpOptions extends CommonOptions {
  readonly detach?: true;
  readonly topology?: string;
  readonly engine?: Engine;
}

/** Adds `network up`: starts the network alone; stays in the foreground until Ctrl-C unless `--detach`. */
export function addNetworkUp(group: Command, shell: Shell): void {
  addVerb(group, 'up', 'start the network of a topology')
    .option('--detach', 'return when everything is ready, and leave it running')
    .option('--topology <file>', 'YAML or JSON; first start only. Default: two organisations, no chaincode')
    .addOption(engineOption())
    .action(async (options: UpOptions) => {
      const folder = folderOf(options);
      const fromMs = Date.now();
      const { network } = await startNetwork({
        dataDir: folder.root,
        ...readTopologyText(folder.topologyFile, options.topology),
        ...(options.engine === undefined ? {} : { engine: options.engine }),
        onProgress: createSteps(shell.terminal, options.json === true),
      });
      shell.finish(options, {
        exit: EXIT.match,
        json: { dataDir: folder.root, network, readyMs: Date.now() - fromMs, notice: noticeOf(folder.root) },
        text: readable(folder.root, network, options),
      });
      if (options.detach === true) return;
      await untilAsked(() => readStatus(folder.root).state !== 'down');
      await stopNetwork(folder.root);
    });
}

/** The topology that was named, or the folder's own, or the plain one that every package brings. @throws FILE_UNREADABLE */
function readTopologyText(inForce: string, named: string | undefined) {
  const own = named === undefined ? readIfThere(inForce) : undefined;
  if (own !== undefined) return { topologyText: own };
  const file = resolve(named ?? join(packageRoot(), 'network', 'examples', 'two-organisations.yaml'));
  return { topologyText: readTextFile(file), topologyFolder: dirname(file) };
}

function readable(root: string, network: NetworkAddresses, { detach }: UpOptions): string {
  return [
    fields([
      ['通道 channel', `${network.channel} (${network.consensusType})`],
      ['数据 data', root],
      ...network.organisations.flatMap(({ peers }) => peers.map(({ name, address }) => [name, address] as const)),
      ...network.chaincodes.map(({ name, version }) => [`链码 ${name}`, version] as const),
    ]),
    ...noticeLines(root),
    detach === true ? 'yinzheng network down 停止 stops it.' : 'Ctrl-C 停止 stops it.',
  ].join('\n');
}
