import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('scripts/prepare refuses a node_modules that is a symbolic link, and touches nothing behind it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  try {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'kept'), '');
    const checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, 'scripts'), { recursive: true });
    copyFileSync('scripts/prepare', join(checkout, 'scripts', 'prepare'));
    writeFileSync(join(checkout, 'package.json'), '{}');
    symlinkSync(other, join(checkout, 'node_modules'));
    const { status, stderr } = spawnSync('bash', [join(checkout, 'scripts', 'prepare')], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('node_modules is a symbolic link')]);
    expect(readdirSync(other)).toEqual(['kept']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
