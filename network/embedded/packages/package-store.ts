import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../manager/atomic-file.js';
import { openServiceStream, type ChaincodeCaller } from '../chaincode/open-streams.js';
import { type ShimStream } from '../chaincode/shim-stream.js';
import { SystemRefusal } from '../system/system-chaincode.js';
import { type ChaincodePackage, readPackage } from './chaincode-package.js';

interface Installed extends ChaincodePackage {
  /** To its server; connected by the first call. */
  readonly stream: ShimStream;
}

/**
 * The packages that administrators installed on one peer, one file each, named as a Fabric peer names them. A package
 * says where a server of its chaincode listens; nobody starts it here.
 * Source: Fabric core/chaincode/persistence/persistence.go.
 */
export class PackageStore {
  readonly #folder: string;
  readonly #caller: ChaincodeCaller;
  readonly #installed = new Map<string, Installed>();

  /** Reads what is there. A file that is no package any more is not installed. */
  constructor(folder: string, caller: ChaincodeCaller) {
    this.#folder = folder;
    this.#caller = caller;
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      if (!name.endsWith('.tar.gz')) continue;
      try {
        this.#add(readPackage(readFileSync(join(folder, name))));
      } catch (cause) {
        if (!(cause instanceof SystemRefusal)) throw cause;
      }
    }
  }

  get packages(): readonly ChaincodePackage[] {
    return [...this.#installed.values()];
  }

  /** Keeps a package. @returns what it is. @throws SystemRefusal */
  install(bytes: Uint8Array): ChaincodePackage {
    const read = readPackage(bytes);
    if (this.#installed.has(read.packageId)) {
      throw new SystemRefusal(`chaincode already successfully installed (package ID '${read.packageId}')`);
    }
    const installed = this.#add(read);
    writeAtomically(this.#fileOf(read.packageId), bytes);
    return installed;
  }

  /** The very bytes that were installed. @throws SystemRefusal */
  load(packageId: string): Buffer {
    if (!this.#installed.has(packageId)) {
      throw new SystemRefusal(`could not load cc install package: chaincode install package '${packageId}' not found`);
    }
    return readFileSync(this.#fileOf(packageId));
  }

  /** A stream to the server of a package; `undefined` where it is not installed. */
  streamOf(packageId: string): ShimStream | undefined {
    return this.#installed.get(packageId)?.stream;
  }

  close(): void {
    for (const { stream } of this.#installed.values()) stream.close();
  }

  #add(read: ChaincodePackage): Installed {
    const stream = openServiceStream(read, this.#caller);
    const installed = { ...read, stream };
    this.#installed.set(read.packageId, installed);
    return installed;
  }

  #fileOf(packageId: string): string {
    return join(this.#folder, `${packageId.replace(':', '.')}.tar.gz`);
  }
}
