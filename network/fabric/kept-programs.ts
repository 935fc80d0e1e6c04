import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

import { KeptProcess, type KeptProcessPlan } from '../manager/kept-process.js';
import { type FabricPeerPlan } from '../plan/fabric-plan.js';
import { buildsFolder } from './peer-config.js';

/** The programs of one network that run, by their names. */
export class KeptPrograms {
  readonly #processes = new Map<string, KeptProcess>();

  get names(): ReadonlySet<string> {
    return new Set(this.#processes.keys());
  }

  has(name: string): boolean {
    return this.#processes.has(name);
  }

  /** Starts a program and keeps it running. */
  run(program: KeptProcessPlan): void {
    mkdirSync(dirname(program.logFile), { recursive: true, mode: 0o700 });
    const kept = new KeptProcess(program);
    kept.start();
    this.#processes.set(program.name, kept);
  }

  /** Starts a peer; what its builder made for an earlier address or certificate is made again. */
  runPeer(program: KeptProcessPlan, peer: FabricPeerPlan): void {
    rmSync(buildsFolder(peer), { recursive: true, force: true });
    this.run(program);
  }

  /** Ends a program and waits for its exit. @returns whether it ran */
  async end(name: string): Promise<boolean> {
    const running = this.#processes.get(name);
    this.#processes.delete(name);
    await running?.close();
    return running !== undefined;
  }

  /** Whether a program runs with that very command and environment. */
  runs(program: KeptProcessPlan): boolean {
    return this.#processes.get(program.name)?.isOf(program) === true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((each) => each.close()));
  }
}
