import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { endOrphan } from './kept-process.js';
import { startOrderer, startPeer } from '../plan/fabric-commands.js';
import { type FabricPlan } from '../plan/fabric-plan.js';
import { type NetworkPlan } from '../plan/plan.js';
import { type Topology } from '../plan/topology.js';
import { readIfThere, writeAtomically } from './atomic-file.js';
import { ManagerError } from './manager-error.js';
import { allocatePorts, isFree } from './ports.js';

/** A topology and its text, in which no relative folder is left. */
export interface TopologyFile {
  readonly text: string;
  readonly topology: Topology;
}

/** What answers Fabric's protocols: the embedded network, or a release of Fabric's own programs. */
export type Engine = 'embedded' | 'fabric';

/** A plan of either engine; one without a name is of the embedded network. */
export type AnyPlan = (NetworkPlan & { readonly engine?: 'embedded' }) | FabricPlan;

/** How an engine lays a topology out. */
interface Planning<Plan> {
  readonly listenerNames: (topology: Topology) => string[];
  readonly fixedPorts: (topology: Topology) => (number | undefined)[];
  readonly portsByListener: (plan: Plan) => ReadonlyMap<string, number>;
  readonly plan: (topology: Topology, ports: readonly number[], folder: string) => Plan;
  /** Listeners whose addresses stand in the channel's configuration, so that they cannot move. */
  readonly pinned: (plan: Plan) => readonly string[];
}

/** Loaded when a network is planned: what reads topologies costs more time and memory than all other commands need. */
export async function loadPlanning() {
  const [topology, folders] = await Promise.all([import('../plan/topology.js'), import('../plan/anchor-folders.js')]);
  return { ...topology, ...folders };
}

async function loadPlanningOf(engine: Engine): Promise<Planning<AnyPlan>> {
  if (engine === 'fabric') {
    const fabric = await import('../plan/fabric-plan.js');
    return {
      listenerNames: fabric.fabricListenerNames,
      fixedPorts: fabric.fabricFixedPorts,
      portsByListener: (plan) => fabric.fabricPortsByListener(plan as FabricPlan),
      plan: fabric.planFabric,
      pinned: (plan) => fabric.fabricPinnedListeners(plan as FabricPlan),
    };
  }
  const { listenerNames, fixedPorts, portsByListener, planNetwork } = await import('../plan/plan.js');
  return {
    listenerNames,
    fixedPorts,
    portsByListener: (plan) => portsByListener(plan as NetworkPlan),
    plan: planNetwork,
    pinned: () => [],
  };
}

/** The engine that a data folder was first started with, `undefined` where it never was. */
export function engineOf(folder: string): Engine | undefined {
  const plan = readPlan(folder);
  return plan === undefined ? undefined : (plan.engine ?? 'embedded');
}

/** @param folder from where relative folders count. @throws TopologyError */
export async function readTopology(text: string, folder: string): Promise<TopologyFile> {
  const { parseTopology, anchorFolders } = await loadPlanning();
  parseTopology(text); // Before anything is made of a text that may be no topology at all.
  const anchored = anchorFolders(text, resolve(folder));
  return { text: anchored, topology: parseTopology(anchored) };
}

/** The topology that a data folder was founded or last deployed with. @throws TopologyError, FOLDER_EMPTY */
export async function topologyInForce(folder: string): Promise<TopologyFile> {
  const text = readIfThere(topologyFile(folder));
  if (text === undefined) throw new ManagerError('FOLDER_EMPTY', { folder, wanted: 'a data folder of a network' });
  return readTopology(text, folder);
}

/**
 * Keeps the topology of the first start. Its genesis block and keys were made from it, so another one is refused; what
 * organisations are called may change.
 */
export async function adoptTopology(folder: string, wanted: TopologyFile): Promise<Topology> {
  const text = readIfThere(topologyFile(folder));
  if (text === undefined) {
    keepTopology(folder, wanted);
    return wanted.topology;
  }
  const { topology } = await readTopology(text, folder);
  if (JSON.stringify(untitled(topology)) === JSON.stringify(untitled(wanted.topology))) {
    keepTopology(folder, wanted);
    return wanted.topology;
  }
  const file = topologyFile(folder);
  const differs = differingMembers(untitled(topology), untitled(wanted.topology)).join(', ');
  throw new ManagerError('TOPOLOGY_IN_FORCE', {
    file,
    differs,
    wanted: 'the topology in force, or another data folder',
  });
}

function untitled({ organisations, ...rest }: Topology): Topology {
  return { ...rest, organisations: organisations.map(({ title: _title, ...each }) => each) };
}

/** Which first-level members of two topologies are not the same, such as `furtherChannels`. */
function differingMembers(left: Topology, right: Topology): string[] {
  const [mine, theirs] = [left, right].map((each) => new Map(Object.entries(each)));
  const names = new Set([...(mine?.keys() ?? []), ...(theirs?.keys() ?? [])]);
  return [...names].filter((name) => JSON.stringify(mine?.get(name)) !== JSON.stringify(theirs?.get(name)));
}

/** Puts a topology in force. */
export function keepTopology(folder: string, { text }: TopologyFile): void {
  writeAtomically(topologyFile(folder), text);
}

/** The plan that a data folder was last started with, or `undefined` where it never was. */
export function readPlan(dataDir: string): AnyPlan | undefined {
  const text = readIfThere(join(resolve(dataDir), 'plan.json'));
  return text === undefined ? undefined : (JSON.parse(text) as AnyPlan); // Written below, in one piece.
}

/** Ends the processes that a network which was killed left behind. */
export function endOrphans(folder: string): void {
  const plan = readPlan(folder);
  // The plan of a copied folder still names the original's processes.
  if (plan?.folder !== folder) return;
  plan.chaincodes.flatMap(({ servers }) => servers).forEach(endOrphan);
  if (plan.engine !== 'fabric') return;
  plan.orderers.forEach(({ pidFile }) => {
    endOrphan({ pidFile, command: startOrderer });
  });
  plan.peers.forEach(({ pidFile }) => {
    endOrphan({ pidFile, command: startPeer });
  });
}

/** Plans a network that does not run. Ports stay what they were where they are still free. @throws PORTS_EXHAUSTED, PORT_TAKEN */
export async function writePlan(folder: string, topology: Topology, engine: Engine): Promise<void> {
  const planning = await loadPlanningOf(engine);
  const { listenerNames, fixedPorts, portsByListener } = planning;
  const earlier = readPlan(folder);
  const kept = earlier === undefined ? new Map<string, number>() : portsByListener(earlier);
  const pinned = earlier !== undefined && existsSync(earlier.genesisFile) ? planning.pinned(earlier) : [];
  const fixed = fixedPorts(topology);
  const names = listenerNames(topology);
  const wanted = names.map((name, index) => fixed[index] ?? kept.get(name));
  const ports = await allocatePorts(wanted.length, folder, wanted);
  const stays = (index: number) => fixed[index] !== undefined || pinned.includes(names[index] ?? '');
  const taken = wanted.find((port, index) => stays(index) && port !== ports[index]);
  if (taken !== undefined) throw new ManagerError('PORT_TAKEN', { port: taken });
  keepPlan(folder, planning.plan(topology, ports, folder));
}

/**
 * Plans what a running network is to become: everything that runs keeps its port, and only what `isNew` listens
 * elsewhere. @param isNew told a name of `listenerNames`. @throws PORTS_EXHAUSTED, PORT_TAKEN
 */
export async function writeNextPlan(
  folder: string,
  topology: Topology,
  isNew: (listener: string) => boolean,
): Promise<void> {
  const planning = await loadPlanningOf(engineOf(folder) ?? 'embedded');
  const { listenerNames, fixedPorts, portsByListener } = planning;
  const earlier = readPlan(folder);
  const known = earlier === undefined ? new Map<string, number>() : portsByListener(earlier);
  const names = listenerNames(topology);
  const fixed = fixedPorts(topology);
  const given = names.map((name, index) => {
    const before = known.get(name);
    if (before !== undefined && !isNew(name)) return before;
    return fixed[index] === before ? undefined : fixed[index]; // The old server still has the fixed port.
  });
  await checkFree(given.filter((port) => port !== undefined && ![...known.values()].includes(port)));
  const avoided = new Set([...known.values(), ...given.filter((port) => port !== undefined)]);
  const fresh = await allocatePorts(given.filter((port) => port === undefined).length, folder, [], avoided);
  const ports = given.map((port) => port ?? fresh.shift() ?? 0);
  keepPlan(folder, planning.plan(topology, ports, folder));
}

function keepPlan(folder: string, plan: AnyPlan): void {
  writeAtomically(join(folder, 'plan.json'), `${JSON.stringify(plan, undefined, 2)}\n`);
}

async function checkFree(ports: readonly (number | undefined)[]): Promise<void> {
  for (const port of ports) {
    if (port !== undefined && !(await isFree(port))) throw new ManagerError('PORT_TAKEN', { port });
  }
}

function topologyFile(folder: string): string {
  return join(folder, 'topology.yaml');
}
