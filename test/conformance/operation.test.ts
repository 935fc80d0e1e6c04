import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { deployChaincode } from '../../network/manager/deploy.js';
import { startNetwork, stopNetwork } from '../../network/manager/network.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { resetNetwork, restoreSnapshot, takeSnapshot } from '../../network/manager/snapshot.js';
import { status } from '@grpc/grpc-js';
import { type EndorseError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { readChain } from '../support/network/block-stream.js';
import { packageOf } from '../support/network/chaincode-package.js';
import { withLittleRoom } from '../support/network/command-line.js';
import { freePort } from '../support/network/free-port.js';
import { askLifecycle, defineChaincode, refusalOf, serveCounter } from '../support/network/installed-chaincode.js';
import { type PeerConnection, textOf } from '../support/network/peer-connection.js';
import { plainTopology } from '../support/network/plain-topology.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, commit } from '../support/probe/probe-client.js';

const { ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;

/** Whether two peers hold the same blocks, byte for byte. */
async function sameChain(left: PeerConnection, right: PeerConnection): Promise<boolean> {
  const [mine, theirs] = await Promise.all([readChain(left), readChain(right)]);
  return mine.length === theirs.length && mine.every((block, index) => theirs[index]?.equals(block));
}

describe('one peer of a running network', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await TestNetwork.start({ topology: plainTopology() });
  });
  afterAll(() => network.close());

  test('is stopped, missed by nobody, and catches up from another one when it starts', async () => {
    const one = network.connectAs('user@one');
    await commit(one, 'put', ['before', '1']);
    await stopPeer(network.folder.root, 'peer0.two.example');
    expect(network.peers.map(({ mspId }) => mspId)).toEqual(['OneMSP', 'OneMSP', 'ThreeMSP']);
    // Two of three must endorse: without the second the plan finds the third.
    for (const value of ['2', '3']) expect((await commit(one, 'put', ['meanwhile', value])).code).toBe(0);
    await startPeer(network.folder.root, 'peer0.two.example');
    const two = network.connectAs('user@two');
    expect(await ask(two, 'get', 'meanwhile')).toBe('3');
    expect((await commit(two, 'put', ['after', '4'])).code).toBe(0);
    expect(await sameChain(one, two)).toBe(true);
  });

  test('may start while transactions flow, and misses no block', async () => {
    const one = network.connectAs('user@one');
    await stopPeer(network.folder.root, 'peer0.three.example');
    const enough = new AbortController();
    const flow = (async () => {
      for (let n = 0; !enough.signal.aborted; n += 1)
        expect((await commit(one, 'put', ['flow', String(n)])).code).toBe(0);
    })();
    await sleep(300);
    await startPeer(network.folder.root, 'peer0.three.example');
    await sleep(300);
    enough.abort();
    await flow;
    expect(await sameChain(one, network.connectAs('user@three'))).toBe(true);
  });

  test('is refused a second stop, a start while it runs, and a name that nobody has', async () => {
    const { root } = network.folder;
    const refused = (reason: string) => ({ code: 'COMMAND_REFUSED', details: { reason } });
    await expect(startPeer(root, 'peer0.two.example')).rejects.toMatchObject(refused('PEER_RUNS'));
    await expect(stopPeer(root, 'peer7.two.example')).rejects.toMatchObject(refused('PEER_UNKNOWN'));
    for (const peer of ['peer0.one.example', 'peer1.one.example', 'peer0.two.example']) await stopPeer(root, peer);
    await expect(stopPeer(root, 'peer0.two.example')).rejects.toMatchObject(refused('PEER_STOPPED'));
    await expect(stopPeer(root, 'peer0.three.example')).rejects.toMatchObject(refused('LAST_PEER'));
    for (const peer of ['peer0.one.example', 'peer1.one.example', 'peer0.two.example']) await startPeer(root, peer);
    expect(network.peers).toHaveLength(4);
  });

  test('runs what its administrators installed, approved and committed, at the server that the package names', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const bytes = packageOf(
      { type: 'ccaas', label: 'own_1.0' },
      { 'connection.json': JSON.stringify({ address, dial_timeout: '10s', tls_required: false }) },
    );
    const packageId = `own_1.0:${createHash('sha256').update(bytes).digest('hex')}`;
    const adminOf = (mspId: string) => network.connectWith(network.adminOf(mspId));
    const end = await serveCounter(network.folder.root, packageId, address);
    try {
      const install = new peer.lifecycle.InstallChaincodeArgs();
      install.setChaincodeInstallPackage(bytes);
      const asUser = await refusalOf(askLifecycle(network.connectAs('user@two'), 'InstallChaincode', install));
      expect(asUser).toMatch(/The identity is not an admin/);
      const wanted = new peer.lifecycle.GetInstalledChaincodePackageArgs();
      wanted.setPackageId(packageId);
      for (const name of ['TwoMSP', 'ThreeMSP']) {
        const done = await askLifecycle(adminOf(name), 'InstallChaincode', install);
        expect(textOf(done.getPayload_asU8())).toContain(packageId);
        const kept = await askLifecycle(adminOf(name), 'GetInstalledChaincodePackage', wanted);
        const back = peer.lifecycle.GetInstalledChaincodePackageResult.deserializeBinary(kept.getPayload_asU8());
        expect(bytes.equals(back.getChaincodeInstallPackage_asU8())).toBe(true);
      }
      expect(await refusalOf(askLifecycle(adminOf('TwoMSP'), 'InstallChaincode', install))).toMatch(
        /already successfully/,
      );
      await defineChaincode([adminOf('TwoMSP'), adminOf('ThreeMSP')], 'own', packageId);
      const own = (user: string) => network.connectAs(user).contract('own');
      expect(textOf(await own('user@two').submitTransaction('add', 'pears', '3'))).toBe('3');
      expect(textOf(await own('user@three').evaluateTransaction('read', 'pears'))).toBe('3');
      // Whoever has not installed it cannot run it; others answer for him.
      const alone = { arguments: ['pears'], endorsingOrganizations: ['OneMSP'] };
      await expect(own('user@one').evaluate('read', alone)).rejects.toThrow(/failed to evaluate|evaluate call/);
      expect(textOf(await own('user@one').evaluateTransaction('read', 'pears'))).toBe('3');
    } finally {
      end();
    }
  });

  test('loses the end of its chain while it is stopped, and fetches it again', async () => {
    const { root } = network.folder;
    await stopPeer(root, 'peer1.one.example');
    const blocks = join(root, 'ledgers', 'peer1.one.example', 'blocks');
    const bytes = readFileSync(blocks);
    truncateSync(blocks, bytes.length - 20);
    rmSync(join(root, 'ledgers', 'peer1.one.example', 'index'), { recursive: true });
    await startPeer(root, 'peer1.one.example');
    expect(readFileSync(blocks).equals(bytes)).toBe(true);
  });
});

describe('chaincodes of a running network', () => {
  let network: TestNetwork;
  let sources: string;
  beforeAll(async () => {
    network = await TestNetwork.start({ topology: plainTopology() });
    sources = mkdtempSync(join(network.folder.root, 'counter-'));
    const counter = readFileSync(join(packageRoot(), 'network/examples/javascript/counter.cjs'), 'utf8');
    // The example stands outside the package here, so it says where the shim lies.
    writeFileSync(
      join(sources, 'counter.cjs'),
      counter.replace("'fabric-shim'", `'${require.resolve('fabric-shim')}'`),
    );
  });
  afterAll(() => network.close());

  const counter = (user: string) => network.connectAs(user).contract('counter');

  test('one is added, and answers at once', async () => {
    const command = ['node', 'counter.cjs'];
    const deployed = await deployChaincode(network.folder.root, {
      name: 'counter',
      command,
      folder: sources,
      watch: true,
    });
    expect(deployed).toMatchObject({ live: true, chaincodes: [{ name: 'probe' }, { name: 'counter', sequence: 1 }] });
    expect(textOf(await counter('user@one').submitTransaction('add', 'apples', '3'))).toBe('3');
    expect(textOf(await counter('user@two').evaluateTransaction('read', 'apples'))).toBe('3');
  });

  test('an edit is run by the next call, in less than two seconds', async () => {
    const file = join(sources, 'counter.cjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace('String(before)', '`edited ${before}`'));
    const fromMs = Date.now();
    expect(textOf(await counter('user@one').evaluateTransaction('read', 'apples'))).toBe('edited 3');
    expect(Date.now() - fromMs).toBeLessThan(2_000);
    appendFileSync(file, '\n// Another edit, for the transactions that several peers endorse.\n');
    expect(textOf(await counter('user@one').submitTransaction('add', 'apples', '1'))).toBe('4');
  });

  /** Submits one transaction after the other while `work` runs. @returns the codes of those that were not valid */
  async function failuresDuring(one: PeerConnection, work: () => Promise<unknown>): Promise<unknown[]> {
    const failures: unknown[] = [];
    const enough = new AbortController();
    const flow = (async () => {
      for (let n = 0; !enough.signal.aborted; n += 1) {
        await commit(one, 'put', ['upgrade', String(n)]).then(
          ({ code }) => failures.push(...(code === 0 ? [] : [code])),
          (error: unknown) => failures.push(error),
        );
      }
    })();
    try {
      await work();
    } finally {
      enough.abort();
      await flow;
    }
    return failures;
  }

  test('an upgrade to another version ends no call of a client', async () => {
    const one = network.connectAs('user@one');
    const before = network.chaincodePid('probe');
    const failures = await failuresDuring(one, () =>
      deployChaincode(network.folder.root, { name: 'probe', version: '2.0' }),
    );
    // Peers that simulate on either side of the definition's block state two versions, on any Fabric network.
    const torn = expect.stringContaining('failed to collect enough transaction endorsements') as unknown;
    expect([[], [expect.objectContaining({ message: torn })]]).toContainEqual(failures);
    expect(network.chaincodePid('probe')).not.toBe(before);
  });

  test('another policy holds for what is endorsed from then on, and bars what was endorsed for less', async () => {
    const one = network.connectAs('user@one');
    const all = "AND('OneMSP.peer','TwoMSP.peer','ThreeMSP.peer')";
    const failures = await failuresDuring(one, async () => {
      const deployed = await deployChaincode(network.folder.root, { name: 'probe', endorsement: all });
      expect(deployed.chaincodes).toContainEqual({ name: 'probe', version: '2.0', sequence: 3 });
    });
    // Whatever was on its way with two endorsements; one client has one transaction on its way.
    expect([[], [ENDORSEMENT_POLICY_FAILURE]]).toContainEqual(failures);
    await stopPeer(network.folder.root, 'peer0.three.example');
    await expect(commit(one, 'put', ['upgrade', 'never'])).rejects.toThrow(/no combination of peers/);
    await startPeer(network.folder.root, 'peer0.three.example');
    expect((await commit(one, 'put', ['upgrade', 'again'])).code).toBe(0);
  });

  test('what cannot become of a chain is refused, and changes nothing', async () => {
    const { root } = network.folder;
    const text = readFileSync(network.folder.topologyFile, 'utf8');
    await expect(deployChaincode(root, { name: 'nothing' })).rejects.toMatchObject({ code: 'DEPLOY_REFUSED' });
    const unsatisfiable = { name: 'counter', endorsement: "AND('FourMSP.peer')" };
    await expect(deployChaincode(root, unsatisfiable)).rejects.toMatchObject({ code: 'TOPOLOGY_INVALID' });
    expect(readFileSync(network.folder.topologyFile, 'utf8')).toBe(text);
  });

  test('a server that dies is started again, and the gateway asks another peer meanwhile', async () => {
    const one = network.connectAs('user@one');
    const before = network.chaincodePid('probe');
    process.kill(before, 'SIGSTOP');
    const call = ask(one, 'get', 'upgrade');
    await sleep(200);
    process.kill(before, 'SIGKILL');
    expect(await call).toBe('again');
    expect(network.chaincodePid('probe')).not.toBe(before);
  });

  test("a program that does not start is Fabric's error to the caller, until it is mended", async () => {
    const file = join(sources, 'counter.cjs');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, `${whole}\n}`);
    const broken = counter('user@two').evaluate('read', { arguments: ['apples'], endorsingOrganizations: ['TwoMSP'] });
    await expect(broken).rejects.toThrow(/failed to evaluate transaction/);
    await broken.catch((error: unknown) => {
      const [detail] = (error as EndorseError).details;
      expect(detail?.message).toMatch(/could not launch chaincode counter_1\.0: connection to counter_1\.0 failed/);
    });
    writeFileSync(file, whole);
    expect(textOf(await counter('user@two').evaluateTransaction('read', 'apples'))).toBe('edited 4');
  });

  test('a disk that is full is told to whoever submits, and nothing that was acknowledged is lost', async () => {
    const one = network.connectAs('user@one');
    const blocks = join(network.folder.root, 'ledgers', 'peer0.two.example', 'blocks');
    // The system lets no file of the process grow further, as a full disk would; the process itself goes on.
    execFileSync('prlimit', ['--pid', String(network.pid), `--fsize=${statSync(blocks).size + 200_000}`]);
    const kept: string[] = [];
    let failure: unknown;
    for (let n = 0; failure === undefined && n < 20; n += 1) {
      const key = `full-${n}`;
      await commit(one, 'put', [key, 'x'.repeat(20_000)]).then(
        ({ code }) => (code === 0 ? kept.push(key) : undefined),
        (error: unknown) => (failure = error),
      );
    }
    // Whoever waits for the block hears of it, and so does everybody after him; reading goes on.
    expect(failure).toMatchObject({ code: status.UNAVAILABLE });
    expect(String(failure)).toContain('no further block can be committed on this channel');
    await expect(commit(one, 'put', ['after', 'x'])).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(await ask(one, 'get', kept[0] ?? '')).toHaveLength(20_000);
    expect(kept.length).toBeGreaterThan(0);
    await network.down();
    await startNetwork({
      dataDir: network.folder.root,
      topologyText: readFileSync(network.folder.topologyFile, 'utf8'),
    });
    const again = network.connectAs('user@two');
    for (const key of kept) expect(await ask(again, 'get', key)).toHaveLength(20_000);
    expect((await commit(network.connectAs('user@one'), 'put', ['room', 'again'])).code).toBe(0);
  });

  test('everything is still there after a restart', async () => {
    await network.down();
    await startNetwork({
      dataDir: network.folder.root,
      topologyText: readFileSync(network.folder.topologyFile, 'utf8'),
    });
    expect(textOf(await counter('user@two').evaluateTransaction('read', 'apples'))).toBe('edited 4');
    expect(await ask(network.connectAs('user@two'), 'get', 'upgrade')).toBe('again');
  });
});

describe('a snapshot', () => {
  test('of a running network becomes a network of its own, with the same chain; reset begins a new one', async () => {
    await using network = await TestNetwork.start({ topology: plainTopology() });
    const { root } = network.folder;
    await commit(network.connectAs('user@one'), 'put', ['kept', 'yes']);
    const [copy, other] = [join(root, '..', `${Date.now()}-copy`), join(root, '..', `${Date.now()}-other`)];
    const { files } = await takeSnapshot(root, copy);
    expect(files.map(({ path }) => path)).toContain('ledgers/peer0.one.example/blocks');
    expect(files.filter(({ path }) => /^run|\/index\//.test(path))).toEqual([]);
    await expect(takeSnapshot(root, copy)).rejects.toMatchObject({ code: 'FOLDER_NOT_EMPTY' });
    const before = await readChain(network.connectAs('user@one'));

    await restoreSnapshot(copy, other);
    const topologyText = readFileSync(join(other, 'topology.yaml'), 'utf8');
    try {
      await startNetwork({ dataDir: other, topologyText });
      const blocks = readFileSync(join(other, 'ledgers/peer0.two.example/blocks'));
      for (const block of before) expect(blocks.includes(block)).toBe(true);
      await expect(resetNetwork(other)).rejects.toMatchObject({ code: 'NETWORK_RUNNING' });
      await stopNetwork(other);
      await resetNetwork(other);
      expect(existsSync(join(other, 'ledgers'))).toBe(false);
      await startNetwork({ dataDir: other, topologyText });
      expect(readFileSync(join(other, 'ledgers/genesis.block')).equals(before[0] ?? Buffer.alloc(0))).toBe(false);
    } finally {
      await stopNetwork(other);
      for (const folder of [copy, other]) rmSync(folder, { recursive: true, force: true });
    }
  });

  test('with a byte that changed is refused, and nothing is restored', async () => {
    await using network = await TestNetwork.start({ topology: plainTopology([]) });
    const copy = join(network.folder.root, '..', `${Date.now()}-broken`);
    await takeSnapshot(network.folder.root, copy);
    const ledger = join(copy, 'ledgers/peer0.one.example/blocks');
    const bytes = readFileSync(ledger);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    cpSync(ledger, `${ledger}.kept`);
    writeFileSync(ledger, bytes);
    const target = `${copy}-target`;
    const refused = restoreSnapshot(copy, target);
    await expect(refused).rejects.toMatchObject({
      code: 'SNAPSHOT_BROKEN',
      details: { path: 'ledgers/peer0.one.example/blocks' },
    });
    expect(existsSync(target)).toBe(false);

    // As a full disk would, the system lets no file grow to a block file's size: nothing is there by halves.
    renameSync(`${ledger}.kept`, ledger);
    const { root } = network.folder;
    for (const [folder, ...command] of [
      [`${copy}-second`, 'snapshot', `${copy}-second`, '--data', root],
      [target, 'restore', copy, '--data', target],
    ] as const) {
      const { exit, stderr } = withLittleRoom(statSync(ledger).size - 1_000, 'network', ...command, '--json');
      expect([exit, JSON.parse(stderr)]).toEqual([2, { error: { code: 'DISK_REFUSED', reason: 'EFBIG' } }]);
      expect(existsSync(folder)).toBe(false);
    }
    for (const folder of [copy, `${copy}-second.unfinished`, `${target}.unfinished`])
      rmSync(folder, { recursive: true });
  });
});
