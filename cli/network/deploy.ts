import { dirname, resolve } from 'node:path';

import { type Command } from 'commander';

import {
  type ChaincodeRequest,
  deployChaincode,
  deployTopology,
  type Deployment,
} from '../../network/manager/deploy.js';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, folderOf, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { readTextFile } from '../read-text.js';

interface DeployOptions extends CommonOptions {
  readonly topology?: string;
  readonly chaincode?: string;
  readonly folder?: string;
  /** Commander writes `version` for its own purpose. */
  readonly release?: string;
  readonly endorsement?: string;
  readonly watch?: true;
  readonly perOrganisation?: true;
  readonly channel?: readonly string[];
}

/** Adds `network deploy`: new chaincodes, or the next definition of known ones, while clients go on. */
export function addNetworkDeploy(group: Command, shell: Shell): void {
  addVerb(group, 'deploy [command...]', 'add or upgrade chaincodes; clients go on meanwhile')
    .option('--topology <file>', 'the topology that is to be in force; only its chaincodes may differ')
    .option('--chaincode <name>', 'one chaincode; the command that starts its server follows after --')
    .option('--folder <dir>', 'working folder of the command; default: the current one')
    .option('--release <version>', 'its version; default: <sequence>.0')
    .option('--endorsement <policy>', "such as OutOf(1,'AMSP.peer','BMSP.peer'); default: a majority of the peers")
    .option('--per-organisation', 'one server for each organisation')
    .option('--channel <name...>', 'the channels that it is defined on; default: the first one')
    .option('--watch', 'restart it when a file of its folder changes')
    .action(async (command: string[], options: DeployOptions) => {
      const deployment = await deploy(command, options);
      shell.finish(options, { exit: EXIT.match, json: deployment, text: readable(deployment) });
    });
}

async function deploy(command: readonly string[], options: DeployOptions): Promise<Deployment> {
  const { root } = folderOf(options);
  const { topology, chaincode } = options;
  if ((topology === undefined) === (chaincode === undefined)) {
    throw new CliError('USAGE', { wanted: '--topology FILE, or --chaincode NAME -- COMMAND' });
  }
  if (chaincode !== undefined) return deployChaincode(root, requestOf(chaincode, command, options));
  const file = resolve(topology ?? '');
  return deployTopology(root, readTextFile(file), dirname(file));
}

function requestOf(name: string, command: readonly string[], options: DeployOptions): ChaincodeRequest {
  const { folder = '.', release, endorsement, watch, perOrganisation, channel } = options;
  return {
    name,
    ...(command.length === 0 ? {} : { command, folder: resolve(folder) }),
    ...(release === undefined ? {} : { version: release }),
    ...(endorsement === undefined ? {} : { endorsement }),
    ...(watch === undefined ? {} : { watch }),
    ...(perOrganisation === undefined ? {} : { perOrganisation }),
    ...(channel === undefined ? {} : { channels: channel }),
  };
}

function readable({ chaincodes, live }: Deployment): string {
  return [
    fields(chaincodes.map(({ name, version, sequence }) => [`链码 ${name}`, `${version}, 序号 sequence ${sequence}`])),
    live ? '已生效 in force' : '下次启动时生效 in force from the next start',
  ].join('\n');
}
