import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { common } from '@hyperledger/fabric-protos';

import { readChannelConfig } from '../../network/embedded/config/channel-config.js';
import { setBatchRules } from '../../network/embedded/config/edit-config.js';
import { signedEnvelope } from '../../network/embedded/config/update/sign-update.js';
import { Writer } from '../../network/embedded/wire/protobuf-writer.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { heightOf, readChain } from '../support/network/block-stream.js';
import { adminOf, configOf, planOf } from '../support/network/config-change.js';
import { findFabricTools, runTool, writePeerSettings } from '../support/network/fabric-tools.js';
import { freePort } from '../support/network/free-port.js';
import { textOf } from '../support/network/peer-connection.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, commit, PROBE } from '../support/probe/probe-client.js';
import { USERS } from './scenario.js';

const tools = findFabricTools();
const title = "Fabric's own programs against the embedded network";

if (tools === undefined) {
  // One line that says why; whoever has them runs these as well.
  test.skip(`${title}: skipped, because neither FABRIC_BIN nor PATH holds peer and configtxlator`, () => undefined);
} else {
  describe(title, () => {
    let network: TestNetwork;
    let folder: string;

    beforeAll(async () => {
      network = await TestNetwork.start({ probe: true });
      folder = await mkdtemp(join(network.folder.root, 'tools-'));
      await writePeerSettings(folder);
      await commit(network.connectAs(USERS.ChongqingMSP), 'put', ['tool', '印证']);
    });
    afterAll(() => network.close());

    const peer = (...parameters: string[]) => runTool(tools.peer, parameters, environment());
    const decode = async (file: string): Promise<unknown> => {
      const output = join(folder, 'decoded.json');
      const parameters = ['proto_decode', '--type', 'common.Block', '--input', file, '--output', output];
      await runTool(tools.configtxlator, parameters);
      return JSON.parse(await readFile(output, 'utf8'));
    };

    function environment(): Record<string, string> {
      const [first] = network.peers;
      if (first === undefined) throw new Error('a network has a peer');
      const users = join(network.folder.crypto, 'peerOrganizations', 'chongqing.example', 'users');
      return {
        FABRIC_CFG_PATH: folder,
        FABRIC_LOGGING_SPEC: 'warn',
        CORE_PEER_LOCALMSPID: first.mspId,
        CORE_PEER_ADDRESS: first.address,
        CORE_PEER_TLS_ENABLED: 'true',
        CORE_PEER_TLS_ROOTCERT_FILE: first.tlsCaFile,
        CORE_PEER_TLS_SERVERHOSTOVERRIDE: first.name,
        CORE_PEER_MSPCONFIGPATH: join(users, 'clerk@chongqing.example', 'msp'),
      };
    }

    /** Where and how to reach the orderer. */
    function ordererFlags(): string[] {
      const [node] = planOf(network).orderer.nodes;
      if (node === undefined) throw new Error('a network has an orderer');
      return ['-o', node.address, '--tls', '--cafile', node.tls.caFile, '--ordererTLSHostnameOverride', node.id];
    }

    test('peer chaincode query reads a value', async () => {
      const input = JSON.stringify({ Args: ['get', 'tool'] });
      expect((await peer('chaincode', 'query', '-C', network.channel, '-n', PROBE, '-c', input)).trim()).toBe('印证');
    });

    test('peer chaincode invoke gathers two endorsements and waits for its own event', async () => {
      const endorsers = network.peers
        .slice(0, 2)
        .flatMap(({ address, tlsCaFile }) => ['--peerAddresses', address, '--tlsRootCertFiles', tlsCaFile]);
      const input = JSON.stringify({ Args: ['put', 'invoked', 'by peer'] });
      const target = ['-C', network.channel, '-n', PROBE, '-c', input, '--waitForEvent'];
      // Its one host name override would be of one peer only: both answer to the address they listen on.
      const env = { ...environment(), CORE_PEER_TLS_SERVERHOSTOVERRIDE: '', FABRIC_LOGGING_SPEC: 'info' };
      const parameters = ['chaincode', 'invoke', ...ordererFlags(), ...endorsers, ...target];
      const said = await runTool(tools.peer, parameters, env);
      expect(said).toContain('Chaincode invoke successful');
      expect(said).toContain('committed with status (VALID)');
      expect(await ask(network.connectAs(USERS.BeijingMSP), 'get', 'invoked')).toBe('by peer');
    });

    test('peer channel getinfo and list tell the height and the channel, asked outside of any channel', async () => {
      const height = await heightOf(network.connectAs(USERS.ChongqingMSP));
      const info = await peer('channel', 'getinfo', '-c', network.channel);
      expect(info).toContain(`"height":${height},`);
      expect(await peer('channel', 'list')).toContain(network.channel);
    });

    test('peer channel fetch gets the very bytes that deliver gives', async () => {
      const connection = network.connectAs(USERS.ChongqingMSP);
      const chain = await readChain(connection);
      const file = join(folder, 'newest.block');
      await peer('channel', 'fetch', 'newest', file, '-c', network.channel, ...ordererFlags());
      const newest = await readFile(file);
      expect(newest.equals(chain[(await heightOf(connection)) - 1] ?? Buffer.alloc(0))).toBe(true);
    });

    test('configtxlator decodes blocks down to their read and write sets', async () => {
      const file = join(folder, 'written.block');
      const { blockNumber } = await commit(network.connectAs(USERS.ZhejiangMSP), 'add', ['counted', '7']);
      await peer('channel', 'fetch', String(blockNumber), file, '-c', network.channel, ...ordererFlags());
      const block = await decode(file);
      expect(block).toMatchObject({ header: { number: String(blockNumber) } });
      const text = JSON.stringify(block);
      expect(text).toContain('{"key":"counted","version":null}');
      expect(text).toContain(`{"is_delete":false,"key":"counted","value":"${Buffer.from('7').toString('base64')}"}`);
    });

    test('configtxlator finds the members, the policies and the orderer in block 0', async () => {
      const file = join(folder, 'config.block');
      await peer('channel', 'fetch', 'config', file, '-c', network.channel, ...ordererFlags());
      const text = JSON.stringify(await decode(file));
      for (const name of [...Object.keys(USERS), 'OrdererMSP', 'ConsensusType', 'Endorsement', 'BatchSize']) {
        expect(text).toContain(name);
      }
    });

    test('peer channel update changes the configuration, with an update that configtxlator computed', async () => {
      const at = (name: string) => join(folder, name);
      const before = await configOf(network, USERS.ChongqingMSP);
      const after = common.Config.deserializeBinary(before.serializeBinary());
      const root = after.getChannelGroup() ?? new common.ConfigGroup();
      setBatchRules(root, { maxMessages: 321 });
      await writeFile(at('before.pb'), before.serializeBinary());
      await writeFile(at('after.pb'), after.serializeBinary());
      const files = ['--original', at('before.pb'), '--updated', at('after.pb'), '--output', at('update.pb')];
      await runTool(tools.configtxlator, ['compute_update', '--channel_id', network.channel, ...files]);
      const { orderer } = planOf(network);
      const admin = orderer.users.find(({ role }) => role === 'admin');
      const update = new Writer().field(1, await readFile(at('update.pb'))).bytes();
      const sender = adminOf(network, orderer.mspId);
      const type = common.HeaderType.CONFIG_UPDATE;
      await writeFile(at('update.tx'), signedEnvelope(type, network.channel, update, sender, Date.now()));
      const env = {
        ...environment(),
        CORE_PEER_LOCALMSPID: orderer.mspId,
        CORE_PEER_MSPCONFIGPATH: join(admin?.folder ?? '', 'msp'),
      };
      const parameters = ['channel', 'update', '-f', at('update.tx'), '-c', network.channel, ...ordererFlags()];
      expect(await runTool(tools.peer, parameters, { ...env, FABRIC_LOGGING_SPEC: 'info' })).toContain(
        'Successfully submitted channel update',
      );
      await peer('channel', 'fetch', 'config', at('newest-config.block'), '-c', network.channel, ...ordererFlags());
      expect(readChannelConfig(await readFile(at('newest-config.block'))).batch.maxMessages).toBe(321);
    });

    const adminOfOrganisation = (mspId: string): Record<string, string> => {
      const organisation = planOf(network).organisations.find((each) => each.mspId === mspId);
      const [node] = organisation?.nodes ?? [];
      const admin = organisation?.users.find(({ role }) => role === 'admin');
      return {
        ...environment(),
        CORE_PEER_LOCALMSPID: mspId,
        CORE_PEER_ADDRESS: node?.address ?? '',
        CORE_PEER_TLS_ROOTCERT_FILE: node?.tls.caFile ?? '',
        CORE_PEER_TLS_SERVERHOSTOVERRIDE: '',
        CORE_PEER_MSPCONFIGPATH: join(admin?.folder ?? '', 'msp'),
      };
    };
    const lifecycle = (mspId: string, ...words: string[]) =>
      runTool(tools.peer, ['lifecycle', 'chaincode', ...words], adminOfOrganisation(mspId));

    test('peer lifecycle chaincode approves and commits a new definition while clients go on', async () => {
      const installed = await lifecycle('ChongqingMSP', 'queryinstalled', '--output', 'json');
      const { installed_chaincodes: packages } = JSON.parse(installed) as {
        installed_chaincodes: { package_id: string; label: string }[];
      };
      const own = packages.find(({ label }) => label.startsWith(PROBE));
      expect(own?.package_id).toContain(':');

      const policy = "OR('ChongqingMSP.peer','ZhejiangMSP.peer','GuangdongMSP.peer','BeijingMSP.peer')";
      const terms = [
        '-C',
        network.channel,
        '-n',
        PROBE,
        '-v',
        '2.0.0',
        '--sequence',
        '2',
        '--signature-policy',
        policy,
      ];
      const members = Object.keys(USERS).slice(0, 3);
      for (const mspId of members) {
        const source = ['--package-id', own?.package_id ?? ''];
        await lifecycle(mspId, 'approveformyorg', ...terms, ...source, ...ordererFlags(), '--waitForEvent');
      }
      const ready = await lifecycle('BeijingMSP', 'checkcommitreadiness', ...terms, '--output', 'json');
      expect(JSON.parse(ready)).toMatchObject({
        approvals: { ChongqingMSP: true, ZhejiangMSP: true, GuangdongMSP: true, BeijingMSP: false },
      });
      const approved = await lifecycle(
        'ZhejiangMSP',
        'queryapproved',
        '-C',
        network.channel,
        '-n',
        PROBE,
        '--output',
        'json',
      );
      expect(JSON.parse(approved)).toMatchObject({ sequence: 2, version: '2.0.0' });
      const endorsers = network.peers
        .filter(({ mspId }) => members.includes(mspId))
        .flatMap(({ address, tlsCaFile }) => ['--peerAddresses', address, '--tlsRootCertFiles', tlsCaFile]);
      await lifecycle('ChongqingMSP', 'commit', ...terms, ...ordererFlags(), ...endorsers, '--waitForEvent');
      const committed = await lifecycle(
        'GuangdongMSP',
        'querycommitted',
        '-C',
        network.channel,
        '-n',
        PROBE,
        '--output',
        'json',
      );
      expect(JSON.parse(committed)).toMatchObject({ sequence: 2, version: '2.0.0', approvals: { BeijingMSP: false } });
      const alone = { arguments: ['upgraded', 'by one'], endorsingOrganizations: ['BeijingMSP'] };
      expect(await commit(network.connectAs(USERS.BeijingMSP), 'put', alone)).toMatchObject({ code: 0 });
    });

    test('peer lifecycle chaincode installs a package, and the channel calls the server that it names', async () => {
      const port = await freePort();
      const source = join(folder, 'installed.cjs');
      const counter = await readFile(join(packageRoot(), 'network/examples/javascript/counter.cjs'), 'utf8');
      // The example stands outside the package here, and without TLS, which the package below does not ask for.
      const plain = counter
        .replace("'fabric-shim'", `'${require.resolve('fabric-shim')}'`)
        .replace(/tlsProps: \{[^}]*\},/, '');
      await writeFile(source, plain);
      const connection = { address: `127.0.0.1:${port}`, dial_timeout: '10s', tls_required: false };
      await writeFile(join(folder, 'connection.json'), JSON.stringify(connection));
      await writeFile(join(folder, 'metadata.json'), JSON.stringify({ type: 'ccaas', label: 'own_1.0' }));
      await runTool('tar', ['-C', folder, '-czf', join(folder, 'code.tar.gz'), 'connection.json']);
      const file = join(folder, 'own.tar.gz');
      await runTool('tar', ['-C', folder, '-czf', file, 'metadata.json', 'code.tar.gz']);
      const bytes = await readFile(file);
      const packageId = `own_1.0:${createHash('sha256').update(bytes).digest('hex')}`;

      const members = ['ChongqingMSP', 'ZhejiangMSP', 'GuangdongMSP'];
      for (const mspId of members) await lifecycle(mspId, 'install', file);
      await expect(lifecycle('ChongqingMSP', 'install', file)).rejects.toThrow(
        /chaincode already successfully installed/,
      );
      await expect(peer('lifecycle', 'chaincode', 'install', file)).rejects.toThrow(/The identity is not an admin/);
      expect(await lifecycle('ChongqingMSP', 'queryinstalled')).toContain(`Package ID: ${packageId}, Label: own_1.0`);
      const got = ['--package-id', packageId, '--output-directory', join(folder, 'got')];
      await mkdir(join(folder, 'got'));
      await lifecycle('ZhejiangMSP', 'getinstalledpackage', ...got);
      const [name = ''] = await readdir(join(folder, 'got'));
      expect((await readFile(join(folder, 'got', name))).equals(bytes)).toBe(true);

      const server = spawn(process.execPath, [source], {
        env: { ...process.env, CHAINCODE_ID: packageId, CHAINCODE_SERVER_ADDRESS: connection.address },
        stdio: 'ignore',
      });
      try {
        const terms = ['-C', network.channel, '-n', 'own', '-v', '1.0', '--sequence', '1'];
        const chosen = ['--package-id', packageId, ...ordererFlags(), '--waitForEvent'];
        for (const mspId of members) await lifecycle(mspId, 'approveformyorg', ...terms, ...chosen);
        const endorsers = network.peers
          .filter(({ mspId }) => members.includes(mspId))
          .flatMap(({ address, tlsCaFile }) => ['--peerAddresses', address, '--tlsRootCertFiles', tlsCaFile]);
        await lifecycle('ChongqingMSP', 'commit', ...terms, ...ordererFlags(), ...endorsers, '--waitForEvent');
        const own = network.connectAs(USERS.ChongqingMSP).contract('own');
        expect(textOf(await own.submitTransaction('add', 'pears', '3'))).toBe('3');
        expect(
          textOf(await network.connectAs(USERS.ZhejiangMSP).contract('own').evaluateTransaction('read', 'pears')),
        ).toBe('3');
        expect(await lifecycle('ChongqingMSP', 'queryinstalled', '--output', 'json')).toMatch(/"name": ?"own"/);
        // Whoever has not installed it cannot run it; others answer for him.
        const alone = { arguments: ['pears'], endorsingOrganizations: ['BeijingMSP'] };
        const refused = network.connectAs(USERS.BeijingMSP).contract('own').evaluate('read', alone);
        await expect(refused).rejects.toThrow(/failed to evaluate|evaluate call/);
        expect(
          textOf(await network.connectAs(USERS.BeijingMSP).contract('own').evaluateTransaction('read', 'pears')),
        ).toBe('3');
      } finally {
        server.kill();
      }
    });
  });
}
