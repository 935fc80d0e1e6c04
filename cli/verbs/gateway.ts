import { resolve } from 'node:path';

import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { prepareGateway } from '../existing-network.js';
import { addExistingOptions, type ExistingOptions, readExisting } from '../existing-options.js';
import { EXIT } from '../exit-codes.js';
import { gatewayProcess, startOneGateway, stopGateways } from '../gateways.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields, wrap } from '../text.js';
import { untilAsked } from '../until-asked.js';

interface GatewayOptions extends CommonOptions, ExistingOptions {
  readonly detach?: true;
}

/** Adds `gateway`: one gateway to a channel that others started; stays in the foreground unless `--detach`. */
export function addGateway(program: Command, shell: Shell): void {
  const verb = addVerb(program, 'gateway', 'a gateway to a Fabric channel that runs already');
  addExistingOptions(verb)
    .option('--detach', 'return when it listens, and leave it running')
    .action(async (options: GatewayOptions) => {
      const network = readExisting(options);
      if (network === undefined) throw new CliError('USAGE', { wanted: '--profile, --msp and --channel' });
      const folder = folderOf(options);
      const prepared = prepareGateway(folder, network);
      const gateway = await startOneGateway(folder, prepared);
      const { configFile } = prepared;
      shell.finish(options, {
        exit: EXIT.match,
        json: { dataDir: folder.root, gateways: [gateway], configFile },
        text: [
          fields([
            ['网关 gateway', gateway.url],
            ['机构 organisation', gateway.mspId],
            ['通道 channel', network.channel],
            ['配置 config', resolve(configFile)],
          ]),
          wrap(`连不上或不能写入时 If something is missing: yinzheng doctor --data ${folder.root}`),
          options.detach === true ? 'yinzheng down 停止 stops it.' : 'Ctrl-C 停止 stops it.',
        ].join('\n'),
      });
      if (options.detach === true) return;
      await untilAsked(() => gatewayProcess(folder).pid !== undefined);
      await stopGateways(folder);
    });
}
