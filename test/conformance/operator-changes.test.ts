import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GatewayError } from '@hyperledger/fabric-gateway';
import { peer } from '@hyperledger/fabric-protos';

import { readChannelConfig } from '../../network/embedded/config/channel-config.js';
import { addOrganisation, renewPeer } from '../../network/manager/change-network.js';
import {
  changeBatch,
  publishRevocations,
  renewAuthority,
  retireAuthorities,
  revokeIdentity,
} from '../../network/manager/config-changes.js';
import { startNetwork } from '../../network/manager/network.js';
import { readChain } from '../support/network/block-stream.js';
import { CaClient } from '../support/network/ca-client.js';
import { yinzhengJson } from '../support/network/command-line.js';
import { configOf, planOf } from '../support/network/config-change.js';
import { plainTopology } from '../support/network/plain-topology.js';
import { TestNetwork } from '../support/network/test-network.js';
import { type UserIdentity } from '../support/network/user-identity.js';
import { ask, commit, freshKey } from '../support/probe/probe-client.js';
import { errorOf } from './scenario.js';

const { VALID } = peer.TxValidationCode;

/** What an operator changes while clients run: genuine CONFIG transactions, made and signed by the commands. */
describe('changes that an operator makes', () => {
  let network: TestNetwork;
  let data = '';

  beforeAll(async () => {
    network = await TestNetwork.start({ topology: plainTopology() });
    data = network.folder.root;
  });
  afterAll(() => network.close());

  const put = (identity: UserIdentity, mspId?: string) =>
    commit(network.connectWith(identity, mspId), 'put', [freshKey('change'), 'x']);
  const refusal = async (work: Promise<unknown>): Promise<string> => (await errorOf(Error, work)).message;
  const planned = (mspId: string) => {
    const plan = planOf(network);
    const organisation = plan.organisations.find((each) => each.mspId === mspId);
    const authority = plan.authorities.find((each) => each.mspId === mspId);
    if (organisation === undefined || authority === undefined) throw new Error(`no organisation ${mspId}`);
    return { organisation, authority };
  };
  const registrarOf = (mspId: string): { name: string; secret: string } =>
    JSON.parse(readFileSync(planned(mspId).authority.registrarFile, 'utf8')) as { name: string; secret: string };
  /** Somebody new, registered and enrolled at the organisation's authority as it is now. */
  const enroll = async (mspId: string, name: string): Promise<UserIdentity> => {
    const { authority, organisation } = planned(mspId);
    const ca = new CaClient(authority.port, readFileSync(organisation.tlsCa.certificateFile, 'utf8'));
    const registrar = registrarOf(mspId);
    const by = await ca.enroll(registrar.name, registrar.secret);
    await ca.as(by, 'POST /api/v1/register', { id: name, secret: 'pw', type: 'client' });
    return { ...(await ca.enroll(name, 'pw')), mspId };
  };

  test('batch rules are in force from their block on; what is not given stays', async () => {
    await changeBatch(data, { maxMessages: 7 });
    await yinzhengJson('network', 'config', 'batch', '--timeout-ms', '40', '--data', data);
    const chain = await readChain(network.connectAs('user@one'));
    const { batch } = readChannelConfig(chain.at(-1) ?? Buffer.alloc(0));
    expect(batch).toMatchObject({ maxMessages: 7, timeoutMs: 40, preferredBytes: 2 * 1024 * 1024 });
    await changeBatch(data, { timeoutMs: 0 });
    expect(await refusal(changeBatch(data, { maxMessages: 0 }))).toContain('batch sizes are zero');
    expect(await refusal(changeBatch(data, { maxMessages: 1 }, 'elsewhere'))).toContain('no channel elsewhere');
  });

  test('an identity that is revoked is refused by its authority and by every peer; others go on', async () => {
    const leaver = await enroll('TwoMSP', 'leaver');
    expect(await put(leaver)).toMatchObject({ code: VALID });
    await revokeIdentity(data, 'leaver', 'two');
    expect((await errorOf(GatewayError, put(leaver))).message).toContain('ABORTED');
    expect(await put(network.identityOf('user@two'))).toMatchObject({ code: VALID });
    expect(await refusal(revokeIdentity(data, 'nobody', 'two'))).toContain('Failed to get User');
    expect(await refusal(revokeIdentity(data, 'leaver'))).toContain('NODE_UNKNOWN');
  });

  test('what clients of the authority revoked counts once it is published', async () => {
    const leaver = await enroll('TwoMSP', 'second');
    const { authority, organisation } = planned('TwoMSP');
    const ca = new CaClient(authority.port, readFileSync(organisation.tlsCa.certificateFile, 'utf8'));
    const registrar = registrarOf('TwoMSP');
    await ca.as(await ca.enroll(registrar.name, registrar.secret), 'POST /revoke', { id: 'second' });
    expect(await put(leaver)).toMatchObject({ code: VALID });
    await publishRevocations(data, 'two');
    await errorOf(GatewayError, put(leaver));
    const { height } = await lengths();
    await publishRevocations(data, 'two');
    expect((await lengths()).height).toBeLessThanOrEqual(height + 1);
  });

  test('a peer with new keys endorses under a new certificate, and the old one is kept', async () => {
    const { organisation } = planned('OneMSP');
    const [node] = organisation.nodes;
    const before = readFileSync(node?.msp.certificateFile ?? '', 'utf8');
    await renewPeer(data, 'peer0.one.example');
    expect(readFileSync(node?.msp.certificateFile ?? '', 'utf8')).not.toBe(before);
    const kept = `peer0.one.example-${new X509Certificate(before).serialNumber.toLowerCase()}.pem`;
    expect(readFileSync(join(organisation.folder, 'retired', kept), 'utf8')).toBe(before);
    expect(await put(network.identityOf('user@one'))).toMatchObject({ code: VALID });
  });

  test('a renewed authority issues at once; the one before counts until it is retired, and so do its revocations', async () => {
    const old = network.identityOf('user@three');
    const leaver = await enroll('ThreeMSP', 'third');
    await revokeIdentity(data, 'third', 'three');
    const { organisation } = planned('ThreeMSP');
    const former = readFileSync(organisation.ca.certificateFile, 'utf8');
    await renewAuthority(data, 'three');
    expect(readFileSync(organisation.ca.certificateFile, 'utf8')).not.toBe(former);
    const fresh = await enroll('ThreeMSP', 'newcomer');
    const { publicKey } = new X509Certificate(readFileSync(organisation.ca.certificateFile));
    expect(new X509Certificate(fresh.certificate).verify(publicKey)).toBe(true);
    expect(await put(fresh)).toMatchObject({ code: VALID });
    expect(await put(old)).toMatchObject({ code: VALID });
    await revokeIdentity(data, 'newcomer', 'three');
    await errorOf(GatewayError, put(fresh));
    await errorOf(GatewayError, put(leaver)); // The list of the former authority still stands.
    expect(await refusal(retireAuthorities(data, 'three'))).toContain('AUTHORITY_IN_USE');

    await network.down();
    await network.up();
    expect(await put(old)).toMatchObject({ code: VALID });
    await retireAuthorities(data, 'three');
    await errorOf(GatewayError, put(old));
    expect(await put(network.identityOf('user@three'))).toMatchObject({ code: VALID });
  });

  test('an organisation that is let in runs a peer of its own, which endorses and holds the whole chain', async () => {
    const file = join(data, 'four.yaml');
    writeFileSync(file, 'mspId: FourMSP\nname: four\ndomain: four.example\nusers: [{ name: user }]\n');
    expect(await yinzhengJson('network', 'org', 'add', file, '--data', data)).toMatchObject({ mspId: 'FourMSP' });
    const { organisation } = planned('FourMSP');
    const [user] = organisation.users;
    const identity: UserIdentity = {
      mspId: 'FourMSP',
      certificate: readFileSync(user?.msp.certificateFile ?? '', 'utf8'),
      privateKey: createPrivateKey(readFileSync(user?.msp.privateKeyFile ?? '')),
    };
    const key = freshKey('four');
    const connection = network.connectWith(identity);
    expect(await commit(connection, 'put', [key, 'welcome'])).toMatchObject({ code: VALID });
    expect(await ask(connection, 'get', key)).toBe('welcome');
    const proposal = { arguments: [freshKey('four'), 'x'], endorsingOrganizations: ['FourMSP', 'OneMSP'] };
    // Its signature counts for its own organisation, which the chaincode's policy does not name.
    expect((await commit(connection, 'put', proposal)).code).toBe(peer.TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    const chains = [await readChain(network.connectAs('user@one')), await readChain(connection)];
    expect(Buffer.concat(chains[1] ?? []).equals(Buffer.concat(chains[0] ?? []))).toBe(true);
    expect(existsSync(planned('FourMSP').authority.registrarFile)).toBe(true);
    await addOrganisation(data, readFileSync(file, 'utf8')); // Once more: nothing is left to do.
    await network.down();
    await startNetwork({ dataDir: data, topologyText: readFileSync(join(data, 'topology.yaml'), 'utf8') });
    expect(await put(identity)).toMatchObject({ code: VALID });
    expect(await yinzhengJson('network', 'fsck', '--data', data)).toMatchObject({ sound: true });
  });

  const lengths = async () => {
    const config = await configOf(network, 'user@one');
    return { height: config.getSequence() };
  };
});
