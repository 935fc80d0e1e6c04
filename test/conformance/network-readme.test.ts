import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { packageRoot } from '../../network/manager/package-root.js';
import { yinzheng } from '../support/network/command-line.js';

const run = promisify(execFile);

/** Command lines of the README's first console block, and what it says they print. */
function example(): { commands: string[][]; printed: string } {
  const [, block = ''] =
    /```console\n([^`]*)```/.exec(readFileSync(join(packageRoot(), 'network/README.md'), 'utf8')) ?? [];
  const lines = block.trim().split('\n');
  return {
    commands: lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2).split(' ')),
    printed: lines.filter((line) => !line.startsWith('$ ')).join('\n'),
  };
}

describe("network/README.md: an outsider's chaincode in three commands", () => {
  let data: string;
  beforeAll(() => {
    data = join(mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'outsider-')), 'D');
  });
  afterAll(async () => {
    await yinzheng('network', 'down', '--data', data);
    rmSync(data, { recursive: true, force: true });
  });

  test('its commands work as they stand there', async () => {
    const { commands, printed } = example();
    expect(commands).toHaveLength(3);
    const outputs: string[] = [];
    for (const [program, ...parameters] of commands) {
      const given = parameters.map((each) => (each === 'D' ? data : each));
      const node = program === 'npx' ? [join(packageRoot(), 'cli', 'yinzheng.cjs'), ...given.slice(1)] : given;
      outputs.push((await run(process.execPath, node, { cwd: packageRoot() })).stdout.trim());
    }
    expect(outputs.at(-1)).toBe(printed);
  });

  test('its topology is one', async () => {
    const [, yaml = ''] =
      /```yaml\n([^`]*)```/.exec(readFileSync(join(packageRoot(), 'network/README.md'), 'utf8')) ?? [];
    const { parseTopology } = await import('../../network/plan/topology.js');
    expect(parseTopology(yaml).organisations[0]?.ports).toEqual([7051, 7151]);
  });

  test('what it started is told by status, peer by peer, and ends with down', async () => {
    const up = await yinzheng('network', 'status', '--data', data, '--json');
    expect(up.exit).toBe(0);
    expect(JSON.parse(up.stdout)).toMatchObject({
      state: 'up',
      network: { chaincodes: [{ name: 'counter', version: '1.0', sequence: 1 }] },
    });
    expect((await yinzheng('network', 'stop-peer', 'peer0.org2.example.com', '--data', data)).exit).toBe(0);
    expect((await yinzheng('network', 'status', '--data', data)).stdout).toMatch(/peer0\.org2\.example\.com .*stopped/);
    const refused = await yinzheng('network', 'stop-peer', 'peer0.org1.example.com', '--data', data);
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('LAST_PEER')]);
    expect((await yinzheng('network', 'reset', '--data', data)).exit).toBe(64);
    expect((await yinzheng('network', 'down', '--data', data)).exit).toBe(0);
    expect((await yinzheng('network', 'status', '--data', data)).exit).toBe(1);
    expect((await yinzheng('network', 'reset', '--yes', '--data', data)).exit).toBe(0);
  });
});
