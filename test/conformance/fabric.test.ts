import { readFileSync } from 'node:fs';

import { peer } from '@hyperledger/fabric-protos';

import { startNetwork } from '../../network/manager/network.js';
import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { pollFor } from '../../network/manager/poll.js';
import { readPlan } from '../../network/manager/plan-file.js';
import { type FabricPlan } from '../../network/plan/fabric-plan.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { heightOf } from '../support/network/block-stream.js';
import { foreignListeners } from '../support/network/listeners.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, commit } from '../support/probe/probe-client.js';
import { USERS } from './scenario.js';
import { scenarios } from './scenarios.js';

const title = "a network of Fabric's own programs";
const recoveryMs = 60_000;
const { VALID } = peer.TxValidationCode;

describeFabric(title, () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true, engine: 'fabric' });
  });
  afterAll(() => network.close());

  test('as soon as its start returns, the gateway of every organisation submits at the first try', async () => {
    for (const user of Object.values(USERS)) {
      expect((await commit(network.connectAs(user), 'put', [user, 'at once'])).code).toBe(VALID);
    }
  });

  test.each(scenarios)('$title', ({ run }) => run(network));

  const plan = () => readPlan(network.folder.root) as FabricPlan;
  const heights = () => Promise.all(Object.values(USERS).map((user) => heightOf(network.connectAs(user))));

  /** Whether every peer has the same number of blocks, and at least so many. */
  async function agreeFrom(height: bigint): Promise<boolean> {
    const found = await heights();
    return found.every((each) => each === found[0] && each >= height);
  }

  test('nothing of it listens but on the loopback address', () => {
    const servers = plan().chaincodes.flatMap((chaincode) => chaincode.servers);
    const pidFiles = [...plan().orderers, ...plan().peers, ...servers].map(({ pidFile }) => pidFile);
    const pids = pidFiles.map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
    expect(pids).toHaveLength(4 + 4 + 2);
    expect(foreignListeners([...pids, network.pid])).toEqual([]);
  });

  test('starting it twice changes nothing', async () => {
    const before = await heights();
    const { pid } = network;
    const topologyText = readFileSync(network.folder.topologyFile, 'utf8');
    const { startedNow } = await startNetwork({ dataDir: network.folder.root, topologyText, engine: 'fabric' });
    expect(startedNow).toBe(false);
    expect(network.pid).toBe(pid);
    expect(await heights()).toEqual(before);
  });

  test('its folder is no place for the other engine', async () => {
    const topologyText = readFileSync(network.folder.topologyFile, 'utf8');
    const other = startNetwork({ dataDir: network.folder.root, topologyText, engine: 'embedded' });
    await expect(other).rejects.toMatchObject({ code: 'ENGINE_IN_FORCE' });
  });

  test('it orders without one of its four orderers, which catches up when it is back', async () => {
    const [orderer] = plan().orderers;
    await stopPeer(network.folder.root, orderer?.id ?? '');
    const { blockNumber } = await commit(network.connectAs(USERS.ZhejiangMSP), 'put', ['without', '3 of 4']);
    expect(blockNumber).toBeGreaterThan(0n);
    await startPeer(network.folder.root, orderer?.id ?? '');
    await commit(network.connectAs(USERS.ZhejiangMSP), 'put', ['with', '4 of 4']);
    expect(await pollFor(recoveryMs, async () => (await agreeFrom(blockNumber + 2n)) || undefined)).toBe(true);
  });

  test('a peer that is killed is started again and has what it missed', async () => {
    const node = plan().peers.find(({ mspId }) => mspId === 'GuangdongMSP');
    const pid = () => (JSON.parse(readFileSync(node?.pidFile ?? '', 'utf8')) as { pid: number }).pid;
    const killed = pid();
    process.kill(killed, 'SIGKILL');
    const { blockNumber } = await commit(network.connectAs(USERS.BeijingMSP), 'put', ['missed', 'by Guangdong']);
    const back = await pollFor(recoveryMs, async () =>
      pid() !== killed && (await agreeFrom(blockNumber + 1n).catch(() => false)) ? true : undefined,
    );
    expect(back).toBe(true);
  });

  test('killed as a whole it comes back with every block, and ends the programs that were left', async () => {
    const before = await heights();
    await network.kill();
    await network.up();
    expect(await heights()).toEqual(before);
    expect(await ask(network.connectAs(USERS.ChongqingMSP), 'get', 'missed')).toBe('by Guangdong');
  });
});
