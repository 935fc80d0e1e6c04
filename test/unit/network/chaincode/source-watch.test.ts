import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sumUpSources } from '../../../../network/embedded/chaincode/source-watch.js';

test('an edit, a new file and a removed one change the sum; what package managers write does not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  try {
    const sums = [sumUpSources(folder)];
    const note = (): number => sums.push(sumUpSources(folder));
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'a.js'), '1');
    note();
    writeFileSync(join(folder, 'lib', 'a.js'), '22');
    note();
    writeFileSync(join(folder, 'b.py'), '1');
    note();
    expect(new Set(sums).size).toBe(4);
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', 'c.js'), '1');
    note();
    expect(sums[4]).toBe(sums[3]);
    rmSync(join(folder, 'b.py'));
    note();
    expect(sums[5]).toBe(sums[2]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(sumUpSources(join(folder, 'nowhere'))).toBe(sumUpSources(join(folder, 'elsewhere')));
});
