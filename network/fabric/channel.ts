import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type FabricPeerPlan, type FabricPlan, organisationOf, type OrdererPlan } from '../plan/fabric-plan.js';
import { type MemberPlan, type OrganisationPlan } from '../plan/plan.js';
import { type FabricBinaries } from './binaries.js';
import { channelProfile, formatChannelConfig } from './channel-config.js';
import { FabricError } from './fabric-error.js';
import { runCommand } from './run-command.js';

/** Makes the genesis block, once: the file appears whole or not at all. */
export async function ensureGenesisBlock(plan: FabricPlan, binaries: FabricBinaries): Promise<void> {
  if (existsSync(plan.genesisFile)) return;
  mkdirSync(dirname(plan.genesisFile), { recursive: true, mode: 0o700 });
  renameSync(await makeGenesisBlock(plan, binaries, `${plan.genesisFile}.unfinished`), plan.genesisFile);
}

/** The first block of a channel as a plan would have it, by Fabric's `configtxgen`. @returns `file` */
export async function makeGenesisBlock(
  plan: FabricPlan,
  { configtxgen }: FabricBinaries,
  file: string,
): Promise<string> {
  mkdirSync(plan.channelFolder, { recursive: true, mode: 0o700 });
  writeFileSync(join(plan.channelFolder, 'configtx.yaml'), formatChannelConfig(plan));
  await runCommand({
    program: configtxgen,
    parameters: [
      ...['-configPath', plan.channelFolder, '-profile', channelProfile, '-channelID', plan.channel.name],
      ...['-outputBlock', file],
    ],
  });
  return file;
}

/**
 * Joins an orderer to the channel through the participation API, unless it is there already.
 * @param block the channel's first, or for one that joins later its newest configuration. @returns whether it joined now
 */
export async function joinOrderer(
  plan: FabricPlan,
  orderer: OrdererPlan,
  binaries: FabricBinaries,
  block = plan.genesisFile,
): Promise<boolean> {
  const { name } = plan.channel;
  const listed = await osnadmin(plan, orderer, binaries, ['list']);
  if (listed.includes(`"${name}"`)) return false;
  await osnadmin(plan, orderer, binaries, ['join', '--channelID', name, '--config-block', block]);
  return true;
}

/** What an orderer says of its part in the channel. */
interface OrdererState {
  readonly consensusRelation: string;
  readonly status: string;
  readonly height: number;
}

/** Asks an orderer for its part in the channel. @throws FabricError FABRIC_COMMAND_FAILED where it has none */
export async function readOrdererState(
  plan: FabricPlan,
  orderer: OrdererPlan,
  binaries: FabricBinaries,
): Promise<OrdererState> {
  const answer = await osnadmin(plan, orderer, binaries, ['list', '--channelID', plan.channel.name]);
  return JSON.parse(answer.slice(answer.indexOf('{'))) as OrdererState;
}

async function osnadmin(
  plan: FabricPlan,
  { mspId, adminAddress, tls }: OrdererPlan,
  { osnadmin: program }: FabricBinaries,
  words: readonly string[],
): Promise<string> {
  const [verb = '', ...rest] = words;
  const admin = adminOf(plan.orderingOrganisations.find((each) => each.mspId === mspId));
  const answer = await runCommand({
    program,
    parameters: [
      ...['channel', verb, ...rest, '-o', adminAddress, '--ca-file', tls.caFile],
      ...['--client-cert', admin.tls.certificateFile, '--client-key', admin.tls.privateKeyFile],
    ],
  });
  // osnadmin ends with code 0 whatever the orderer answers: the status stands in its first line.
  const status = Number(/Status: (\d+)/.exec(answer)?.[1] ?? 0);
  if (status >= 400) throw new FabricError('FABRIC_COMMAND_FAILED', `osnadmin channel ${verb}: ${answer.trim()}`);
  return answer;
}

/** Joins a peer to the channel, unless it is there already. @returns whether it joined now */
export async function joinPeer(plan: FabricPlan, peer: FabricPeerPlan, binaries: FabricBinaries): Promise<boolean> {
  const listed = await peerCommand(plan, peer, binaries, ['channel', 'list']);
  if (listed.split('\n').some((line) => line.trim() === plan.channel.name)) return false;
  await peerCommand(plan, peer, binaries, ['channel', 'join', '-b', plan.genesisFile]);
  return true;
}

/** Runs Fabric's `peer` program as the administrator of the peer's organisation. @returns its standard output */
export function peerCommand(
  plan: FabricPlan,
  peer: FabricPeerPlan,
  { peer: program }: FabricBinaries,
  parameters: readonly string[],
): Promise<string> {
  const admin = adminOf(organisationOf(plan, peer.mspId));
  return runCommand({
    program,
    parameters,
    environment: {
      FABRIC_CFG_PATH: peer.configFolder,
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_MSPCONFIGPATH: join(admin.folder, 'msp'),
    },
  });
}

/** Flags that send a transaction to an orderer and trust its certificate. */
export function ordererFlags({ orderers: [orderer] }: FabricPlan): string[] {
  if (orderer === undefined) throw new RangeError('a network has an orderer');
  return ['-o', orderer.address, '--tls', '--cafile', orderer.tls.caFile];
}

/** The administrator of an organisation. @throws RangeError where a plan lacks one */
export function adminOf(organisation: OrganisationPlan | undefined): MemberPlan {
  const admin = organisation?.users.find(({ role }) => role === 'admin');
  if (admin === undefined) throw new RangeError('an organisation has an administrator');
  return admin;
}
