import { resolve } from 'node:path';

import { type Topology } from '../plan/topology.js';
import { withFolderLock } from './folder-lock.js';
import { ManagerError } from './manager-error.js';
import { type NetworkChange } from './network-change.js';
import { networkProcess, runFolder } from './network.js';
import { sendCommand } from './operator-command.js';
import { engineOf, keepTopology, readTopology, topologyInForce, writeNextPlan } from './plan-file.js';

type Organisation = Topology['organisations'][number];

/** A change, and the topology that it leads to; `undefined` where the topology stays. */
interface Intention {
  readonly change: NetworkChange;
  readonly topology?: object;
}

/**
 * Adds an organisation to a running network: keys, the channel's consent, peers, chaincodes. The same call finishes one
 * that was cut off.
 * @param text one entry of a topology's `organisations`, YAML or JSON. @returns its MSP id and peers
 * @throws TopologyError; CHANGE_REFUSED where another of its names is there; NETWORK_NOT_RUNNING, COMMAND_REFUSED,
 * FOLDER_BUSY, FOLDER_EMPTY
 */
export async function addOrganisation(dataDir: string, text: string): Promise<Pick<Organisation, 'mspId' | 'peers'>> {
  let mspId = '';
  const after = await carryOut(dataDir, async (before) => {
    const { parse } = await import('yaml');
    const known = before.organisations.find((each) => each.mspId === readMspId(parse(text)));
    const others = before.organisations.filter((each) => each !== known);
    const topology = { ...before, organisations: [...others, parse(text) as unknown] };
    const wanted = (await readTopology(JSON.stringify(topology), resolve(dataDir))).topology.organisations.at(-1);
    mspId = wanted?.mspId ?? '';
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(wanted)) {
      throw new ManagerError('CHANGE_REFUSED', { mspId, wanted: 'an organisation that is not a member yet' });
    }
    const change = { kind: 'organisation-added', mspId } as const;
    return known === undefined ? { change, topology } : { change };
  });
  const peers = after.organisations.find((each) => each.mspId === mspId)?.peers ?? 0;
  return { mspId, peers };
}

/** New keys and certificates for a peer, of the same authority; it is restarted. @throws as `addOrganisation`; NODE_UNKNOWN */
export async function renewPeer(dataDir: string, peer: string): Promise<void> {
  await carryOut(dataDir, ({ organisations }) => {
    const known = organisations.flatMap((each) =>
      Array.from({ length: each.peers }, (_, n) => `peer${n}.${each.domain}`),
    );
    if (!known.includes(peer)) throw new ManagerError('NODE_UNKNOWN', { node: peer, known: known.join(', ') });
    return Promise.resolve({ change: { kind: 'peer-renewed', peer } });
  });
}

/** Adds an orderer to those whose quorum orders. @param name `ordererN.orderer.<domain>` of a member. @throws as `addOrganisation` */
export async function addConsenter(dataDir: string, name: string): Promise<void> {
  await carryOut(dataDir, async (before) => {
    const consenters = await consentersIn(before);
    const change = { kind: 'consenter-added', consenter: name } as const;
    if (consenters.some((each) => each.name === name)) return { change };
    const id = Math.max(...consenters.map((each) => each.id)) + 1;
    return { change, topology: withConsenters(before, [...consenters, { name, id }]) };
  });
}

/** Takes an orderer out; four must stay. @throws as `addOrganisation`; NODE_UNKNOWN */
export async function removeConsenter(dataDir: string, name: string): Promise<void> {
  await carryOut(dataDir, async (before) => {
    const { consentersMin } = await import('../plan/quorum.js');
    const consenters = await consentersIn(before);
    const rest = consenters.filter((each) => each.name !== name);
    if (rest.length === consenters.length) {
      throw new ManagerError('NODE_UNKNOWN', { node: name, known: consenters.map((each) => each.name).join(', ') });
    }
    if (rest.length < consentersMin) {
      const wanted = `at least ${consentersMin} consenters that stay: fewer tolerate none that fails; add one first`;
      throw new ManagerError('CHANGE_REFUSED', { consenters: consenters.length, wanted });
    }
    return { change: { kind: 'consenter-removed', consenter: name }, topology: withConsenters(before, rest) };
  });
}

/**
 * Has a running network carry out a change. @param intend what is to change, from the topology in force.
 * @returns the topology in force after it
 */
export async function carryOut(dataDir: string, intend: (before: Topology) => Promise<Intention>): Promise<Topology> {
  const folder = resolve(dataDir);
  return await withFolderLock(runFolder(folder), async () => {
    const { topology: before } = await topologyInForce(folder);
    const { change, topology = before } = await intend(before);
    const wanted = await readTopology(JSON.stringify(topology), folder);
    const process_ = networkProcess(folder);
    if (process_.pid === undefined) throw new ManagerError('NETWORK_NOT_RUNNING', { folder });
    // A chaincode's server of the embedded network knows the peers that it serves from its start.
    const moves = change.kind === 'organisation-added' && engineOf(folder) === 'embedded';
    await writeNextPlan(folder, wanted.topology, (listener) => moves && listener.startsWith('chaincode-'));
    await sendCommand(process_, runFolder(folder), { verb: 'change', change });
    if (wanted.topology !== before) keepTopology(folder, wanted); // Last: what was refused is not in force.
    return wanted.topology;
  });
}

async function consentersIn(topology: Topology) {
  return (await import('../plan/fabric-plan.js')).consentersOf(topology);
}

function withConsenters(topology: Topology, consenters: readonly object[]): object {
  return { ...topology, orderer: { ...topology.orderer, consenters } };
}

function readMspId(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'mspId' in value ? value.mspId : undefined;
}
