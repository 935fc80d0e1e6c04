import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { peer } from '@hyperledger/fabric-protos';

import { buildsFolder } from '../../network/fabric/peer-config.js';
import { addConsenter, addOrganisation, removeConsenter, renewPeer } from '../../network/manager/change-network.js';
import { deployChaincode } from '../../network/manager/deploy.js';
import { startNetwork } from '../../network/manager/network.js';
import { startPeer, stopPeer } from '../../network/manager/peers.js';
import { pollFor } from '../../network/manager/poll.js';
import { readPlan } from '../../network/manager/plan-file.js';
import { type FabricPlan } from '../../network/plan/fabric-plan.js';
import { heightOf } from '../support/network/block-stream.js';
import { describeFabric } from '../support/network/describe-fabric.js';
import { type PeerConnection } from '../support/network/peer-connection.js';
import { TestNetwork } from '../support/network/test-network.js';
import { readUserIdentity } from '../support/network/user-identity.js';
import { ask, commit, PROBE } from '../support/probe/probe-client.js';
import { USERS } from './scenario.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
/** How long a quorum may take to agree on another leader, milliseconds. */
const leaderMs = 90_000;
const fifth = 'mspId: ShanghaiMSP\nname: shanghai\ndomain: shanghai.example\nusers: [{ name: officer }]\n';

describeFabric("changing a running network of Fabric's own programs", () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true, engine: 'fabric' });
  });
  afterAll(() => network.close());

  const root = () => network.folder.root;
  const plan = () => readPlan(root()) as FabricPlan;
  const beijing = () => network.connectAs(USERS.BeijingMSP);
  const shanghai = (): PeerConnection =>
    network.connectWith(readUserIdentity(network.folder.crypto, 'ShanghaiMSP', 'officer@shanghai.example'));
  /** Endorsed by a fifth organisation and one of the four. */
  const together = (key: string) => ({ arguments: [key, '1'], endorsingOrganizations: ['ShanghaiMSP', 'BeijingMSP'] });

  test('a fifth organisation joins, reads what was there, and submits through its own gateway', async () => {
    await commit(beijing(), 'put', ['before', 'the fifth']);
    await expect(addOrganisation(root(), fifth)).resolves.toEqual({ mspId: 'ShanghaiMSP', peers: 1 });
    expect(await ask(shanghai(), 'get', 'before')).toBe('the fifth');
    expect(await commit(shanghai(), 'put', ['by', 'Shanghai'])).toMatchObject({ code: VALID });
  });

  test('adding it again changes nothing; another of its name is refused', async () => {
    const before = await heightOf(beijing());
    await addOrganisation(root(), fifth);
    expect(await heightOf(beijing())).toBe(before);
    await expect(addOrganisation(root(), fifth.replace('officer', 'clerk'))).rejects.toThrow('CHANGE_REFUSED');
  });

  test('its endorsement counts from the definition on that names it, by the next sequence', async () => {
    expect(await commit(beijing(), 'put', together('early'))).toMatchObject({ code: ENDORSEMENT_POLICY_FAILURE });
    const five = [...Object.keys(USERS), 'ShanghaiMSP'].map((mspId) => `'${mspId}.peer'`);
    const { chaincodes } = await deployChaincode(root(), { name: PROBE, endorsement: `OutOf(2,${five.join(',')})` });
    expect(chaincodes.find(({ name }) => name === PROBE)).toMatchObject({ sequence: 2 });
    expect(await commit(beijing(), 'put', together('late'))).toMatchObject({ code: VALID });
  });

  test("a peer's keys are renewed; what it signs is valid, and the old certificate is kept", async () => {
    const node = plan().peers.find(({ mspId }) => mspId === 'GuangdongMSP');
    if (node === undefined) throw new Error('Guangdong has a peer');
    const read = () => new X509Certificate(readFileSync(node.msp.certificateFile));
    const [old, key] = [read(), readFileSync(node.msp.privateKeyFile, 'utf8')];
    await renewPeer(root(), node.id);
    expect(read().serialNumber).not.toBe(old.serialNumber);
    expect(readFileSync(node.msp.privateKeyFile, 'utf8')).not.toBe(key);
    const retired = join(network.folder.crypto, 'peerOrganizations', 'guangdong.example', 'retired');
    expect(readdirSync(retired)).toEqual([`${node.id}-${old.serialNumber.toLowerCase()}.pem`]);
    const call = { arguments: ['renewed', '1'], endorsingOrganizations: ['GuangdongMSP', 'BeijingMSP'] };
    expect(await commit(network.connectAs(USERS.GuangdongMSP), 'put', call)).toMatchObject({ code: VALID });
    // It calls its chaincodes with the new certificate too.
    const built = readdirSync(buildsFolder(node), { recursive: true, encoding: 'utf8' });
    const connections = built.filter((name) => name.endsWith('connection.json'));
    expect(connections.length).toBeGreaterThan(0);
    const certificate = JSON.stringify(readFileSync(node.tls.certificateFile, 'utf8')).slice(1, -1);
    for (const name of connections) expect(readFileSync(join(buildsFolder(node), name), 'utf8')).toContain(certificate);
  });

  test('a consenter of the fifth organisation is added and one is removed; the new one counts for the quorum', async () => {
    const [added, removed] = ['orderer0.orderer.shanghai.example', 'orderer0.orderer.chongqing.example'];
    await expect(removeConsenter(root(), removed)).rejects.toThrow('CHANGE_REFUSED');
    await addConsenter(root(), added);
    expect(plan().orderers.map(({ consenterId }) => consenterId)).toEqual([1, 2, 3, 4, 5]);
    await removeConsenter(root(), removed);
    expect(plan().orderers.map(({ id }) => id)).not.toContain(removed);
    // Until the new set has ordered something it cannot replace a leader (docs/production.md).
    expect(await commit(beijing(), 'put', ['ordered', 'by four'])).toMatchObject({ code: VALID });
    await stopPeer(root(), 'orderer0.orderer.guangdong.example');
    // Three of four: without the new one there would be two. Where the leader was stopped, another takes over first.
    const ordered = () => commit(beijing(), 'put', ['ordered', 'by three']).catch(() => undefined);
    expect(await pollFor(leaderMs, ordered)).toMatchObject({ code: VALID });
    await startPeer(root(), 'orderer0.orderer.guangdong.example');
    await expect(addConsenter(root(), 'orderer0.orderer.nobody.example')).rejects.toThrow('TOPOLOGY_INVALID');
  }, 180_000);

  test('killed as a whole it comes back as what it has become', async () => {
    const before = await heightOf(beijing());
    await network.kill();
    await startNetwork({ dataDir: root(), topologyText: readFileSync(network.folder.topologyFile, 'utf8') });
    expect(await heightOf(shanghai())).toBe(before);
    expect(await commit(shanghai(), 'put', together('again'))).toMatchObject({ code: VALID });
  });
});
