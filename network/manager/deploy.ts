import { resolve } from 'node:path';

import { allChannels, membersOf } from '../plan/channel-members.js';
import { type Topology } from '../plan/topology.js';
import { withFolderLock } from './folder-lock.js';
import { ManagerError } from './manager-error.js';
import { networkProcess, runFolder } from './network.js';
import { sendCommand } from './operator-command.js';
import { keepTopology, readTopology, topologyInForce, writeNextPlan } from './plan-file.js';

type Chaincode = Topology['chaincodes'][number];

/** What became of the chaincodes of a data folder. */
export interface Deployment {
  readonly chaincodes: readonly Pick<Chaincode, 'name' | 'version' | 'sequence'>[];
  /** False where the network is down: then the next start carries it out. */
  readonly live: boolean;
}

/** One chaincode that is to be added or changed; what is left out stays, or gets the default. */
export interface ChaincodeRequest {
  readonly name: string;
  readonly command?: readonly string[];
  /** Absolute. */
  readonly folder?: string;
  readonly version?: string;
  /** Policy text; the default is a majority of the organisations' peers. */
  readonly endorsement?: string;
  readonly watch?: boolean;
  readonly perOrganisation?: boolean;
  /** Names of the channels that it is to be defined on; the first one of the topology by default. */
  readonly channels?: readonly string[];
}

/**
 * Puts another topology in force that differs in its chaincodes alone: new ones, or changed ones with their next
 * sequence. A running network takes them over while clients go on.
 * @param topologyFolder from where relative folders in the text count.
 * @throws TopologyError; FOLDER_EMPTY, DEPLOY_REFUSED, COMMAND_REFUSED, PORT_TAKEN, FOLDER_BUSY
 */
export async function deployTopology(dataDir: string, text: string, topologyFolder: string): Promise<Deployment> {
  const folder = resolve(dataDir);
  return await withFolderLock(runFolder(folder), () => deploy(folder, text, topologyFolder));
}

/**
 * Adds one chaincode to a data folder's topology, or changes it: a changed one gets the next sequence by itself.
 * @throws as `deployTopology`
 */
export async function deployChaincode(dataDir: string, request: ChaincodeRequest): Promise<Deployment> {
  const folder = resolve(dataDir);
  return await withFolderLock(runFolder(folder), async () => {
    const { topology } = await topologyInForce(folder);
    const known = topology.chaincodes.find(({ name }) => name === request.name);
    const others = topology.chaincodes.filter((each) => each !== known);
    const wanted = { ...topology, chaincodes: [...others, merge(topology, known, request)] };
    return deploy(folder, JSON.stringify(wanted), folder);
  });
}

function merge(topology: Topology, known: Chaincode | undefined, request: ChaincodeRequest): object {
  const { command = known?.command } = request;
  if (command === undefined) {
    throw new ManagerError('DEPLOY_REFUSED', { chaincode: request.name, wanted: 'a command that starts it' });
  }
  const sequence = (known?.sequence ?? 0) + 1;
  return {
    endorsement: majorityOf(topology, request.channels ?? known?.channels),
    version: `${sequence}.0`,
    ...known,
    ...(known === undefined || request.command === undefined ? {} : { version: `${sequence}.0` }),
    ...request,
    command,
    sequence,
  };
}

/** As a channel's own default, `MAJORITY Endorsement`, spelt out: for the smallest of the channels. */
function majorityOf(topology: Topology, channels: readonly string[] = [topology.channel.name]): string {
  const circles = allChannels(topology)
    .filter(({ name }) => channels.includes(name))
    .map((each) => membersOf(each, topology));
  const [members = []] = circles.toSorted((a, b) => a.length - b.length);
  const majority = Math.floor(members.length / 2) + 1;
  return `OutOf(${majority},${members.map((mspId) => `'${mspId}.peer'`).join(',')})`;
}

async function deploy(folder: string, text: string, topologyFolder: string): Promise<Deployment> {
  const wanted = await readTopology(text, topologyFolder);
  const { topology: before } = await topologyInForce(folder);
  checkSuccession(before, wanted.topology);
  const process_ = networkProcess(folder);
  const live = process_.pid !== undefined;
  if (live) {
    const changed = wanted.topology.chaincodes.filter((chaincode) => startsAnew(chaincode, before));
    // One listener per server: `chaincode-<name>`, or `chaincode-<name>.<organisation>`.
    const isNew = (listener: string) =>
      changed.some(({ name }) => listener === `chaincode-${name}` || listener.startsWith(`chaincode-${name}.`));
    await writeNextPlan(folder, wanted.topology, isNew);
    await sendCommand(process_, runFolder(folder), { verb: 'deploy' });
  }
  keepTopology(folder, wanted); // Last: what was refused is not in force.
  const { chaincodes } = wanted.topology;
  return { chaincodes: chaincodes.map(({ name, version, sequence }) => ({ name, version, sequence })), live };
}

/** @throws ManagerError DEPLOY_REFUSED where a running channel could not become this. */
function checkSuccession(before: Topology, after: Topology): void {
  const rest = ({ organisations, orderer, channel, furtherChannels, limits }: Topology) =>
    JSON.stringify({ organisations, orderer, channel, furtherChannels, limits });
  if (rest(before) !== rest(after)) {
    throw new ManagerError('DEPLOY_REFUSED', { wanted: 'a topology that differs in its chaincodes alone' });
  }
  for (const old of before.chaincodes) {
    const next = after.chaincodes.find(({ name }) => name === old.name);
    if (next === undefined) {
      throw new ManagerError('DEPLOY_REFUSED', { chaincode: old.name, wanted: 'every chaincode that was defined' });
    }
    checkCollections(old, next);
    const terms = ({ version, endorsement, collections }: Chaincode) =>
      JSON.stringify([version, endorsement, collections]);
    const changed = terms(next) !== terms(old);
    const due = changed ? old.sequence + 1 : old.sequence;
    if (next.sequence !== due && next.sequence !== old.sequence + 1) {
      throw new ManagerError('DEPLOY_REFUSED', { chaincode: old.name, wanted: `sequence ${due}` });
    }
  }
}

/**
 * What lies in a collection has its time to live from it, so neither may go.
 * @throws ManagerError DEPLOY_REFUSED. Source: Fabric core/chaincode/lifecycle/scc.go, validateCollConfigsAgainstCommittedDef.
 */
function checkCollections(before: Chaincode, after: Chaincode): void {
  for (const { name, blockToLive } of before.collections) {
    const next = after.collections.find((each) => each.name === name);
    if (next?.blockToLive === blockToLive) continue;
    const wanted = `collection ${name} with blockToLive ${blockToLive}, as it was defined`;
    throw new ManagerError('DEPLOY_REFUSED', { chaincode: before.name, wanted });
  }
}

/** Whether a chaincode's servers must be started anew: their program, its place or its name for itself changed. */
function startsAnew(chaincode: Chaincode, before: Topology): boolean {
  const program = (of: Chaincode | undefined) =>
    JSON.stringify([of?.version, of?.command, of?.folder, of?.watch, of?.perOrganisation, of?.ports, of?.channels]);
  return program(chaincode) !== program(before.chaincodes.find(({ name }) => name === chaincode.name));
}
