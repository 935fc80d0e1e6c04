import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

import { planHosts } from '../../../../network/fabric/bundle/host-plan.js';
import { writeBundles } from '../../../../network/fabric/bundle/write-bundles.js';
import { packageRoot } from '../../../../network/manager/package-root.js';
import { parseHosts } from '../../../../network/plan/hosts.js';
import { parseTopology } from '../../../../network/plan/topology.js';
import { TestAuthority } from '../../../support/network/test-authority.js';

const topology = parseTopology(readFileSync(join(packageRoot(), 'cli', 'consortium.yaml'), 'utf8'));
const HOSTS = ['chongqing', 'zhejiang', 'guangdong', 'beijing'];

/** The part of the Compose specification that bundles use, and nothing else. */
const compose = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(
    z.string().regex(/^[a-zA-Z0-9._-]+$/),
    z.strictObject({
      image: z.string().regex(/^hyperledger\/fabric-(peer|orderer):3\.1\.5$/),
      command: z.array(z.string().min(1)).min(1),
      environment: z.record(z.string(), z.string()),
      env_file: z.array(z.string().startsWith('/')).optional(),
      network_mode: z.literal('host'),
      restart: z.literal('unless-stopped'),
      volumes: z.array(z.string().regex(/^\/[^:]+:\/[^:]+(:ro)?$/)),
    }),
  ),
});

describe('bundles for many machines', () => {
  let out: string;

  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'bundles-'));
    writeBundles(topology, out);
  });
  afterAll(() => {
    rmSync(out, { recursive: true });
  });

  const read = (host: string, ...path: string[]) => readFileSync(join(out, host, ...path), 'utf8');
  const names = (host: string) => readdirSync(join(out, host), { recursive: true, encoding: 'utf8' });

  test('there is one for each organisation, without any key in it', () => {
    expect(readdirSync(out).sort()).toEqual([...HOSTS].sort());
    for (const host of HOSTS) {
      const files = names(host).filter(
        (name) => /\.\w+$/.test(name) && !name.endsWith('.tar.gz') && !/example$/.test(name),
      );
      expect(files.length).toBeGreaterThan(7);
      for (const name of files) expect(read(host, name)).not.toContain('PRIVATE KEY-----');
    }
  });

  test('a folder that holds something is left alone', () => {
    expect(() => writeBundles(topology, out)).toThrow(/^FOLDER_NOT_EMPTY/);
  });

  test('all hosts configure the same channel, and no address of it is a loopback one', () => {
    const texts = new Set(HOSTS.map((host) => read(host, 'config', 'channel', 'configtx.yaml')));
    expect(texts.size).toBe(1);
    expect([...texts][0]).not.toContain('127.0.0.1');
    expect([...texts][0]).toContain('orderer0.orderer.beijing.example');
  });

  test('every node has its own configuration, on names that others resolve; administration stays on the host', () => {
    for (const { organisation, peers, orderers } of planHosts(topology).hosts) {
      expect([peers.length, orderers.length]).toEqual([1, 1]);
      const core = parse(read(organisation.name, 'config', peers[0]?.id ?? '', 'core.yaml')) as {
        peer: { address: string; listenAddress: string };
      };
      expect(core.peer).toMatchObject({
        address: `peer0.${organisation.domain}:7051`,
        listenAddress: '0.0.0.0:7051',
        gossip: { externalEndpoint: `peer0.${organisation.domain}:7051` },
      });
      const orderer = parse(read(organisation.name, 'config', orderers[0]?.id ?? '', 'orderer.yaml')) as object;
      expect(orderer).toMatchObject({ General: { ListenPort: 7050 }, Admin: { ListenAddress: '127.0.0.1:9443' } });
    }
  });

  test('hosts may have addresses instead of names, in configuration, certificates and scripts alike', () => {
    const at = { address: '10.1.0.7', listen: '10.1.0.7', local: '127.0.0.9' };
    const hosts = parseHosts(JSON.stringify({ BeijingMSP: at }), topology);
    const { network } = planHosts(topology, hosts);
    const node = network.peers.find(({ mspId }) => mspId === 'BeijingMSP');
    expect(node).toMatchObject({ host: at.listen, address: '10.1.0.7:7051', localHost: at.local });
    expect(network.orderers.map(({ address }) => address)).toContain('10.1.0.7:7050');
    expect(network.orderers.at(-1)?.adminAddress).toBe('127.0.0.9:9443');
    const elsewhere = mkdtempSync(join(tmpdir(), 'bundles-'));
    try {
      writeBundles(topology, join(elsewhere, 'out'), hosts);
      const file = (...path: string[]) => readFileSync(join(elsewhere, 'out', ...path), 'utf8');
      expect(file('zhejiang', 'config', 'channel', 'configtx.yaml')).toContain('10.1.0.7');
      expect(file('beijing', 'keys.sh')).toContain('IP:10.1.0.7');
      expect(file('beijing', 'channel.sh')).toContain('-o 127.0.0.9:9443');
      expect(file('chongqing', 'channel.sh')).toContain('--peerAddresses 10.1.0.7:7051');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test.each([
    ['{"ShanghaiMSP": {}}', 'ShanghaiMSP: wanted one of'],
    ['{"BeijingMSP": {"address": "a:7051"}}', 'BeijingMSP.address: wanted a DNS name or an IPv4 address'],
    ['{"BeijingMSP": {"adress": "a"}}', 'BeijingMSP: '],
    ['[', 'wanted YAML or JSON'],
  ])('hosts as in %s are refused', (text, wanted) => {
    expect(() => parseHosts(text, topology)).toThrow(`TOPOLOGY_INVALID: ${wanted}`);
  });

  test('compose files follow the specification, with images pinned', () => {
    for (const host of HOSTS) {
      const { services } = compose.parse(parse(read(host, 'compose.yaml')));
      expect(Object.keys(services)).toHaveLength(2);
    }
  });

  test('systemd finds nothing wrong with the units but programs that are not on this machine', () => {
    const [host = ''] = HOSTS;
    const folder = join(out, host, 'systemd');
    const units = readdirSync(folder);
    expect(units).toHaveLength(3);
    for (const unit of units) {
      expect(read(host, 'systemd', unit)).toMatch(/^\[Unit\]\n[\s\S]+\n\[Service\]\n[\s\S]+\n\[Install\]\n/);
    }
    const { error, stderr } = spawnSync('systemd-analyze', ['verify', ...units.map((unit) => join(folder, unit))], {
      encoding: 'utf8',
    });
    if (error !== undefined) return; // No systemd here.
    const complaints = stderr
      .split('\n')
      .filter((line) => line.includes('yinzheng-') && !/is not executable/.test(line));
    expect(complaints).toEqual([]);
  });

  test('keys are made on their own host, and a foreign certificate does not pass for one of them', () => {
    const root = mkdtempSync(join(tmpdir(), 'host-'));
    try {
      const script = join(root, 'keys.sh');
      writeFileSync(script, read('zhejiang', 'keys.sh').replaceAll('/var/lib/yinzheng', root));
      const requests = execFileSync('sh', [script, 'request'], { encoding: 'utf8' }).trim().split('\n');
      expect(requests.length).toBe(9); // Orderer, peer, both administrators, signing and TLS; and the chaincode's server.
      expect(spawnSync('sh', [script, 'check'], { encoding: 'utf8' }).stdout).toContain('missing: ');
      const authority = new TestAuthority(join(root, 'authority'));
      for (const request of requests) authority.sign(request);
      for (const domain of ['zhejiang.example', 'orderer.zhejiang.example']) {
        const kind = domain.startsWith('orderer.') ? 'ordererOrganizations' : 'peerOrganizations';
        const msp = join('crypto', kind, domain, 'msp');
        authority.publish(join(root, msp), domain);
        writeFileSync(join(root, msp, 'config.yaml'), read('zhejiang', msp, 'config.yaml'));
      }
      expect(execFileSync('sh', [script, 'check'], { encoding: 'utf8' })).toContain('complete');
      const peer = join(root, 'config', 'peer0.zhejiang.example', 'chaincodes.env');
      const [, json = ''] = /^CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG='(.*)'\n$/.exec(readFileSync(peer, 'utf8')) ?? [];
      expect(JSON.parse(json)).toMatchObject({
        yinzheng: { address: '127.0.0.1:9990', client_key: expect.stringContaining('PRIVATE KEY') as string },
      });
      const [first = '', second = ''] = requests.map((request) => request.replace(/\.csr$/, ''));
      const checked = () => spawnSync('sh', [script, 'check'], { encoding: 'utf8' }).stdout;
      new TestAuthority(join(root, 'foreign')).sign(`${first}.csr`);
      expect(checked()).toContain(`not of this authority: ${first}`);
      writeFileSync(first, readFileSync(second));
      expect(checked()).toContain(`not of this key: ${first}`);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
