import { type Command } from 'commander';

import { type ConsortiumStatus, readConsortium } from '../consortium.js';
import { dataFolder, type DataFolder } from '../data-folder.js';
import { EXIT } from '../exit-codes.js';
import { noticeLines, noticeOf } from '../notice.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';

const STATE_WORDS = {
  up: '运行中 up',
  degraded: '部分可用 degraded',
  down: '未运行 down',
} as const satisfies Record<ConsortiumStatus['state'], string>;

/** Adds `status`: what runs, where, and what it does not prove. Exit code 0 only where everything is ready. */
export function addStatus(program: Command, shell: Shell): void {
  addVerb(program, 'status', 'what runs in this data folder, and where').action(async (options: CommonOptions) => {
    const folder = folderOf(options);
    const status = await readConsortium(folder);
    shell.finish(options, {
      exit: status.state === 'up' ? EXIT.match : EXIT.no,
      json: { ...status, dataDir: folder.root, notice: noticeOf(folder.root) },
      text: readable(folder, status),
    });
  });
}

function readable(folder: DataFolder, { state, network, gateways, gatewaysResidentBytes }: ConsortiumStatus): string {
  const rows: (readonly [string, string])[] = [
    ['状态 state', STATE_WORDS[state]],
    ['数据 data', folder.root],
  ];
  if (network.state === 'up') {
    rows.push(['通道 channel', `${network.network.channel} (${network.network.consensusType})`]);
    rows.push(['网络 network', `pid ${network.pid}, ${mebibytes(network.residentBytes)}`]);
    for (const { mspId, peers } of network.network.organisations) {
      rows.push([mspId, peers.map(({ address }) => address).join(', ')]);
    }
  }
  if (gatewaysResidentBytes !== undefined) rows.push(['网关 gateways', mebibytes(gatewaysResidentBytes)]);
  for (const { name, url, ready } of gateways)
    rows.push([`网关 ${name}`, `${url} ${ready ? '就绪 ready' : '未就绪 not ready'}`]);
  const again = state === 'up' ? [] : [wrap(`启动 start it: yinzheng up --detach${dataOption(folder)}`)];
  return [fields(rows), ...again, ...noticeLines(folder.root)].join('\n');
}

/** How to name this folder on a command line; nothing for the default one. */
function dataOption({ root }: DataFolder): string {
  return root === dataFolder().root ? '' : ` --data ${root}`;
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${Math.round(bytes / 1024 / 1024)} MiB`;
}
