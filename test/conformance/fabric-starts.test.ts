import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { peer } from '@hyperledger/fabric-protos';

import { deployChaincode } from '../../network/manager/deploy.js';
import { readStatus, startNetwork, stopNetwork } from '../../network/manager/network.js';
import { packageRoot } from '../../network/manager/package-root.js';
import { readPlan } from '../../network/manager/plan-file.js';
import { pollFor } from '../../network/manager/poll.js';
import { resetNetwork, restoreSnapshot, takeSnapshot } from '../../network/manager/snapshot.js';
import { type FabricPlan } from '../../network/plan/fabric-plan.js';
import { heightOf } from '../support/network/block-stream.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { ANY_TWO, plainTopology } from '../support/network/plain-topology.js';
import { TestNetwork } from '../support/network/test-network.js';
import { ask, commit, PROBE } from '../support/probe/probe-client.js';

const { VALID } = peer.TxValidationCode;
const stepMs = 60_000;
/** Moments of a start at which it is cut off: a line of its progress, and milliseconds after that. */
const moments: readonly (readonly [step: string, afterMs: number])[] = [
  ['topology and ports', 250],
  ['keys, certificates and genesis block', 0],
  ['keys, certificates and genesis block', 500],
  ['keys, certificates and genesis block', 1_000],
  ['orderers and', 200],
  ['orderers and', 900],
];

/** `network up` in a process of its own; it and the network's process are killed at one moment of the start. */
async function cutOff(folder: string, topologyFile: string, [step, afterMs]: (typeof moments)[number]): Promise<void> {
  const words = ['network', 'up', '--engine', 'fabric', '--detach', '--data', folder];
  const known = existsSync(join(folder, 'topology.yaml')) ? [] : ['--topology', topologyFile];
  const up = spawn(process.execPath, [join(packageRoot(), 'dist', 'cli', 'main.js'), ...words, ...known], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(up, 'exit');
  let told = '';
  up.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const reached = await pollFor(stepMs, () => told.includes(step) || undefined);
  if (reached === undefined) throw new Error(`the start never came to "${step}": ${told}`);
  await sleep(afterMs);
  up.kill('SIGKILL');
  await exited;
  const status = readStatus(folder);
  if (status.state !== 'down') process.kill(status.pid, 'SIGKILL');
  await pollFor(stepMs, () => readStatus(folder).state === 'down' || undefined);
}

describeFabric("starting a network of Fabric's own programs, and beginning it anew", () => {
  let network: TestNetwork;
  let root = '';
  const user = (name: string) => network.connectAs(`user@${name}`);
  const genesis = () => readFileSync((readPlan(root) as FabricPlan).genesisFile);
  const up = () => startNetwork({ dataDir: root, topologyText: readFileSync(network.folder.topologyFile, 'utf8') });

  beforeAll(async () => {
    network = await TestNetwork.start({ topology: plainTopology(), engine: 'fabric' });
    root = network.folder.root;
  });
  afterAll(() => network.close());

  test('is cut off by kill -9 at any moment, and the next start takes it up where it stopped', async () => {
    const folder = `${root}-cut`;
    try {
      for (const moment of moments) await cutOff(folder, network.folder.topologyFile, moment);
      const topologyText = readFileSync(join(folder, 'topology.yaml'), 'utf8');
      const { startedNow } = await startNetwork({ dataDir: folder, topologyText });
      expect(startedNow).toBe(true);
      const plan = readPlan(folder) as FabricPlan;
      const { organisations, orderers } = JSON.parse(readFileSync(join(folder, 'run', 'network.json'), 'utf8')) as {
        organisations: { peers: { running: boolean }[] }[];
        orderers: { running: boolean }[];
      };
      const running = [...organisations.flatMap(({ peers }) => peers), ...orderers].map((each) => each.running);
      expect(running).toEqual([...plan.peers, ...plan.orderers].map(() => true));
      // Nothing was done twice: one definition of the chaincode, approved by each organisation, in as many blocks.
      expect(plan.chaincodes.map(({ sequence }) => sequence)).toEqual([1]);
    } finally {
      await stopNetwork(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);

  test('a snapshot is refused while it runs, and made of the stopped one; a copy runs in its stead, not beside it', async () => {
    await commit(user('one'), 'put', ['kept', 'yes']);
    const height = await heightOf(user('two'));
    const [copy, other] = [`${root}-copy`, `${root}-other`];
    await expect(takeSnapshot(root, copy)).rejects.toMatchObject({ code: 'NETWORK_RUNNING' });
    expect(existsSync(copy)).toBe(false);
    await network.down();
    try {
      await takeSnapshot(root, copy);
      await restoreSnapshot(copy, other);
      const topologyText = readFileSync(join(other, 'topology.yaml'), 'utf8');
      await up();
      // The channel knows the addresses of its orderers, and two copies of one orderer would sign two chains.
      await expect(startNetwork({ dataDir: other, topologyText })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
      expect(await heightOf(user('two'))).toBe(height);
      const copied = user('two'); // The copy listens where the original did.
      await stopNetwork(root);
      const { network: restored } = await startNetwork({ dataDir: other, topologyText });
      expect(restored.consensusType).toBe('BFT');
      expect(restored.organisations.map(({ peers }) => peers.map(({ address }) => address))).toEqual(
        (readPlan(root) as FabricPlan).organisations.map(({ nodes }) => nodes.map(({ address }) => address)),
      );
      expect(await heightOf(copied)).toBe(height);
    } finally {
      await stopNetwork(other);
      for (const folder of [copy, other]) rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);

  test('reset, then a start: a new channel, with the chaincodes as they were last defined', async () => {
    await up();
    await deployChaincode(root, { name: PROBE, endorsement: ANY_TWO, version: '2.0' });
    const before = genesis();
    await expect(resetNetwork(root)).rejects.toMatchObject({ code: 'NETWORK_RUNNING' });
    await network.down();
    await resetNetwork(root);
    await up();
    expect(genesis().equals(before)).toBe(false);
    expect(await ask(user('two'), 'get', 'kept')).toBe('');
    expect(await commit(user('three'), 'put', ['anew', 'yes'])).toMatchObject({ code: VALID });
    const { chaincodes } = readPlan(root) as FabricPlan;
    expect(chaincodes.map(({ version, sequence }) => [version, sequence])).toEqual([['2.0', 2]]);
  }, 180_000);
});
