import { dirname, join, resolve } from 'node:path';

import { type Command } from 'commander';

import { planHostBundles } from '../../network/manager/bundles.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, type Shell } from '../shell.js';
import { readTextFile } from '../read-text.js';

interface PlanOptions extends CommonOptions {
  readonly topology?: string;
  readonly hosts?: string;
  readonly out: string;
}

/** Adds `network plan`: a folder for each organisation's own host, for Fabric's own programs on many machines. */
export function addNetworkPlan(group: Command, shell: Shell): void {
  addVerb(group, 'plan', 'write what every host of a network over many machines needs; no key is made')
    .option('--topology <file>', 'YAML or JSON; default: the four regions')
    .option('--hosts <file>', 'YAML or JSON, {MspId: {address, listen, local}}; default: DNS names, all interfaces')
    .requiredOption('--out <dir>', 'an empty folder, or one to make')
    .action(async (options: PlanOptions) => {
      const file = resolve(options.topology ?? join(packageRoot(), 'cli', 'consortium.yaml'));
      const hostsText = options.hosts === undefined ? undefined : readTextFile(resolve(options.hosts));
      const hosts = await planHostBundles(readTextFile(file), dirname(file), options.out, hostsText);
      shell.finish(options, {
        exit: EXIT.match,
        json: { hosts },
        text: [...hosts, '每台主机先看其 README.md。 Begin with README.md on each host.'].join('\n'),
      });
    });
}
