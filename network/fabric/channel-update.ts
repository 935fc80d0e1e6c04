import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type FabricPlan, type OrdererPlan } from '../plan/fabric-plan.js';
import { type OrganisationPlan } from '../plan/plan.js';
import { type FabricBinaries } from './binaries.js';
import { adminOf, makeGenesisBlock, ordererFlags } from './channel.js';
import { FabricError } from './fabric-error.js';
import { runCommand } from './run-command.js';

/** A group of a channel's configuration as `configtxlator` writes it; only what updates touch is named. */
export interface ConfigGroup {
  groups: Record<string, ConfigGroup>;
  policies: Record<string, unknown>;
  values: Record<string, unknown>;
}

/** Changes a channel's configuration in place, with parts of the one that the plan would begin a channel with. */
export type Splice = (present: ConfigGroup, planned: ConfigGroup) => void;

/** What one update works with. */
interface Desk {
  readonly plan: FabricPlan;
  readonly binaries: FabricBinaries;
  /** An empty folder for this update's files. */
  readonly folder: string;
}

/**
 * Changes the channel's configuration with Fabric's own tools: the present one is fetched and decoded, parts of what
 * `configtxgen` makes of the plan are put into it, `configtxlator` computes the update, the administrators of every
 * organisation that was on the channel sign it, and an orderer takes it.
 * @param plan what the network is to become; its first orderer is asked. @returns whether anything had to change.
 * @throws FabricError FABRIC_COMMAND_FAILED
 */
export async function updateChannel(plan: FabricPlan, binaries: FabricBinaries, splice: Splice): Promise<boolean> {
  mkdirSync(plan.channelFolder, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(plan.channelFolder, 'update-'));
  const desk: Desk = { plan, binaries, folder };
  try {
    const present = await readConfig(desk, await fetchConfigBlock(plan, binaries, join(folder, 'present.block')));
    const planned = await readConfig(desk, await makeGenesisBlock(plan, binaries, join(folder, 'planned.block')));
    const members = memberIds(present.channel_group);
    await encode(desk, 'common.Config', 'present', present);
    splice(present.channel_group, planned.channel_group);
    await encode(desk, 'common.Config', 'updated', present);
    const update = await computeUpdate(desk);
    if (update === undefined) return false;
    await encode(desk, 'common.Envelope', 'envelope', enveloped(plan.channel.name, update));
    await signAndSend(desk, members);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fetches the newest block that changed the configuration. @returns its file */
export async function fetchConfigBlock(plan: FabricPlan, binaries: FabricBinaries, file: string): Promise<string> {
  const [organisation] = plan.organisations;
  if (organisation === undefined) throw new RangeError('a network has an organisation');
  const words = ['channel', 'fetch', 'config', file, '-c', plan.channel.name, ...ordererFlags(plan)];
  await asAdmin({ plan, binaries }, organisation, words);
  return file;
}

interface Config {
  readonly channel_group: ConfigGroup;
}

interface BlockJson {
  readonly data: { readonly data: readonly { readonly payload: { readonly data: { readonly config: Config } } }[] };
}

async function readConfig({ binaries, folder }: Desk, block: string): Promise<Config> {
  const output = join(folder, 'decoded.json');
  await translate(binaries, ['proto_decode', '--type', 'common.Block', '--input', block, '--output', output]);
  const { data } = (JSON.parse(readFileSync(output, 'utf8')) as BlockJson).data; // Fabric's program wrote it.
  const [envelope] = data;
  if (envelope === undefined) throw new FabricError('FABRIC_COMMAND_FAILED', 'a configuration block without content');
  return envelope.payload.data.config;
}

async function encode({ binaries, folder }: Desk, type: string, name: string, value: object): Promise<void> {
  const input = join(folder, `${name}.json`);
  writeFileSync(input, JSON.stringify(value));
  await translate(binaries, ['proto_encode', '--type', type, '--input', input, '--output', join(folder, `${name}.pb`)]);
}

/** @returns the update as JSON, `undefined` where nothing differs */
async function computeUpdate({ plan, binaries, folder }: Desk): Promise<object | undefined> {
  const [file, json] = [join(folder, 'update.pb'), join(folder, 'update.json')];
  const configs = ['--original', join(folder, 'present.pb'), '--updated', join(folder, 'updated.pb'), '--output', file];
  try {
    await translate(binaries, ['compute_update', '--channel_id', plan.channel.name, ...configs]);
  } catch (error) {
    if (error instanceof FabricError && error.message.includes('no differences detected')) return undefined;
    throw error;
  }
  await translate(binaries, ['proto_decode', '--type', 'common.ConfigUpdate', '--input', file, '--output', json]);
  return JSON.parse(readFileSync(json, 'utf8')) as object;
}

function enveloped(channel: string, update: object): object {
  const header = { channel_header: { channel_id: channel, type: 2 } }; // common.HeaderType CONFIG_UPDATE
  return { payload: { header, data: { config_update: update } } };
}

async function signAndSend(desk: Desk, members: readonly string[]): Promise<void> {
  const { plan, folder } = desk;
  const file = join(folder, 'envelope.pb');
  const signers = [...plan.organisations, ...plan.orderingOrganisations].filter(({ mspId }) => members.includes(mspId));
  const [sender] = signers;
  if (sender === undefined) throw new FabricError('FABRIC_COMMAND_FAILED', 'no organisation of the channel can sign');
  // One after the other: each adds its signature to the same file.
  for (const signer of signers) await asAdmin(desk, signer, ['channel', 'signconfigtx', '-f', file]);
  await asAdmin(desk, sender, ['channel', 'update', '-f', file, '-c', plan.channel.name, ...ordererFlags(plan)]);
}

function memberIds({ groups }: ConfigGroup): string[] {
  return ['Application', 'Orderer'].flatMap((name) => Object.keys(groups[name]?.groups ?? {}));
}

/** Runs `peer` as the administrator of an organisation, of peers or of orderers. */
function asAdmin(
  { plan, binaries }: Pick<Desk, 'plan' | 'binaries'>,
  organisation: OrganisationPlan,
  parameters: readonly string[],
): Promise<string> {
  const [peer] = plan.peers;
  if (peer === undefined) throw new RangeError('a network has a peer');
  return runCommand({
    program: binaries.peer,
    parameters,
    environment: {
      FABRIC_CFG_PATH: peer.configFolder,
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_LOCALMSPID: organisation.mspId,
      CORE_PEER_MSPCONFIGPATH: join(adminOf(organisation).folder, 'msp'),
    },
  });
}

function translate({ configtxlator }: FabricBinaries, parameters: readonly string[]): Promise<string> {
  return runCommand({ program: configtxlator, parameters });
}

/** A new member: itself, and the flat policies that name every member. */
export function admitOrganisation(mspId: string): Splice {
  return (present, planned) => {
    take(groupOf(present, 'Application'), groupOf(planned, 'Application'), mspId);
    takeMemberPolicies(present, planned);
  };
}

/** Another set of consenters: who they are, whose signatures a block needs, and where their organisations order. */
export function changeConsenters(orderers: readonly OrdererPlan[]): Splice {
  return (present, planned) => {
    const [own, wanted] = [groupOf(present, 'Orderer'), groupOf(planned, 'Orderer')];
    own.values.Orderers = wanted.values.Orderers;
    own.policies.BlockValidation = wanted.policies.BlockValidation;
    const ordering = new Set(orderers.map(({ mspId }) => mspId));
    for (const mspId of Object.keys(own.groups)) if (!ordering.has(mspId)) Reflect.deleteProperty(own.groups, mspId);
    for (const mspId of ordering) {
      const known = own.groups[mspId];
      if (known === undefined) take(own, wanted, mspId);
      else known.values.Endpoints = groupOf(wanted, mspId).values.Endpoints;
    }
    takeMemberPolicies(present, planned);
  };
}

function takeMemberPolicies(present: ConfigGroup, planned: ConfigGroup): void {
  const pairs = [
    [present, planned],
    [groupOf(present, 'Application'), groupOf(planned, 'Application')],
  ] as const;
  for (const [own, wanted] of pairs) {
    for (const name of ['Readers', 'Writers']) own.policies[name] = wanted.policies[name];
  }
}

function take(own: ConfigGroup, wanted: ConfigGroup, name: string): void {
  own.groups[name] = groupOf(wanted, name);
}

function groupOf({ groups }: ConfigGroup, name: string): ConfigGroup {
  const group = groups[name];
  if (group === undefined) throw new FabricError('FABRIC_COMMAND_FAILED', `the configuration has no group ${name}`);
  return group;
}
