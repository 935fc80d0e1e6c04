import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';

import { exportJWK, generateKeyPair } from 'jose';
import pino from 'pino';

import { createGateway } from '../../../gateway/app.js';
import { readConfig } from '../../../gateway/config.js';
import { readProfile } from '../../../gateway/ledger/profile.js';
import { pollFor } from '../../../network/manager/poll.js';
import { peerBlockBytes } from '../../vectors/vectors.js';
import { GatewayService } from './support/gateway-service.js';
import { createIdentity, writeUser } from './support/identities.js';
import { digestOf } from './support/records.js';
import { TcpProxy } from './support/tcp-proxy.js';
import { spawnTypescript } from '../../support/typescript-process.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'app-'));
  const { publicKey } = await generateKeyPair('EdDSA');
  write('jwks.json', { keys: [await exportJWK(publicKey)] });
  writeUser(join(folder, 'users'), 'gateway@chongqing.example', await createIdentity('gateway', undefined));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

function configFile(name: string, peerAddress: string, more: object = {}): string {
  const profile = {
    organizations: { Chongqing: { mspid: 'ChongqingMSP', peers: ['peer0'] } },
    peers: { peer0: { url: `grpc://${peerAddress}` } },
  };
  write(`${name}-profile.json`, profile);
  return write(`${name}.json`, {
    name,
    mspId: 'ChongqingMSP',
    listen: { host: '127.0.0.1', port: 0 },
    connectionProfile: `${name}-profile.json`,
    channel: 'yinzheng',
    chaincode: 'yinzheng',
    users: 'users',
    serviceUser: 'gateway@chongqing.example',
    database: `${name}.sqlite`,
    issuer: { issuer: 'i', audience: 'a', jwksFile: 'jwks.json' },
    ...more,
  });
}

const refusalOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the configuration', () => {
  test('has defaults for every bound, and absolute paths', () => {
    const config = readConfig(configFile('plain', '127.0.0.1:9'));
    expect(config.limits).toMatchObject({ bodyBytes: 32_768, inFlight: 400 });
    expect(config.database).toBe(join(folder, 'plain.sqlite'));
  });

  test.each([
    [{ mspId: 7 }, 'mspId'],
    [{ listen: { host: '127.0.0.1', port: 70_000 } }, 'listen.port'],
    [{ limits: { bodyBytes: 0 } }, 'limits.bodyBytes'],
    [{ name: 'Chong qing' }, 'name'],
    [{ extra: true }, 'extra'],
  ])('that says %j is CONFIG_INVALID and named by member', (more, member) => {
    const file = configFile('bad', '127.0.0.1:9', more);
    const refusal = refusalOf(() => readConfig(file));
    expect(refusal).toMatchObject({
      code: 'CONFIG_INVALID',
      path: file,
      wanted: expect.stringContaining(member) as string,
    });
  });

  test.each([join('missing', 'file.json'), 'users'])('that cannot be read (%s) is CONFIG_INVALID', (name) => {
    expect(refusalOf(() => readConfig(join(folder, name)))).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('finds the home peer and the others in a connection profile', () => {
    const pem = 'PEM';
    const file = write('full-profile.json', {
      organizations: {
        A: { mspid: 'AMSP', peers: ['peer0.a'] },
        B: { mspid: 'BMSP', peers: ['peer0.b', 'peer1.b'] },
      },
      peers: {
        'peer0.a': { url: 'grpcs://127.0.0.1:7051', tlsCACerts: { pem } },
        'peer0.b': {
          url: 'grpcs://127.0.0.1:8051',
          tlsCACerts: { path: 'full-profile.json' },
          grpcOptions: { 'ssl-target-name-override': 'peer0.b.example' },
        },
        'peer1.b': { url: 'grpc://127.0.0.1:8052' },
      },
    });
    const { home, others } = readProfile(file, 'BMSP');
    expect(home).toMatchObject({ name: 'peer0.b', address: '127.0.0.1:8051', serverName: 'peer0.b.example' });
    expect(home.tlsRoots).toEqual(readFileSync(file));
    expect(others.map(({ name }) => name)).toEqual(['peer0.a', 'peer1.b']);
    expect(refusalOf(() => readProfile(file, 'CMSP'))).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('a gateway', () => {
  const answers = async (url: string, path: string) => {
    const response = await fetch(`${url}${path}`);
    return [response.status, ((await response.json()) as { verdict?: string; status?: string }).verdict];
  };

  test('starts while its network is down, says so, and serves when it comes back', async () => {
    const service = new GatewayService({
      blocks: [0, 1, 2].map(peerBlockBytes),
      evaluate: () => '{"configured":true,"records":[]}',
    });
    await service.start();
    const { address } = service;
    service.stop();
    const gateway = await createGateway(readConfig(configFile('late', address)), { logger: pino({ level: 'silent' }) });
    try {
      const verify = `/v1/verify?alg=sm3&digest=${digestOf('x')}`;
      expect(await answers(gateway.url, '/healthz')).toEqual([200, undefined]);
      expect(await answers(gateway.url, '/readyz')).toEqual([503, undefined]);
      expect(await answers(gateway.url, verify)).toEqual([503, 'UNVERIFIABLE_NOW']);
      const back = new GatewayService(service.script);
      await back.start(address);
      try {
        for (let tries = 0; (await answers(gateway.url, '/readyz'))[0] !== 200; tries += 1) {
          expect(tries).toBeLessThan(100);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        expect(await answers(gateway.url, verify)).toEqual([200, 'NOT_FOUND']);
      } finally {
        back.stop();
      }
    } finally {
      await gateway.close();
    }
  }, 20_000);

  test('finds its peer again after the way to it went dead without a word', async () => {
    const service = new GatewayService({
      blocks: [0, 1, 2].map(peerBlockBytes),
      evaluate: () => '{"configured":true,"records":[]}',
    });
    await service.start();
    const proxy = await TcpProxy.start(service.address);
    const config = readConfig(configFile('dead', proxy.address));
    const gateway = await createGateway(config, { logger: pino({ level: 'silent' }) });
    try {
      const ready = async () => (await answers(gateway.url, '/readyz'))[0] === 200 || undefined;
      expect(await pollFor(5_000, ready, 100)).toBe(true);
      proxy.cut(false);
      expect(await ready()).toBeUndefined();
      // Keepalive alone would take 75 seconds.
      expect(await pollFor(20_000, ready, 200)).toBe(true);
    } finally {
      await gateway.close();
      proxy.close();
      service.stop();
    }
  }, 40_000);

  test('that cannot have its port frees everything it took', async () => {
    const logger = pino({ level: 'silent' });
    const first = await createGateway(readConfig(configFile('first', '127.0.0.1:9')), { logger });
    const port = Number(new URL(first.url).port);
    const second = readConfig(configFile('second', '127.0.0.1:9', { listen: { host: '127.0.0.1', port } }));
    await expect(createGateway(second, { logger })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    const again = await createGateway(second, { logger });
    await again.close();
  });
});

describe('the process', () => {
  const run = (...args: string[]) => spawnTypescript('gateway/main.ts', args);
  const text = async (stream: Readable): Promise<string> => {
    let all = '';
    for await (const part of stream) all += String(part);
    return all;
  };

  test('hosts a gateway for each file, says when all listen, and ends cleanly on SIGTERM', async () => {
    const child = run('--config', configFile('one', '127.0.0.1:9'), '--config', configFile('two', '127.0.0.1:9'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { ready, gateways } = JSON.parse(String(line)) as {
      ready: boolean;
      gateways: { name: string; url: string }[];
    };
    expect([ready, gateways.map(({ name }) => name)]).toEqual([true, ['one', 'two']]);
    for (const { url } of gateways) expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 30_000);

  test('names the file and the member it cannot start with', async () => {
    const child = run('--config', configFile('wrong', '127.0.0.1:9', { chaincode: '' }));
    const [message, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(message).toMatch(/CONFIG_INVALID .*wrong\.json: chaincode/);
    expect(exit).toEqual([78, null]);
  }, 30_000);
});
