import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { type Topology } from '../plan/topology.js';
import { readIfThere } from './atomic-file.js';
import { withFolderLock } from './folder-lock.js';
import { ManagedProcess } from './managed-process.js';
import { ManagerError } from './manager-error.js';
import { memoryParameters } from './memory-limits.js';
import { packageRoot } from './package-root.js';
import { adoptTopology, endOrphans, type Engine, engineOf, readTopology, writePlan } from './plan-file.js';
import { residentBytes } from './process-table.js';

/** What the network process writes to `run/network.json` when it is ready. */
export interface NetworkAddresses {
  readonly pid: number;
  /** When its process began, Unix milliseconds. */
  readonly startedMs: number;
  /** The first channel: what a client is to use that names none. */
  readonly channel: string;
  /** All channels, the first one before the others, with their members. */
  readonly channels: readonly { readonly name: string; readonly mspIds: readonly string[] }[];
  /** As the channel's configuration names it: tells the embedded network from a real one. */
  readonly consensusType: string;
  readonly organisations: readonly {
    readonly mspId: string;
    readonly name: string;
    readonly domain: string;
    readonly peers: readonly { readonly name: string; readonly address: string; readonly running: boolean }[];
    /** Where the organisation's authority answers Fabric CA's protocol. */
    readonly authority?: { readonly name: string; readonly address: string };
  }[];
  /** Orderers that are processes of their own, with Fabric's programs. */
  readonly orderers?: readonly { readonly name: string; readonly address: string; readonly running: boolean }[];
  readonly chaincodes: readonly {
    readonly name: string;
    readonly version: string;
    readonly sequence: number;
    /** Names of the channels that it is defined on. */
    readonly channels: readonly string[];
  }[];
}

/** Whether a network runs in a data folder, and where. */
export type NetworkStatus =
  | { readonly state: 'down' }
  | { readonly state: 'starting'; readonly pid: number }
  | {
      readonly state: 'up';
      readonly pid: number;
      readonly network: NetworkAddresses;
      /** Resident memory of the network's process, bytes; absent where the system does not tell. */
      readonly residentBytes?: number;
    };

/** A network that was asked for. */
export interface StartRequest {
  readonly dataDir: string;
  /** YAML or JSON as `network/plan` reads it; needed at the first start, and must not differ later. */
  readonly topologyText: string;
  /** From where relative folders in that text count; the current folder unless told. */
  readonly topologyFolder?: string;
  /** What is to answer Fabric's protocols; the one that the folder was first started with, else the embedded network. */
  readonly engine?: Engine;
  /** Told what was done, one short line at a time. */
  readonly onProgress?: (done: string) => void;
}

/** A network that runs, and whether this call started it. */
export interface StartedNetwork {
  readonly network: NetworkAddresses;
  readonly topology: Topology;
  readonly startedNow: boolean;
}

/** Milliseconds for making keys, opening the ledgers and starting the chaincodes. */
const startMs: Readonly<Record<Engine, number>> = { embedded: 60_000, fabric: 180_000 };

/**
 * Starts the network of a data folder, or finds the one that runs there. Ports stay what they were where they
 * are still free.
 * @throws TopologyError; TOPOLOGY_IN_FORCE where the folder belongs to another topology; PORTS_EXHAUSTED; PORT_TAKEN;
 * PROCESS_FAILED and PROCESS_TIMEOUT of the network's process; FOLDER_BUSY; ENGINE_IN_FORCE where the
 * folder belongs to another engine
 */
export async function startNetwork(request: StartRequest): Promise<StartedNetwork> {
  const { dataDir, topologyText, topologyFolder = process.cwd(), onProgress } = request;
  const folder = resolve(dataDir);
  const wanted = await readTopology(topologyText, topologyFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return await withFolderLock(runFolder(folder), async () => {
    const engine = await adoptEngine(folder, request.engine);
    const topology = await adoptTopology(folder, wanted);
    const process_ = networkProcess(folder, engine);
    const startedNow = process_.pid === undefined;
    if (startedNow) {
      endOrphans(folder); // They hold ports that the plan is to keep.
      await writePlan(folder, topology, engine);
    }
    onProgress?.(startedNow ? 'topology and ports' : 'found the network that runs here');
    try {
      await process_.start(startMs[engine], onProgress);
    } catch (cause) {
      if (process_.pid === undefined) endOrphans(folder); // It may have been ended amid its start.
      throw cause;
    }
    if (engine === 'embedded') onProgress?.('peers, orderer and chaincodes'); // Fabric's own tell each step.
    return { network: readAddresses(folder), topology, startedNow };
  });
}

/**
 * Ends the network of a data folder, and the chaincode servers that a network which was killed left behind.
 * @returns whether one ran. @throws FOLDER_BUSY
 */
export async function stopNetwork(dataDir: string): Promise<boolean> {
  const folder = resolve(dataDir);
  return await withFolderLock(runFolder(folder), async () => {
    const ran = await networkProcess(folder).stop();
    endOrphans(folder);
    return ran;
  });
}

/** Looks whether the network of a data folder runs; a process of the same id that is not ours does not count. */
export function readStatus(dataDir: string): NetworkStatus {
  const folder = resolve(dataDir);
  const process_ = networkProcess(folder);
  const { pid } = process_;
  if (pid === undefined) return { state: 'down' };
  if (process_.find() === undefined) return { state: 'starting', pid };
  const bytes = residentBytes(pid);
  return { state: 'up', pid, network: readAddresses(folder), ...(bytes === undefined ? {} : { residentBytes: bytes }) };
}

/** Ledgers of one engine mean nothing to the other. @throws ENGINE_IN_FORCE, FABRIC_BINARIES_MISSING */
async function adoptEngine(folder: string, wanted: Engine | undefined): Promise<Engine> {
  const inForce = engineOf(folder);
  if (wanted !== undefined && inForce !== undefined && wanted !== inForce) {
    throw new ManagerError('ENGINE_IN_FORCE', {
      folder,
      engine: inForce,
      wanted: 'that engine, or another data folder',
    });
  }
  const engine = inForce ?? wanted ?? 'embedded';
  if (engine === 'fabric') (await import('../fabric/binaries.js')).findBinaries(); // Before anything is written.
  return engine;
}

/** The network's process as a data folder remembers it. @param folder absolute. */
export function networkProcess(folder: string, engine = engineOf(folder) ?? 'embedded'): ManagedProcess {
  const root = packageRoot();
  return new ManagedProcess({
    name: 'network',
    command: [
      process.execPath,
      ...memoryParameters,
      join(root, 'dist', 'network', engine, 'main.js'),
      '--data',
      folder,
    ],
    workingFolder: root, // A topology's chaincode commands are relative to the package.
    runFolder: runFolder(folder),
  });
}

function readAddresses(folder: string): NetworkAddresses {
  const file = join(runFolder(folder), 'network.json');
  const text = readIfThere(file);
  if (text === undefined) throw new ManagerError('PROCESS_FAILED', { process: 'network', reason: `left no ${file}` });
  return JSON.parse(text) as NetworkAddresses; // Written in one piece by the process that was found alive.
}

/** Process ids, logs and addresses of what runs. @param folder absolute. */
export function runFolder(folder: string): string {
  return join(folder, 'run');
}
