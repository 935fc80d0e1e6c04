import { type Command } from 'commander';

import { noticeLines, noticeOf } from '../notice.js';
import { type NetworkStatus, readStatus } from '../../network/manager/network.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';

/** Adds `network status`: what runs, peer by peer. Exit code 0 only where the network is up. */
export function addNetworkStatus(group: Command, shell: Shell): void {
  addVerb(group, 'status', 'what of the network runs, and where').action((options: CommonOptions) => {
    const { root } = folderOf(options);
    const status = readStatus(root);
    shell.finish(options, {
      exit: status.state === 'up' ? EXIT.match : EXIT.no,
      json: { ...status, dataDir: root, notice: noticeOf(root) },
      text: [fields(rowsOf(root, status)), ...noticeLines(root)].join('\n'),
    });
  });
}

function rowsOf(root: string, status: NetworkStatus): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [
    ['状态 state', status.state],
    ['数据 data', root],
  ];
  if (status.state !== 'up') return rows;
  const { channels, consensusType, organisations, orderers = [], chaincodes } = status.network;
  return [
    ...rows,
    ['共识 consensus', consensusType],
    ...channels.map(({ name, mspIds }) => ['通道 channel', `${name}: ${mspIds.join(', ')}`] as const),
    ...orderers.map(stateOf),
    ...organisations.flatMap(({ peers, authority }) => [
      ...peers.map(stateOf),
      ...(authority === undefined ? [] : [[authority.name, authority.address] as const]),
    ]),
    ...chaincodes.map(
      ({ name, version, sequence, channels: on }) =>
        [`链码 ${name}`, `${version}, 序号 sequence ${sequence}, ${on.join(', ')}`] as const,
    ),
  ];
}

function stateOf({
  name,
  address,
  running,
}: {
  readonly name: string;
  readonly address: string;
  readonly running: boolean;
}) {
  return [name, running ? address : '已停 stopped'] as const;
}
