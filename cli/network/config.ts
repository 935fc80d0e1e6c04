import { type Command, InvalidArgumentError } from 'commander';

import { changeBatch } from '../../network/manager/config-changes.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';

interface BatchOptions extends CommonOptions {
  readonly channel?: string;
  readonly timeoutMs?: number;
  readonly maxMessages?: number;
  readonly preferredBytes?: number;
  readonly absoluteBytes?: number;
}

/** Adds `network config batch`: when the orderer of a running channel cuts a block. */
export function addConfig(group: Command, shell: Shell): void {
  const config = group.command('config').description('configuration of a channel that runs');
  addVerb(config, 'batch', 'when a block is cut; what is not given stays')
    .option('--channel <name>', 'the channel; without it, the first one')
    .option(
      '--timeout-ms <n>',
      'from a batch’s first transaction to its block; 0: as soon as the peers are idle',
      count,
    )
    .option('--max-messages <n>', 'transactions in a block', count)
    .option('--preferred-bytes <n>', 'size that a block is cut at', count)
    .option('--absolute-bytes <n>', 'size that no transaction may exceed', count)
    .action(async ({ channel, ...options }: BatchOptions) => {
      const { timeoutMs, maxMessages, preferredBytes, absoluteBytes } = options;
      const all = { timeoutMs, maxMessages, preferredBytes, absoluteBytes };
      const rules = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      if (Object.keys(rules).length === 0) throw new CliError('USAGE', { wanted: '--timeout-ms, --max-messages, …' });
      const name = await changeBatch(folderOf(options).root, rules, channel);
      shell.finish(options, {
        exit: EXIT.match,
        json: { channel: name, rules },
        text: `通道 ${name} 的出块规则已更改 has new batch rules`,
      });
    });
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('wanted a whole number');
  return Number(text);
}
