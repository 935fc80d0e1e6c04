import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TOOL_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Fabric's own command-line programs. */
export interface FabricTools {
  readonly peer: string;
  readonly configtxlator: string;
}

/** Looks for Fabric's programs in the folder `FABRIC_BIN`, then in `PATH`. @returns `undefined` where one is missing. */
export function findFabricTools(env: NodeJS.ProcessEnv = process.env): FabricTools | undefined {
  const [peer, configtxlator] = ['peer', 'configtxlator'].map((name) => findProgram(name, env));
  return peer === undefined || configtxlator === undefined ? undefined : { peer, configtxlator };
}

/** As `findFabricTools`, for one program. @returns its path, `undefined` where it is missing */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = [env.FABRIC_BIN ?? '', ...(env.PATH ?? '').split(delimiter)].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Runs a program. @returns everything that it wrote, on both streams. @throws {Error} with it, where it fails */
export async function runTool(
  program: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { env: { ...process.env, ...env }, timeout: TOOL_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
  const { stdout, stderr } = await run(program, parameters, options);
  return `${stdout}${stderr}`;
}

/** Makes the settings that `peer` will not start without; all that matters comes from its environment. */
export async function writePeerSettings(folder: string): Promise<void> {
  await writeFile(join(folder, 'core.yaml'), 'peer:\n  BCCSP:\n    Default: SW\n    SW: {Hash: SHA2, Security: 256}\n');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
