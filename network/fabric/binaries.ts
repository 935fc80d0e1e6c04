import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

import { ManagerError } from '../manager/manager-error.js';

/** Programs of a Fabric release that a network is made of and made with. */
const PROGRAMS = ['peer', 'orderer', 'configtxgen', 'osnadmin', 'configtxlator'] as const;

type Program = (typeof PROGRAMS)[number];

/** Where the programs of one Fabric release lie. Absolute paths. */
export type FabricBinaries = Readonly<Record<Program, string>> & {
  /** The folder that holds `bin/detect`, `bin/build` and `bin/release` of the chaincode-as-a-service builder. */
  readonly ccaasBuilder: string;
};

const INSTALL_PAGE = 'https://hyperledger-fabric.readthedocs.io/en/latest/install.html';

/**
 * Finds the programs in the folder `FABRIC_BIN`, else on `PATH`, and the builder where a release puts it: in
 * `builders/ccaas` beside the folder of the programs.
 * @throws ManagerError FABRIC_BINARIES_MISSING naming what is missing, where it was looked for, and where to get it
 */
export function findBinaries(environment: NodeJS.ProcessEnv = process.env): FabricBinaries {
  const chosen = environment.FABRIC_BIN || undefined; // Set but empty means not set.
  const folders = chosen === undefined ? (environment.PATH ?? '').split(delimiter) : [resolve(chosen)];
  const found = PROGRAMS.map((program) => [program, findProgram(program, folders)] as const);
  const missing: string[] = found.filter(([, file]) => file === undefined).map(([program]) => program);
  const peer = found.find(([program]) => program === 'peer')?.[1];
  const ccaasBuilder = join(dirname(dirname(peer ?? '')), 'builders', 'ccaas');
  if (peer !== undefined && !existsSync(join(ccaasBuilder, 'bin', 'build'))) missing.push('builders/ccaas');
  if (missing.length > 0) throw absent(missing, chosen);
  return { ...(Object.fromEntries(found) as Record<Program, string>), ccaasBuilder };
}

function absent(missing: readonly string[], chosen: string | undefined): ManagerError {
  return new ManagerError('FABRIC_BINARIES_MISSING', {
    missing: missing.join(', '),
    looked: chosen === undefined ? 'PATH (FABRIC_BIN is not set)' : `FABRIC_BIN=${chosen}`,
    wanted: `a Fabric 3.1 release (${INSTALL_PAGE}), or no --engine fabric: the embedded network needs nothing`,
  });
}

function findProgram(program: Program, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, program)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
