import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';

import { ensureMaterial } from '../ca/material.js';
import { ChaincodeProcess, type ChaincodeProcessPlan } from '../embedded/chaincode/chaincode-process.js';
import { readSigner } from '../embedded/read-signer.js';
import { type OperatedNetwork, type ProcessHooks } from '../manager/network-process.js';
import { pollFor } from '../manager/poll.js';
import { ordererCommand, peerCommand } from '../plan/fabric-commands.js';
import { type FabricPeerPlan, type FabricPlan, organisationOf, type OrdererPlan } from '../plan/fabric-plan.js';
import { type ChaincodePlan } from '../plan/plan.js';
import { type FabricBinaries, findBinaries } from './binaries.js';
import { ensureGenesisBlock, joinOrderer, joinPeer } from './channel.js';
import { type ServiceConnection } from './chaincode-package.js';
import { FabricError } from './fabric-error.js';
import { canEndorse } from './gateway-probe.js';
import { deployChaincode } from './lifecycle.js';
import { formatOrdererConfig } from './orderer-config.js';
import { formatPeerConfig } from './peer-config.js';

/** How long a node may take to listen, and every gateway to find the other organisations' peers, milliseconds. */
const listenMs = 30_000;
const gatewaysMs = 60_000;
const probePauseMs = 250;

/**
 * A network of Fabric's own programs on this machine: Byzantine orderers, a peer or more for each organisation, chaincode
 * servers beside them, all on loopback and all kept running. Starting is a list of steps, each of which looks whether
 * it was done: a start that was cut off is taken up where it stopped, and one of a finished network changes nothing.
 */
export class FabricNetwork implements OperatedNetwork<FabricPlan> {
  readonly consensusType = 'BFT';
  readonly #binaries: FabricBinaries;
  readonly #hooks: ProcessHooks<FabricPlan>;
  readonly #processes = new Map<string, ChaincodeProcess>();
  #plan: FabricPlan;

  private constructor(plan: FabricPlan, binaries: FabricBinaries, hooks: ProcessHooks<FabricPlan>) {
    this.#plan = plan;
    this.#binaries = binaries;
    this.#hooks = hooks;
  }

  /** @throws FabricError, MaterialError, and the system's own errors */
  static async start(plan: FabricPlan, hooks: ProcessHooks<FabricPlan>): Promise<FabricNetwork> {
    const binaries = findBinaries();
    await ensureMaterial(plan, hooks.nowMs());
    await ensureGenesisBlock(plan, binaries);
    hooks.onProgress('keys, certificates and genesis block');
    const network = new FabricNetwork(plan, binaries, hooks);
    try {
      await network.#startAll();
      return network;
    } catch (cause) {
      await network.close();
      throw cause;
    }
  }

  get plan(): FabricPlan {
    return this.#plan;
  }

  get runningPeers(): ReadonlySet<string> {
    return new Set(this.#processes.keys());
  }

  /** Ends one node: a peer or an orderer. @throws FabricError FABRIC_NODE_UNKNOWN, FABRIC_NODE_STOPPED */
  async stopPeer(name: string): Promise<void> {
    this.#programOf(name);
    const running = this.#processes.get(name);
    if (running === undefined) throw new FabricError('FABRIC_NODE_STOPPED', `${name} does not run`);
    this.#processes.delete(name);
    await running.close();
    this.#hooks.onChange(this);
  }

  /** Starts a node that was stopped; it fetches what it missed. @throws FabricError as `stopPeer`, FABRIC_NODE_RUNS */
  async startPeer(name: string): Promise<void> {
    const program = this.#programOf(name);
    if (this.#processes.has(name)) throw new FabricError('FABRIC_NODE_RUNS', `${name} runs`);
    this.#run(program);
    await waitUntilListening(this.#listenerOf(name));
    this.#hooks.onChange(this);
  }

  /** New definitions of chaincodes, by the lifecycle; servers whose package changed are started anew. */
  async deploy(plan: FabricPlan): Promise<void> {
    this.#plan = plan;
    for (const program of programsOf(plan, this.#binaries)) {
      const running = this.#processes.get(program.name);
      if (running?.isOf(program) === true) continue;
      await running?.close();
      this.#run(program);
    }
    await Promise.all(plan.peers.map(waitUntilListening));
    for (const chaincode of plan.chaincodes) await deployChaincode(plan, chaincode, this.#binaries);
    await waitForGateways(plan);
    this.#hooks.onChange(this);
  }

  /** Ends every process and waits for its exit. */
  async close(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.close()));
  }

  async #startAll(): Promise<void> {
    const plan = this.#plan;
    const binaries = this.#binaries;
    for (const program of programsOf(plan, binaries)) this.#run(program);
    await Promise.all([...plan.orderers.map(adminEnd), ...plan.peers].map(waitUntilListening));
    await Promise.all(plan.orderers.map((orderer) => joinOrderer(plan, orderer, binaries)));
    await Promise.all(plan.peers.map((peer) => joinPeer(plan, peer, binaries)));
    this.#tell(`${plan.orderers.length} orderers and ${plan.peers.length} peers on channel ${plan.channel.name}`);
    for (const chaincode of plan.chaincodes) {
      await deployChaincode(plan, chaincode, binaries);
      this.#tell(`chaincode ${chaincode.name} ${chaincode.version}, sequence ${chaincode.sequence}`);
    }
    await waitForGateways(plan);
    this.#tell('every gateway finds the other organisations');
  }

  #tell(done: string): void {
    this.#hooks.onProgress(done);
  }

  #run(program: ChaincodeProcessPlan): void {
    mkdirSync(dirname(program.logFile), { recursive: true, mode: 0o700 });
    const kept = new ChaincodeProcess(program);
    kept.start();
    this.#processes.set(program.name, kept);
  }

  #programOf(name: string): ChaincodeProcessPlan {
    const found = programsOf(this.#plan, this.#binaries).find((program) => program.name === name);
    if (found === undefined) throw new FabricError('FABRIC_NODE_UNKNOWN', `no node ${name} in this network`);
    return found;
  }

  #listenerOf(name: string): Listener {
    const { orderers, peers, chaincodes } = this.#plan;
    const servers = chaincodes.flatMap((chaincode) => chaincode.servers).map((each) => ({ ...each, id: each.name }));
    const found = [...orderers, ...peers, ...servers].find(({ id }) => id === name);
    if (found === undefined) throw new FabricError('FABRIC_NODE_UNKNOWN', `no node ${name} in this network`);
    return found;
  }
}

/** Every process of a plan; their configuration is written on the way. Chaincodes first: peers call them at once. */
export function programsOf(plan: FabricPlan, binaries: FabricBinaries): ChaincodeProcessPlan[] {
  return [
    ...plan.chaincodes.flatMap(({ servers }) => servers),
    ...plan.orderers.map((orderer) => ordererProgram(orderer, binaries)),
    ...plan.peers.map((peer) => peerProgram(plan, peer, binaries)),
  ];
}

function ordererProgram(orderer: OrdererPlan, { orderer: program }: FabricBinaries): ChaincodeProcessPlan {
  writeConfig(orderer.configFolder, 'orderer.yaml', formatOrdererConfig(orderer));
  return {
    name: orderer.id,
    command: [program, ...ordererCommand.slice(1)],
    environment: { FABRIC_CFG_PATH: orderer.configFolder, FABRIC_LOGGING_SPEC: 'warn' },
    logFile: orderer.logFile,
    pidFile: orderer.pidFile,
  };
}

function peerProgram(plan: FabricPlan, peer: FabricPeerPlan, binaries: FabricBinaries): ChaincodeProcessPlan {
  const [first = peer] = organisationOf(plan, peer.mspId).nodes;
  writeConfig(peer.configFolder, 'core.yaml', formatPeerConfig(peer, first.address, binaries.ccaasBuilder));
  const connections = plan.chaincodes.map((chaincode) => [chaincode.name, connectionTo(chaincode, peer)] as const);
  return {
    name: peer.id,
    command: [binaries.peer, ...peerCommand.slice(1)],
    environment: {
      FABRIC_CFG_PATH: peer.configFolder,
      FABRIC_LOGGING_SPEC: 'warn',
      CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG: JSON.stringify(Object.fromEntries(connections)),
    },
    logFile: peer.logFile,
    pidFile: peer.pidFile,
  };
}

function connectionTo({ name, servers }: ChaincodePlan, { mspId, tls }: FabricPeerPlan): ServiceConnection {
  const server = servers.find(({ mspIds }) => mspIds.includes(mspId));
  if (server === undefined) throw new RangeError(`chaincode ${name} has no server for ${mspId}`);
  return {
    address: server.address,
    root_cert: readFileSync(server.tls.caFile, 'utf8'),
    client_key: readFileSync(tls.privateKeyFile, 'utf8'),
    client_cert: readFileSync(tls.certificateFile, 'utf8'),
  };
}

function writeConfig(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, name), text, { mode: 0o600 });
}

interface Listener {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
}

function adminEnd({ id, host, adminPort, logFile }: OrdererPlan): Listener {
  return { id, host, port: adminPort, logFile };
}

async function waitUntilListening(listener: Listener): Promise<void> {
  const listens = await pollFor(listenMs, async () => ((await isListening(listener)) ? true : undefined));
  if (listens === undefined) {
    const message = `${listener.id} did not listen on port ${listener.port}; its log: ${listener.logFile}`;
    throw new FabricError('FABRIC_NODE_UNREACHABLE', message);
  }
}

function isListening({ host, port }: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

/** Waits until the first peer of every organisation can have the first chaincode endorsed by all of them. */
async function waitForGateways(plan: FabricPlan): Promise<void> {
  const [chaincode] = plan.chaincodes;
  if (chaincode === undefined) return;
  const mspIds = plan.organisations.map(({ mspId }) => mspId);
  const call = { channel: plan.channel.name, chaincode: chaincode.name, mspIds };
  const late = await Promise.all(
    plan.organisations.map(async ({ mspId, users }) => {
      const peer = plan.peers.find((each) => each.mspId === mspId);
      const admin = users.find(({ role }) => role === 'admin');
      if (peer === undefined || admin === undefined) throw new RangeError(`${mspId} lacks a peer or an administrator`);
      const signer = readSigner(mspId, admin);
      const ready = await pollFor(
        gatewaysMs,
        async () => ((await canEndorse(peer, call, signer)) ? true : undefined),
        probePauseMs,
      );
      return ready === undefined ? [peer.id] : [];
    }),
  );
  if (late.flat().length > 0) {
    const message = `the gateways of ${late.flat().join(', ')} found no endorsers within ${gatewaysMs / 1000} s`;
    throw new FabricError('FABRIC_NOT_READY', message);
  }
}
