import { findBinaries } from '../../../network/fabric/binaries.js';
import { ManagerError } from '../../../network/manager/manager-error.js';

/**
 * `describe`, where the programs of a Fabric release are found; else one line that says what was skipped and why.
 * Whoever has them runs these as well.
 */
export function describeFabric(title: string, suite: () => void): void {
  const absent = missing();
  if (absent === undefined) describe(title, suite);
  else test.skip(`${title}: skipped, because neither FABRIC_BIN nor PATH holds ${absent}`, () => undefined);
}

function missing(): string | undefined {
  try {
    findBinaries();
    return undefined;
  } catch (error) {
    if (error instanceof ManagerError) return String(error.details.missing);
    throw error;
  }
}
