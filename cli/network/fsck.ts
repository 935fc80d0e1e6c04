import { existsSync } from 'node:fs';

import { Presets, SingleBar } from 'cli-progress';
import { type Command } from 'commander';

import { checkNetwork, type NetworkReport } from '../../network/fsck/check-network.js';
import { type Finding } from '../../network/fsck/finding.js';
import { ManagerError } from '../../network/manager/manager-error.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { wrap } from '../text.js';

const INDEX_WORDS = {
  checked: '索引一致 index checked',
  'in-use': '索引使用中，未查 index in use by the running network, not checked',
  absent: '无索引，下次启动时重建 no index; the next start makes it',
  skipped: '索引未查 index not checked',
} as const satisfies Record<NetworkReport['peers'][number]['index'], string>;

const PRIVATE_WORDS = {
  checked: '私有数据一致 private data checked',
  'in-use': '私有数据使用中，未查 private data in use, not checked',
  absent: '无私有数据 no private data',
  skipped: '私有数据未查 private data not checked',
} as const satisfies Record<NetworkReport['peers'][number]['privateData'], string>;

/** Adds `network fsck`: everything derived again from the raw blocks. Exit code 0 only where nothing is wrong. */
export function addNetworkFsck(group: Command, shell: Shell): void {
  addVerb(group, 'fsck', 'derive everything again from the raw blocks, and compare').action(
    async (options: CommonOptions) => {
      const { root } = folderOf(options);
      if (!existsSync(root)) throw new ManagerError('FOLDER_EMPTY', { folder: root });
      const bar = shell.terminal.interactive && options.json !== true ? startBar() : undefined;
      const onProgress = (done: number, all: number): void => {
        bar?.setTotal(all);
        bar?.update(done);
      };
      const report = await untilStopped((signal) => checkNetwork(root, onProgress, signal).finally(() => bar?.stop()));
      shell.finish(options, {
        exit: report.sound ? EXIT.match : EXIT.no,
        json: report,
        text: readable(report),
      });
    },
  );
}

/** Lets Ctrl-C and SIGTERM end `work` in good order; the process then ends as the signal asks. */
async function untilStopped<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const over = new AbortController();
  let asked: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals): void => {
    asked = name;
    over.abort();
  };
  // For good, not once: a terminal's Ctrl-C comes twice, from the terminal and from the launcher.
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(over.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    if (asked !== undefined) process.kill(process.pid, asked);
  }
}

function startBar(): SingleBar {
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage}%  剩余 left {eta_formatted}',
      etaBuffer: 50,
      stream: process.stderr,
      barsize: 30,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0);
  return bar;
}

function readable({ sound, peers, findings }: NetworkReport): string {
  const channels = [...new Set(peers.map(({ channel }) => channel))].join(', ');
  return [
    ...peers.map((peer) => wrap(summary(peer))),
    ...findings.map((finding) => wrap(line(finding))),
    sound ? `完好 sound: ${channels}` : '有误，见上 not sound, see above',
  ].join('\n');
}

function summary({ peer, channel, blocks, transactions, index, ...report }: NetworkReport['peers'][number]): string {
  const missing = report.privateSetsMissing;
  const lacks = missing === 0 ? '' : `，本节点未持有 ${missing} 组 sets that this peer does not hold: ${missing}`;
  return (
    `${channel}, ${peer}: ${blocks} 区块 blocks, ${transactions} 交易 transactions, ` +
    `${INDEX_WORDS[index]}, ${PRIVATE_WORDS[report.privateData]}${lacks}`
  );
}

function line({ code, file, block, transaction, from, to, detail }: Finding): string {
  const place = [
    file,
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(transaction === undefined ? [] : [`transaction ${transaction}`]),
    ...(from === undefined || to === undefined ? [] : [`bytes ${from} to ${to}`]),
  ];
  return `${code} ${place.join(', ')}: ${detail}`;
}
