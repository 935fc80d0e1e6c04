import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ChaincodePlan, type ChaincodeServerPlan } from '../../plan/plan.js';
import { KeptProcess } from '../../manager/kept-process.js';
import { type ServerLife } from './shim-stream.js';
import { sumUpSources } from './source-watch.js';

interface Server {
  readonly process: KeptProcess;
  /** The folder whose changes restart it, where it is watched. */
  readonly watched: string | undefined;
  /** What the folder held when the process was last started. */
  sources: string;
  /** Counts its processes, as far as somebody noticed that one had gone. */
  generation: number;
  renewing: Promise<void> | undefined;
}

/** The chaincode server processes of a network, by the name that the plan gives them. */
export class ChaincodeServers {
  readonly #servers = new Map<string, Server>();

  /** Starts a chaincode's servers; those of an earlier, killed network are ended first. */
  start(chaincode: ChaincodePlan): void {
    for (const plan of chaincode.servers) this.#add(plan, chaincode.watch).process.start();
  }

  /**
   * Starts other servers in the place of those of the same names, which go on until the returned function is called.
   * @returns ends the replaced servers.
   */
  replace(chaincode: ChaincodePlan): () => Promise<void> {
    const old = chaincode.servers.flatMap(({ name }) => this.#servers.get(name) ?? []);
    for (const plan of chaincode.servers) this.#add(plan, chaincode.watch).process.startBeside();
    return async () => {
      await Promise.all(old.map(({ process }) => process.close()));
    };
  }

  /**
   * A server's life, for those who call it; asked for its generation, a watched server whose sources changed is started
   * anew. `undefined` where nobody started a server of that name here.
   */
  lifeOf(name: string): ServerLife | undefined {
    const server = this.#servers.get(name);
    if (server === undefined) return undefined;
    return {
      generation: async () => {
        await this.#renewWatched(server);
        return server.generation;
      },
      broke: (generation) => {
        if (generation === server.generation) server.generation += 1;
      },
    };
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map(({ process }) => process.close()));
  }

  #add(plan: ChaincodeServerPlan, watch: boolean): Server {
    mkdirSync(dirname(plan.logFile), { recursive: true, mode: 0o700 });
    const watched = watch ? plan.folder : undefined;
    const server: Server = {
      process: new KeptProcess(plan),
      watched,
      sources: watched === undefined ? '' : sumUpSources(watched),
      generation: 0,
      renewing: undefined,
    };
    this.#servers.set(plan.name, server);
    return server;
  }

  async #renewWatched(server: Server): Promise<void> {
    if (server.watched === undefined) return;
    server.renewing ??= this.#renewIfChanged(server, server.watched).finally(() => {
      server.renewing = undefined;
    });
    await server.renewing;
  }

  async #renewIfChanged(server: Server, watched: string): Promise<void> {
    const sources = sumUpSources(watched);
    if (sources === server.sources) return;
    server.sources = sources; // Before the restart: an edit during it is a change of its own.
    await server.process.renew();
    server.generation += 1;
  }
}
