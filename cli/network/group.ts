import { type Command } from 'commander';

import { wrap } from '../text.js';
import { ONE_MACHINE_NOTICE } from '../../domain/wording.js';
import { type Shell } from '../shell.js';
import { addAuthority } from './authority.js';
import { addConfig } from './config.js';
import { addNetworkDeploy } from './deploy.js';
import { addNetworkDown } from './down.js';
import { addNetworkFsck } from './fsck.js';
import { addNetworkLogs } from './logs.js';
import { addStartPeer, addStopPeer } from './peers.js';
import { addConsenter, addOrganisation, addPeer } from './change.js';
import { addNetworkPlan } from './plan.js';
import { addNetworkReset } from './reset.js';
import { addNetworkRestore, addNetworkSnapshot } from './snapshot.js';
import { addNetworkStatus } from './status.js';
import { addNetworkUp } from './up.js';

const VERBS = [
  addNetworkUp,
  addNetworkDown,
  addNetworkStatus,
  addNetworkLogs,
  addNetworkDeploy,
  addStopPeer,
  addStartPeer,
  addOrganisation,
  addPeer,
  addConsenter,
  addNetworkSnapshot,
  addNetworkRestore,
  addNetworkReset,
  addNetworkPlan,
  addNetworkFsck,
  addAuthority,
  addConfig,
] as const;

/** Adds `network`: a network by itself, with any topology and any chaincode. */
export function addNetwork(program: Command, shell: Shell): void {
  const group = program
    .command('network')
    .description('a network by itself: any topology, any chaincode')
    .addHelpText('after', `\n${wrap(ONE_MACHINE_NOTICE.zh)}\n${wrap(ONE_MACHINE_NOTICE.en)}`);
  for (const add of VERBS) add(group, shell);
}
