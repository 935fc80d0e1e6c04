import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { ensureMaterial } from '../ca/material.js';
import { KeptProcess, type KeptProcessPlan } from '../manager/kept-process.js';
import { type OperatedNetwork, type ProcessHooks } from '../manager/network-process.js';
import { type FabricPlan } from '../plan/fabric-plan.js';
import { type FabricBinaries, findBinaries } from './binaries.js';
import { ensureGenesisBlock, joinOrderer, joinPeer } from './channel.js';
import { FabricError } from './fabric-error.js';
import { deployChaincode } from './lifecycle.js';
import { programsOf, writeConfigs } from './programs.js';
import { adminEnd, type Listener, waitForGateways, waitUntilListening } from './readiness.js';

/**
 * A network of Fabric's own programs on this machine: Byzantine orderers, a peer or more for each organisation, chaincode
 * servers beside them, all on loopback and all kept running. Starting is a list of steps, each of which looks whether
 * it was done: a start that was cut off is taken up where it stopped, and one of a finished network changes nothing.
 */
export class FabricNetwork implements OperatedNetwork<FabricPlan> {
  readonly consensusType = 'BFT';
  readonly #binaries: FabricBinaries;
  readonly #hooks: ProcessHooks<FabricPlan>;
  readonly #processes = new Map<string, KeptProcess>();
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
    writeConfigs(plan, this.#binaries);
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
    writeConfigs(plan, binaries);
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

  #run(program: KeptProcessPlan): void {
    mkdirSync(dirname(program.logFile), { recursive: true, mode: 0o700 });
    const kept = new KeptProcess(program);
    kept.start();
    this.#processes.set(program.name, kept);
  }

  #programOf(name: string): KeptProcessPlan {
    return named(
      name,
      programsOf(this.#plan, this.#binaries).find((program) => program.name === name),
    );
  }

  #listenerOf(name: string): Listener {
    const { orderers, peers, chaincodes } = this.#plan;
    const servers = chaincodes.flatMap((chaincode) => chaincode.servers).map((each) => ({ ...each, id: each.name }));
    return named(
      name,
      [...orderers, ...peers, ...servers].find(({ id }) => id === name),
    );
  }
}

/** @throws FabricError FABRIC_NODE_UNKNOWN where nothing of that name was found */
function named<Found>(name: string, found: Found | undefined): Found {
  if (found === undefined) throw new FabricError('FABRIC_NODE_UNKNOWN', `no node ${name} in this network`);
  return found;
}
