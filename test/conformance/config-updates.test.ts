import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { status } from '@grpc/grpc-js';
import { EndorseError, GatewayError } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';

import { CertificateAuthority } from '../../network/ca/certificate-authority.js';
import { readChannelConfig } from '../../network/embedded/config/channel-config.js';
import {
  addOrganisation,
  addRootCertificate,
  removeRootCertificate,
  setBatchRules,
  setRevocationList,
} from '../../network/embedded/config/edit-config.js';
import { parseCertificate } from '../../network/embedded/msp/certificate.js';
import { createSigner } from '../../network/embedded/msp/signer.js';
import { organisationGroup } from '../../network/embedded/config/genesis.js';
import { deliver, readChain } from '../support/network/block-stream.js';
import { changeConfig, planOf, sendUpdate } from '../support/network/config-change.js';
import { TestNetwork } from '../support/network/test-network.js';
import { type UserIdentity } from '../support/network/user-identity.js';
import { ask, commit, freshKey, probeOf } from '../support/probe/probe-client.js';
import { errorOf, USERS } from './scenario.js';

const { VALID } = peer.TxValidationCode;
const { SUCCESS, BAD_REQUEST, FORBIDDEN } = common.Status;
const MAJORITY = ['ChongqingMSP', 'ZhejiangMSP', 'GuangdongMSP'];

/** What changes while clients run: genuine CONFIG transactions, signed under the policies of what they change. */
describe("changes of the channel's configuration", () => {
  let network: TestNetwork;
  const user = USERS.ChongqingMSP;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
  });
  afterAll(() => network.close());

  const authorityOf = async (mspId: string) => {
    const organisation = planOf(network).organisations.find((each) => each.mspId === mspId);
    if (organisation === undefined) throw new Error(`no organisation ${mspId}`);
    const { ca, domain } = organisation;
    return CertificateAuthority.load(ca.name, domain, {
      certificatePem: readFileSync(ca.certificateFile, 'utf8'),
      privateKeyPem: readFileSync(ca.privateKeyFile, 'utf8'),
    });
  };
  const issue = async (authority: CertificateAuthority, mspId: string, name: string): Promise<UserIdentity> => {
    const { certificatePem, privateKeyPem } = await authority.issue({ commonName: name, unit: 'client' }, Date.now());
    return { mspId, certificate: certificatePem, privateKey: createPrivateKey(privateKeyPem) };
  };

  test('new batch rules are in force from their block on, and the block stands alone and names itself', async () => {
    const edit = (root: common.ConfigGroup) => {
      setBatchRules(root, { timeoutMs: 2_000, maxMessages: 2 });
    };
    await changeConfig(network, { edit, signedBy: ['OrdererMSP'], user });
    const connection = network.connectAs(user);
    const { blocks } = await deliver(connection, { start: 'newest', stop: 'newest' });
    const [newest = Buffer.alloc(0)] = blocks;
    const block = common.Block.deserializeBinary(newest);
    expect(block.getData()?.getDataList()).toHaveLength(1);
    expect([...(block.getMetadata()?.getMetadataList_asU8()[2] ?? [])]).toEqual([VALID]);
    const { batch, sequence } = readChannelConfig(newest);
    expect([sequence, batch.timeoutMs, batch.maxMessages]).toEqual([1n, 2_000, 2]);
    const together = await Promise.all(
      ['a', 'b'].map((name) => commit(connection, 'put', [freshKey(name), 'together'])),
    );
    expect(together.map(({ code }) => code)).toEqual([VALID, VALID]);
    expect(new Set(together.map(({ blockNumber }) => blockNumber)).size).toBe(1);
    const fast = (root: common.ConfigGroup) => {
      setBatchRules(root, { timeoutMs: 0 });
    };
    await changeConfig(network, { edit: fast, signedBy: ['OrdererMSP'], user });
  });

  test('an update that the wrong administrators signed is refused with the policy that it does not meet', async () => {
    const edit = (root: common.ConfigGroup) => {
      setBatchRules(root, { maxMessages: 7 });
    };
    const refused = await sendUpdate(network, { edit, signedBy: MAJORITY, user });
    expect([refused.getStatus(), refused.getInfo()]).toEqual([
      BAD_REQUEST,
      `error applying config update to existing channel '${network.channel}': error authorizing update: error ` +
        'validating DeltaSet: policy for [Value]  /Channel/Orderer/BatchSize not satisfied: implicit policy ' +
        'evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the ' +
        "'Admins' sub-policies to be satisfied",
    ]);
  });

  test('a revoked certificate is refused everywhere from the block of its list on, also on streams that are open', async () => {
    const authority = await authorityOf('BeijingMSP');
    const identity = await issue(authority, 'BeijingMSP', 'leaver@beijing.example');
    const leaver = network.connectWith(identity);
    expect(await commit(leaver, 'put', [freshKey('leaver'), 'still here'])).toMatchObject({ code: VALID });
    const endorsed = await probeOf(leaver)
      .newProposal('put', { arguments: [freshKey('late'), 'x'] })
      .endorse();
    const open = deliver(leaver, { start: 'next-commit', stop: Number.MAX_SAFE_INTEGER });
    const list = await authority.revoke(
      [{ serial: parseCertificate(identity.certificate).serial, revokedMs: Date.now() }],
      Date.now(),
    );
    const edit = (root: common.ConfigGroup) => {
      setRevocationList(root, 'BeijingMSP', Buffer.from(list));
    };
    await changeConfig(network, { edit, signedBy: ['BeijingMSP'], user: USERS.BeijingMSP });
    expect((await open).status).toBe(FORBIDDEN);
    const evaluated = await errorOf(GatewayError, ask(leaver, 'get', 'a'));
    expect([evaluated.code, evaluated.message]).toEqual([
      status.FAILED_PRECONDITION,
      '9 FAILED_PRECONDITION: evaluate call to endorser returned error: error validating proposal: access denied: ' +
        `channel [${network.channel}] creator org [BeijingMSP]`,
    ]);
    expect((await errorOf(EndorseError, commit(leaver, 'put', ['a', 'b']))).code).toBe(status.ABORTED);
    const submitted = await errorOf(GatewayError, endorsed.submit());
    expect([submitted.code, submitted.message]).toEqual([
      status.ABORTED,
      '10 ABORTED: received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation ' +
        "failed - 0 sub-policies were satisfied, but this policy requires 1 of the 'Writers' sub-policies to be " +
        'satisfied: permission denied',
    ]);
    expect(await commit(network.connectAs(USERS.BeijingMSP), 'put', [freshKey('others'), 'x'])).toMatchObject({
      code: VALID,
    });
  });

  test('a fifth organisation is let in by a majority, and replaces its authority by a renewed one', async () => {
    const first = await CertificateAuthority.create('ca.shanghai.example', 'shanghai.example', Date.now());
    const caPem = first.material.certificatePem;
    const group = organisationGroup({ mspId: 'ShanghaiMSP', caPem, tlsCaPem: caPem, anchorPeers: [] });
    const join = (root: common.ConfigGroup) => {
      addOrganisation(root, 'ShanghaiMSP', group);
    };
    const few = await sendUpdate(network, { edit: join, signedBy: MAJORITY.slice(1), user });
    expect(few.getInfo()).toContain('2 sub-policies were satisfied, but this policy requires 3');
    const guest = await issue(first, 'ShanghaiMSP', 'clerk@shanghai.example');
    const connection = network.connectWith(guest, 'ChongqingMSP');
    await errorOf(GatewayError, ask(connection, 'get', 'a'));
    await changeConfig(network, { edit: join, signedBy: MAJORITY, user });
    expect(await commit(connection, 'put', [freshKey('guest'), 'welcome'])).toMatchObject({ code: VALID });

    const second = await CertificateAuthority.create('ca.shanghai.example', 'shanghai.example', Date.now());
    const replace = (root: common.ConfigGroup) => {
      addRootCertificate(root, 'ShanghaiMSP', second.material.certificatePem);
      removeRootCertificate(root, 'ShanghaiMSP', caPem);
    };
    // An organisation's own administrators decide about its authorities, whatever the majority says.
    const others = await sendUpdate(network, { edit: replace, signedBy: MAJORITY, user });
    expect(others.getStatus()).toBe(BAD_REQUEST);
    const admin = await first.issue({ commonName: 'admin@shanghai.example', unit: 'admin' }, Date.now());
    await changeConfig(network, { edit: replace, signedBy: [createSigner({ mspId: 'ShanghaiMSP', ...admin })], user });
    expect((await errorOf(GatewayError, ask(connection, 'get', 'a'))).message).toContain('creator org unknown');
    const renewed = await issue(second, 'ShanghaiMSP', 'clerk@shanghai.example');
    expect(await commit(network.connectWith(renewed, 'BeijingMSP'), 'put', [freshKey('renewed'), 'x'])).toMatchObject({
      code: VALID,
    });
  });

  test('an organisation’s renewed authority issues beside the old one', async () => {
    const renewed = await CertificateAuthority.create('ca.zhejiang.example', 'zhejiang.example', Date.now());
    const newcomer = network.connectWith(await issue(renewed, 'ZhejiangMSP', 'newcomer@zhejiang.example'));
    expect((await errorOf(GatewayError, ask(newcomer, 'get', 'a'))).message).toContain('creator org unknown');
    const edit = (root: common.ConfigGroup) => {
      addRootCertificate(root, 'ZhejiangMSP', renewed.material.certificatePem);
    };
    const response = await sendUpdate(network, { edit, signedBy: ['ZhejiangMSP'], user: USERS.ZhejiangMSP });
    expect(response.getStatus()).toBe(SUCCESS);
    await commit(network.connectAs(USERS.ZhejiangMSP), 'put', [freshKey('old'), 'after']);
    expect(await commit(newcomer, 'put', [freshKey('new'), 'works'])).toMatchObject({ code: VALID });
  });

  test('all of it is there after a restart, and peers hold equal chains', async () => {
    await network.down();
    await network.up();
    const chains = await Promise.all(
      Object.values(USERS).map(async (each) => Buffer.concat(await readChain(network.connectAs(each)))),
    );
    expect(chains.every((chain) => chain.equals(chains[0] ?? chain))).toBe(true);
    expect(await commit(network.connectAs(user), 'put', [freshKey('again'), 'x'])).toMatchObject({ code: VALID });
  });
});
