import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Client, credentials } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';

import { findBinaries } from '../../network/fabric/binaries.js';
import { fabricFolder, hostFolder, packageFolder } from '../../network/fabric/bundle/host-plan.js';
import { planHostBundles } from '../../network/manager/bundles.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { pollFor } from '../../network/manager/poll.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { foreignListeners } from '../support/network/listeners.js';
import { PeerConnection, textOf } from '../support/network/peer-connection.js';
import { plainTopology, probeChaincode } from '../support/network/plain-topology.js';
import { TestAuthority } from '../support/network/test-authority.js';
import { readUserIdentity } from '../support/network/user-identity.js';

const { VALID } = peer.TxValidationCode;
const names = ['one', 'two', 'three'] as const;
const mspIds = { one: 'OneMSP', two: 'TwoMSP', three: 'ThreeMSP' } as const;
/** Every host has a loopback address of its own, so that all of them may use the same ports on one machine. */
const addresses = { one: '127.0.0.2', two: '127.0.0.3', three: '127.0.0.4' } as const;
const readyMs = 60_000;
type Name = (typeof names)[number];

/** What a unit starts, as systemd reads it. */
interface Unit {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function readUnit(text: string): Unit {
  const all = (key: string) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const fromFile = all('EnvironmentFile').flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const pairs = [...all('Environment'), ...fromFile].map((line) => {
    const [name = ''] = line.split('=', 1);
    return [name, line.slice(name.length + 1).replace(/^'(.*)'$/s, '$1')] as const;
  });
  const [command = ''] = all('ExecStart');
  const [folder = ''] = all('WorkingDirectory');
  return { command: command.split(' '), folder, environment: Object.fromEntries(pairs) };
}

/** One machine: its folder stands for `/`, its programs are those that its units name. */
class TestHost {
  readonly root: string;
  readonly #bundle: string;
  readonly #children: ChildProcess[] = [];

  constructor(root: string, bundle: string) {
    this.root = root;
    this.#bundle = bundle;
    // As the checklist says: what is in the bundle is copied into the host's folder, here another one.
    cpSync(bundle, root, { recursive: true });
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (/\.(sh|yaml|service)$/.test(name)) writeFileSync(join(root, name), this.#moved(join(root, name)));
    }
  }

  get pids(): number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** @throws {Error} with everything that the script said */
  run(script: string, ...words: readonly string[]): string {
    const options = { cwd: this.root, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync('sh', [join(this.root, script), ...words], options);
    if (status !== 0) throw new Error(`${script} ${words.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Starts what the bundle's units name, in the order in which its checklist does. */
  start(): void {
    const [, units = ''] =
      /systemctl enable --now ([^`]*)`/.exec(readFileSync(join(this.#bundle, 'README.md'), 'utf8')) ?? [];
    for (const unit of units.split(' ')) {
      const { command, folder, environment } = readUnit(
        readFileSync(join(this.root, 'systemd', `${unit}.service`), 'utf8'),
      );
      const [program = '', ...rest] = command;
      const log = openSync(join(this.root, `${unit}.log`), 'a');
      const env = { PATH: process.env.PATH, ...environment };
      this.#children.push(spawn(program, rest, { cwd: folder, env, stdio: ['ignore', log, log] }));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }

  #moved(file: string): string {
    return readFileSync(file, 'utf8')
      .replaceAll(hostFolder, this.root)
      .replaceAll(fabricFolder, dirname(dirname(findBinaries().peer)))
      .replaceAll(packageFolder, packageRoot());
  }
}

describeFabric('a network over several hosts, from its bundles alone', () => {
  let folder: string;
  let hosts: Readonly<Record<Name, TestHost>>;
  const clients: Client[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'hosts-'));
    const second = { ...probeChaincode(), name: 'second' };
    const members = Object.fromEntries(
      names.map((name) => [
        mspIds[name],
        { address: addresses[name], listen: addresses[name], local: addresses[name] },
      ]),
    );
    const out = join(folder, 'bundles');
    await planHostBundles(plainTopology([probeChaincode(), second]), folder, out, JSON.stringify(members));
    const made = names.map((name) => [name, new TestHost(join(folder, name), join(out, name))] as const);
    hosts = Object.fromEntries(made) as Record<Name, TestHost>;
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await Promise.all(Object.values(hosts).map((host) => host.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const administrator = (name: Name, asked: Name = name): PeerConnection => {
    const domain = `${asked}.example`;
    const { root } = hosts[asked];
    const tlsCa = join(root, 'crypto', 'peerOrganizations', domain, 'msp', 'tlscacerts', `tlsca.${domain}-cert.pem`);
    const client = new Client(`${addresses[asked]}:7051`, credentials.createSsl(readFileSync(tlsCa)), {
      'grpc.ssl_target_name_override': `peer0.${domain}`,
    });
    clients.push(client);
    const identity = readUserIdentity(join(hosts[name].root, 'crypto'), mspIds[name], `Admin@${name}.example`);
    return new PeerConnection(client, 'plain', identity);
  };

  test('keys are made on their host, the authorities of each organisation sign, and only public files travel', () => {
    for (const name of names) {
      const { root } = hosts[name];
      const authority = new TestAuthority(join(folder, `authority-${name}`));
      const requests = hosts[name].run('keys.sh', 'request').trim().split('\n');
      expect(() => hosts[name].run('keys.sh', 'check')).toThrow('missing: ');
      for (const request of requests) authority.sign(request);
      for (const organisation of [
        `peerOrganizations/${name}.example`,
        `ordererOrganizations/orderer.${name}.example`,
      ]) {
        const domain = organisation.slice(organisation.indexOf('/') + 1);
        authority.publish(join(root, 'crypto', organisation, 'msp'), domain);
      }
      expect(hosts[name].run('keys.sh', 'check')).toContain('complete');
      hosts[name].run('keys.sh', 'public');
    }
    for (const name of names) {
      for (const other of names.filter((each) => each !== name)) {
        const packed = `public-${other}.tar`;
        expect(execFileSync('tar', ['-tf', join(hosts[other].root, packed)], { encoding: 'utf8' })).not.toMatch(
          /keystore|\.key$|priv_sk/m,
        );
        cpSync(join(hosts[other].root, packed), join(hosts[name].root, packed));
        hosts[name].run('keys.sh', 'adopt', other, packed);
      }
    }
    // What one organisation packed is not taken for another's.
    expect(() => hosts.one.run('keys.sh', 'adopt', 'two', 'public-three.tar')).toThrow(/Not found|not in/);
  }, 60_000);

  test('one host makes the first block, all start their units, join, approve; one commits', async () => {
    hosts.one.run('channel.sh', 'genesis');
    const block = join('ledgers', 'genesis.block');
    for (const name of ['two', 'three'] as const) {
      mkdirSync(join(hosts[name].root, 'ledgers'), { recursive: true });
      cpSync(join(hosts.one.root, block), join(hosts[name].root, block));
    }
    for (const name of names) hosts[name].start();
    for (const name of names)
      expect(await tried(() => hosts[name].run('channel.sh', 'join'))).not.toContain('Status: 4');
    for (const name of names) await tried(() => hosts[name].run('channel.sh', 'approve'));
    await tried(() => hosts.two.run('channel.sh', 'commit'));
  }, 240_000);

  test('organisations on different hosts endorse for each other, in each of the chaincodes', async () => {
    for (const chaincode of ['probe', 'second']) {
      const contract = administrator('three').contract(chaincode);
      const write = () =>
        contract
          .submitAsync('put', { arguments: ['over', chaincode], endorsingOrganizations: ['ThreeMSP', 'OneMSP'] })
          .then(
            (sent) => sent.getStatus(),
            () => undefined,
          );
      expect((await pollFor(readyMs, write, 500))?.code).toBe(VALID);
      const read = async () =>
        textOf(await administrator('two').contract(chaincode).evaluateTransaction('get', 'over'));
      expect(await pollFor(readyMs, async () => ((await read()) === chaincode ? true : undefined), 200)).toBe(true);
    }
  }, 120_000);

  test('nothing of it listens but on the addresses of its host', () => {
    for (const name of names) {
      expect(hosts[name].pids.length).toBe(name === 'one' ? 2 + 2 + 2 : 2 + 1 + 1);
      const own = `0${addresses[name].slice(-1)}00007F`; // 127.0.0.2 as /proc/net/tcp writes it.
      expect(foreignListeners(hosts[name].pids).filter((address) => !address.startsWith(own))).toEqual([]);
    }
  });
});

/** A script that needs what has just been started: it is tried again until it does. @returns what it printed */
async function tried(script: () => string): Promise<string> {
  let refusal: unknown;
  const printed = await pollFor(
    readyMs,
    () => {
      try {
        return script();
      } catch (error) {
        refusal = error;
        return undefined;
      }
    },
    1_000,
  );
  if (printed === undefined) throw new Error('a script never succeeded', { cause: refusal });
  return printed;
}
