import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { peer } from '@hyperledger/fabric-protos';
import FabricCAServices from 'fabric-ca-client';
import { User } from 'fabric-common';

import { planOf } from '../support/network/config-change.js';
import { findProgram } from '../support/network/fabric-tools.js';
import { TestNetwork } from '../support/network/test-network.js';
import { type UserIdentity } from '../support/network/user-identity.js';
import { ask, commit, freshKey } from '../support/probe/probe-client.js';
import { errorOf } from './scenario.js';

const { VALID } = peer.TxValidationCode;
const MSP_ID = 'BeijingMSP';
const run = promisify(execFile);

/** Somebody with a certificate, as Fabric CA's client and as the tests' own connections take it. */
interface Enrolled {
  readonly user: User;
  readonly identity: UserIdentity;
}

/** What Fabric CA's own clients, unmodified, ask an authority of the embedded network. */
describe("Fabric CA's protocol", () => {
  let network: TestNetwork;
  let service: FabricCAServices;
  let registrar: Enrolled;
  let alice: Enrolled;

  beforeAll(async () => {
    network = await TestNetwork.start({ probe: true });
    service = new FabricCAServices(...endpoint());
    registrar = await enroll('admin', secretOf());
  });
  afterAll(() => network.close());

  const authority = () => {
    const found = planOf(network).authorities.find(({ mspId }) => mspId === MSP_ID);
    if (found === undefined) throw new Error(`no authority of ${MSP_ID}`);
    return found;
  };
  const organisation = () => {
    const found = planOf(network).organisations.find(({ mspId }) => mspId === MSP_ID);
    if (found === undefined) throw new Error(`no organisation ${MSP_ID}`);
    return found;
  };
  /** From the connection profile, as applications take it. */
  const endpoint = (): [string, FabricCAServices.TLSOptions, string] => {
    const profile = JSON.parse(readFileSync(organisation().connectionProfileFile, 'utf8')) as {
      certificateAuthorities: Record<string, { url: string; caName: string; tlsCACerts: { pem: string[] } }>;
    };
    const found = profile.certificateAuthorities['ca.beijing.example'];
    if (found === undefined) throw new Error('the profile names no authority');
    return [found.url, { trustedRoots: found.tlsCACerts.pem, verify: true }, found.caName];
  };
  const secretOf = (): string =>
    (JSON.parse(readFileSync(authority().registrarFile, 'utf8')) as { secret: string }).secret;
  const take = async (name: string, { certificate, key }: FabricCAServices.IEnrollResponse): Promise<Enrolled> => {
    const user = new User(name);
    await user.setEnrollment(key, certificate, MSP_ID);
    return { user, identity: { mspId: MSP_ID, certificate, privateKey: createPrivateKey(key.toBytes()) } };
  };
  const enroll = async (name: string, secret: string) =>
    take(name, await service.enroll({ enrollmentID: name, enrollmentSecret: secret }));

  test('it tells its name and its chain', async () => {
    const { caName, caChain } = await service.getCaInfo(registrar.user);
    expect(caName).toBe('ca.beijing.example');
    expect(caChain).toBe(readFileSync(organisation().ca.certificateFile, 'utf8'));
  });

  test('who is registered and enrolled transacts, and chaincodes see its attributes', async () => {
    const attrs = [
      { name: 'department', value: 'archive', ecert: true },
      { name: 'level', value: '7' },
    ];
    const request = { enrollmentID: 'alice', affiliation: 'beijing', role: 'client', attrs, maxEnrollments: 1 };
    alice = await enroll('alice', await service.register(request, registrar.user));
    const { subject, validTo } = new X509Certificate(alice.identity.certificate);
    expect(subject.split('\n').slice(-2)).toEqual(['OU=client + OU=beijing', 'CN=alice']);
    expect(Date.parse(validTo)).toBeLessThan(Date.now() + 367 * 86_400_000);
    const connection = network.connectWith(alice.identity);
    expect(await commit(connection, 'put', [freshKey('alice'), 'x'])).toMatchObject({ code: VALID });
    expect(await ask(connection, 'attribute', 'department')).toBe('archive');
    expect(await ask(connection, 'attribute', 'level')).toBe('');
    expect(await ask(connection, 'attribute', 'hf.EnrollmentID')).toBe('alice');
  });

  test('a certificate is renewed over a new key, with attributes that are asked for by name', async () => {
    const renewed = await take('alice', await service.reenroll(alice.user, [{ name: 'level', optional: false }]));
    expect(renewed.identity.certificate).not.toBe(alice.identity.certificate);
    expect(await ask(network.connectWith(renewed.identity), 'attribute', 'level')).toBe('7');
  });

  test('identities and affiliations are listed and changed', async () => {
    const [identities, affiliations] = [service.newIdentityService(), service.newAffiliationService()];
    await affiliations.create({ name: 'beijing.haidian.window3', force: true }, registrar.user);
    const change = { enrollmentID: 'alice', affiliation: 'beijing.haidian' };
    await identities.update('alice', change, registrar.user);
    const { result: changed } = (await identities.getOne('alice', registrar.user)) as { result: object };
    expect(changed).toMatchObject({ id: 'alice', type: 'client', affiliation: 'beijing.haidian' });
    const { result } = (await identities.getAll(registrar.user)) as { result: { identities: { id: string }[] } };
    const names = result.identities.map(({ id }) => id);
    expect(names).toEqual(
      expect.arrayContaining(['admin', 'alice', 'officer@beijing.example', 'peer0.beijing.example']),
    );
  });

  test('what is revoked stands in the list and opens no door of the authority any more', async () => {
    await service.revoke({ enrollmentID: 'alice', reason: 'cessationofoperation' }, registrar.user);
    expect((await errorOf(Error, service.reenroll(alice.user, []))).message).toContain('Authentication failure');
    const encoded = String(await service.generateCRL({}, registrar.user));
    const { serialNumber } = new X509Certificate(alice.identity.certificate);
    const pem = Buffer.from(encoded, 'base64').toString();
    const list = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(list.toString('hex')).toContain(serialNumber.toLowerCase());
  });

  const goClient = findProgram('fabric-ca-client');
  if (goClient === undefined) {
    test.skip("Fabric CA's command line: skipped, because neither FABRIC_BIN nor PATH holds fabric-ca-client", () =>
      undefined);
    return;
  }

  test("Fabric CA's command line enrols, registers, revokes and stores the list", async () => {
    const home = join(network.folder.root, 'fabric-ca-client');
    const url = `localhost:${authority().port}`;
    const tool = (...parameters: string[]) =>
      run(goClient, [...parameters, '--home', home, '--tls.certfiles', organisation().tlsCa.certificateFile]);
    await tool('enroll', '-u', `https://admin:${secretOf()}@${url}`);
    await tool(
      'register',
      '-u',
      `https://${url}`,
      '--id.name',
      'judy',
      '--id.secret',
      'pw',
      '--id.affiliation',
      'beijing',
    );
    await tool('enroll', '-u', `https://judy:pw@${url}`, '-M', join(home, 'judy'));
    expect(existsSync(join(home, 'judy', 'signcerts', 'cert.pem'))).toBe(true);
    const tls = ['--enrollment.profile', 'tls', '--csr.hosts', 'judy.example', '-M', join(home, 'judy-tls')];
    await tool('enroll', '-u', `https://judy:pw@${url}`, ...tls);
    const { subjectAltName, issuer } = new X509Certificate(
      readFileSync(join(home, 'judy-tls', 'signcerts', 'cert.pem')),
    );
    expect([subjectAltName, issuer]).toEqual(['DNS:judy.example', expect.stringContaining('CN=tlsca.beijing.example')]);
    await tool('revoke', '-u', `https://${url}`, '-e', 'judy', '--gencrl');
    expect(readFileSync(join(home, 'msp', 'crls', 'crl.pem'), 'utf8')).toContain('BEGIN X509 CRL');
  });
});
