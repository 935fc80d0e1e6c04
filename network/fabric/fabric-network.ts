import { ensureMaterial } from '../ca/material.js';
import { type NetworkChange } from '../manager/network-change.js';
import { type OperatedNetwork, type ProcessHooks } from '../manager/network-process.js';
import { type FabricPlan } from '../plan/fabric-plan.js';
import { type FabricBinaries, findBinaries } from './binaries.js';
import { ensureGenesisBlock, joinOrderer, joinPeer } from './channel.js';
import { FabricError } from './fabric-error.js';
import { KeptPrograms } from './kept-programs.js';
import { deployChaincode } from './lifecycle.js';
import { carryOutChange } from './network-changes.js';
import { programsOf, startProgram, writeConfigs } from './programs.js';
import { adminEnd, listenerOf, waitForGateways, waitUntilListening } from './readiness.js';

/**
 * A network of Fabric's own programs on this machine: Byzantine orderers, a peer or more for each organisation, chaincode
 * servers beside them, all on loopback and all kept running. Starting is a list of steps, each of which looks whether
 * it was done: a start that was cut off is taken up where it stopped, and one of a finished network changes nothing.
 */
export class FabricNetwork implements OperatedNetwork<FabricPlan> {
  readonly consensusType = 'BFT';
  readonly #binaries: FabricBinaries;
  readonly #hooks: ProcessHooks<FabricPlan>;
  readonly #programs = new KeptPrograms();
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
    return this.#programs.names;
  }

  /** Ends one node: a peer or an orderer. @throws FabricError FABRIC_NODE_UNKNOWN, FABRIC_NODE_STOPPED */
  async stopPeer(name: string): Promise<void> {
    listenerOf(this.#plan, name);
    if (!(await this.#programs.end(name))) throw new FabricError('FABRIC_NODE_STOPPED', `${name} does not run`);
    this.#hooks.onChange(this);
  }

  /** Starts a node that was stopped; it fetches what it missed. @throws FabricError as `stopPeer`, FABRIC_NODE_RUNS */
  async startPeer(name: string): Promise<void> {
    const listener = listenerOf(this.#plan, name);
    if (this.#programs.has(name)) throw new FabricError('FABRIC_NODE_RUNS', `${name} runs`);
    startProgram(this.#plan, this.#binaries, this.#programs, name);
    await waitUntilListening(listener);
    this.#hooks.onChange(this);
  }

  /** New definitions of chaincodes, by the lifecycle; servers whose package changed are started anew, peers in turn. */
  async deploy(plan: FabricPlan): Promise<void> {
    this.#plan = plan;
    await ensureMaterial(plan, this.#hooks.nowMs());
    writeConfigs(plan, this.#binaries);
    for (const program of programsOf(plan, this.#binaries)) {
      if (this.#programs.runs(program)) continue;
      await this.#programs.end(program.name);
      startProgram(plan, this.#binaries, this.#programs, program.name);
      await waitUntilListening(listenerOf(plan, program.name));
    }
    for (const chaincode of plan.chaincodes) await deployChaincode(plan, chaincode, this.#binaries);
    await waitForGateways(plan);
    this.#hooks.onChange(this);
  }

  /** Adds an organisation, renews a peer's keys, adds or removes a consenter. @throws FabricError, MaterialError */
  async change(plan: FabricPlan, change: NetworkChange): Promise<void> {
    await carryOutChange({ plan, binaries: this.#binaries, programs: this.#programs, hooks: this.#hooks }, change);
    this.#plan = plan;
    this.#hooks.onChange(this);
  }

  /** Ends every process and waits for its exit. */
  async close(): Promise<void> {
    await this.#programs.close();
  }

  async #startAll(): Promise<void> {
    const plan = this.#plan;
    const binaries = this.#binaries;
    writeConfigs(plan, binaries);
    for (const { name } of programsOf(plan, binaries)) startProgram(plan, binaries, this.#programs, name);
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
}
