import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long making the environment may take, milliseconds: it downloads some megabytes. */
const installMs = 180_000;

/** A Python that has Fabric's shim, in a folder of its own. */
export interface PythonShim {
  readonly python: string;
  readonly remove: () => void;
}

/** Installs `fabric-chaincode-python` from PyPI into a fresh virtual environment. @returns `undefined` where that fails */
export function installPythonShim(): PythonShim | undefined {
  const folder = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'python-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const python = join(folder, 'bin', 'python');
  const options = { stdio: 'ignore', timeout: installMs } as const;
  try {
    execFileSync('python3', ['-m', 'venv', folder], options);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'fabric-chaincode-python==2.5.4'], options);
    return { python, remove };
  } catch {
    remove();
    return undefined;
  }
}
