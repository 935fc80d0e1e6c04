import { once } from 'node:events';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';

import { spawnTypescript } from '../../support/typescript-process.js';

async function outcomeOf(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ exit: unknown; err: string }> {
  const child = spawnTypescript(script, [], env);
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += String(bytes)));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, err };
}

describe('a chaincode server that cannot start', () => {
  test('prints why and exits with 1 where nobody caught it', async () => {
    const { exit, err } = await outcomeOf('test/support/failing-chaincode.ts');
    expect(exit).toBe(1);
    expect(err).toContain('this server cannot start');
  }, 30_000);

  test('prints why and exits with 1 where its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const env = { CHAINCODE_SERVER_ADDRESS: `127.0.0.1:${port}`, CHAINCODE_ID: 'test:1' };
    const { exit, err } = await outcomeOf('chaincode/server.ts', env);
    taken.close();
    expect(exit).toBe(1);
    expect(err).toMatch(/EADDRINUSE|address already in use|No address added/i);
  }, 30_000);
});
