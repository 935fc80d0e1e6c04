import { type Command } from 'commander';

import { CliError } from './cli-error.js';
import { type ExistingNetwork } from './existing-network.js';

/** Options that name a channel which others started. */
export interface ExistingOptions {
  readonly profile?: string;
  readonly msp?: string;
  readonly mspId?: string;
  readonly channel?: string;
  readonly chaincode: string;
  readonly listen: string;
  readonly as?: string;
}

/** Adds the options that {@link readExisting} reads. */
export function addExistingOptions(verb: Command): Command {
  return verb
    .option('--profile <file>', 'Fabric’s common connection profile, JSON')
    .option('--msp <dir>', 'an MSP folder (signcerts, keystore, cacerts), or a folder of <user>@<domain>/msp')
    .option('--msp-id <id>', 'whose gateway it is; default: the organisation that the profile calls the client’s')
    .option('--channel <name>', 'the channel')
    .option('--chaincode <name>', 'the chaincode, as the channel defines it', 'yinzheng')
    .option('--listen <address>', 'where the gateway listens', '127.0.0.1:8080')
    .option('--as <user>', 'who reads for the public, where the folder holds several users');
}

/** @returns `undefined` where no existing network was named. @throws USAGE where it was named by half */
export function readExisting(options: ExistingOptions): ExistingNetwork | undefined {
  const { profile, msp, channel, mspId, chaincode, listen, as } = options;
  if (profile === undefined && msp === undefined && channel === undefined) return undefined;
  if (profile === undefined || msp === undefined || channel === undefined) {
    throw new CliError('USAGE', { wanted: '--profile, --msp and --channel together' });
  }
  const rest = { ...(mspId === undefined ? {} : { mspId }), ...(as === undefined ? {} : { as }) };
  return { profile, msp, channel, chaincode, listen, ...rest };
}
