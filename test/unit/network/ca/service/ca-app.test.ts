import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CertificateAuthority } from '../../../../../network/ca/certificate-authority.js';
import { createCaApp } from '../../../../../network/ca/service/app.js';
import { registrarIdentity } from '../../../../../network/ca/service/first-identities.js';
import { Registry } from '../../../../../network/ca/service/registry.js';
import { readAuthorityKeyId } from '../../../../../network/ca/service/authority-key-id.js';
import { parseCertificate } from '../../../../../network/embedded/msp/certificate.js';
import { basic, CaClient, signingRequest, tokenOf } from '../../../../support/network/ca-client.js';
import { type UserIdentity } from '../../../../support/network/user-identity.js';

const DAY_MS = 86_400_000;
const REGISTER = 'POST /api/v1/register';
let folder = '';
let nowMs = Date.parse('2026-11-22T12:00:00Z');
let registry: Registry;
let server: Server;
let client: CaClient;
let admin: UserIdentity;
const bugs: unknown[] = [];

beforeEach(async () => {
  nowMs = Date.parse('2026-11-22T12:00:00Z');
  bugs.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'ca-'));
  registry = new Registry(join(folder, 'registry.sqlite'));
  registry.keep(registrarIdentity('admin'), 'adminpw');
  registry.addAffiliations(['beijing']);
  const [authority, tlsAuthority] = await Promise.all([
    CertificateAuthority.create('ca.beijing.example', 'beijing.example', nowMs),
    CertificateAuthority.create('tlsca.beijing.example', 'beijing.example', nowMs),
  ]);
  const desk = { name: 'ca.beijing.example', registry, authority, retired: [], tlsAuthority, nowMs: () => nowMs };
  server = createServer(createCaApp(desk, (error) => bugs.push(error)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new CaClient((server.address() as AddressInfo).port);
  admin = await client.enroll('admin', 'adminpw');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  registry.close();
  rmSync(folder, { recursive: true });
  expect(bugs).toEqual([]);
});

/** Registers and enrols. */
async function member(name: string, more: object = {}, by = admin): Promise<UserIdentity> {
  const { result, errors } = await client.as(by, REGISTER, {
    id: name,
    affiliation: 'beijing',
    type: 'client',
    ...more,
  });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return client.enroll(name, String(result.secret));
}

function codeOf({
  status,
  errors,
}: {
  status: number;
  errors: readonly { code: number }[];
}): [number, number | undefined] {
  return [status, errors[0]?.code];
}

function serialOf({ certificate }: UserIdentity): { serial: string; aki: string } {
  const parsed = parseCertificate(certificate);
  return { serial: parsed.serial.toString(16), aki: readAuthorityKeyId(parsed) };
}

describe('enrolment', () => {
  test('writes the role and affiliation of the registry into the certificate, whatever the request says', async () => {
    await client.as(admin, REGISTER, { id: 'alice', secret: 'pw', type: 'peer', affiliation: 'beijing' });
    const { csr } = await signingRequest('C=US, ST=Anywhere, O=own words, OU=admin, CN=alice');
    const { result } = await client.send(
      'POST /enroll',
      basic('alice', 'pw'),
      JSON.stringify({ certificate_request: csr }),
    );
    const pem = Buffer.from(String(result.Cert), 'base64').toString();
    expect(parseCertificate(pem).units).toEqual(['peer', 'beijing']);
    expect(new X509Certificate(pem).subject).toBe('C=US\nST=Anywhere\nO=own words\nOU=peer + OU=beijing\nCN=alice');
  });

  test.each([
    ['another name', (csr: string) => ({ request: csr }), 'mallory', [403, 77]],
    ['a name too long for its field', (csr: string) => ({ request: csr }), `CN=bob, O=${'o'.repeat(65)}`, [400, 80]],
    ['no request', () => ({ request: 'none' }), 'bob', [400, 31]],
    ['an unknown profile', (csr: string) => ({ request: csr, profile: 'ca' }), 'bob', [400, 0]],
    ['an attribute that it has not', (csr: string) => ({ request: csr, attr_reqs: [{ name: 'x' }] }), 'bob', [500, 0]],
  ] as const)('refuses %s, and the secret is not used up', async (_what, bodyOf, subject, expected) => {
    await client.as(admin, REGISTER, { id: 'bob', secret: 'pw', max_enrollments: 1 });
    const { csr } = await signingRequest(subject);
    const answer = await client.send('POST /api/v1/enroll', basic('bob', 'pw'), JSON.stringify(bodyOf(csr)));
    expect(codeOf(answer)).toEqual(expected);
    await client.enroll('bob', 'pw');
    await expect(client.enroll('bob', 'pw')).rejects.toThrow('"code":20');
  });

  test('a request that somebody else signed is refused: nobody has a key certified that he does not hold', async () => {
    await client.as(admin, REGISTER, { id: 'bob', secret: 'pw' });
    const [own, other] = await Promise.all([signingRequest('bob'), signingRequest('bob')]);
    const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const [mine, theirs] = [der(own.csr), der(other.csr)];
    const count = 20; // At the end of the signature, whose length in DER varies by a byte or two.
    theirs.set(mine.subarray(-count), theirs.length - count);
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${theirs.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    const answer = await client.send('POST /api/v1/enroll', basic('bob', 'pw'), JSON.stringify({ request: pem }));
    expect(codeOf(answer)).toEqual([400, 31]);
  });

  test('ten wrong secrets close the door until a registrar gives a new one', async () => {
    await client.as(admin, REGISTER, { id: 'bob', secret: 'pw' });
    const attempt = (secret: string) => client.send('POST /api/v1/enroll', basic('bob', secret), '{}');
    for (let tries = 0; tries < 10; tries += 1) expect(codeOf(await attempt('guess'))).toEqual([401, 20]);
    expect(codeOf(await attempt('pw'))).toEqual([401, 73]);
    await client.as(admin, 'PUT /api/v1/identities/bob', { secret: 'new' });
    await client.enroll('bob', 'new');
  });

  test('TLS ends are certified by the authority for TLS, with the names that they answer to', async () => {
    const { certificate } = await client.enroll('admin', 'adminpw', {
      profile: 'tls',
      hosts: ['a.example', '127.0.0.1'],
    });
    const { issuer, subjectAltName, keyUsage } = new X509Certificate(certificate);
    expect(issuer).toContain('CN=tlsca.beijing.example');
    expect(subjectAltName).toBe('DNS:a.example, IP Address:127.0.0.1');
    expect(keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });
});

describe('registrars', () => {
  test('give no more than they have, to nobody outside their affiliation, of no type but theirs', async () => {
    const attrs = [
      { name: 'hf.Registrar.Roles', value: 'client' },
      { name: 'hf.Registrar.Attributes', value: 'desk,hf.Revoker' },
      { name: 'hf.Revoker', value: 'true' },
    ];
    await client.as(admin, 'POST /affiliations', { name: 'beijing.haidian' });
    await client.as(admin, 'POST /affiliations', { name: 'shanghai' });
    const clerk = await member('registrar', { affiliation: 'beijing.haidian', attrs });
    const tryTo = async (more: object) => codeOf(await client.as(clerk, REGISTER, { id: 'carol', ...more }));
    const attr = (name: string, value: string) => ({ attrs: [{ name, value }] });
    expect(await tryTo({ type: 'peer' })).toEqual([403, 71]);
    expect(await tryTo({ affiliation: 'beijing' })).toEqual([403, 71]);
    expect(await tryTo({ affiliation: 'shanghai' })).toEqual([403, 71]);
    expect(await tryTo({ affiliation: '.' })).toEqual([403, 71]);
    expect(await tryTo(attr('hf.GenCRL', 'true'))).toEqual([403, 71]);
    expect(await tryTo(attr('hf.Registrar.Roles', 'client,peer'))).toEqual([403, 71]);
    expect(await tryTo(attr('hf.Type', 'admin'))).toEqual([403, 71]);
    expect(await tryTo(attr('salary', '7'))).toEqual([403, 71]);
    expect(await tryTo({ affiliation: 'beijing.haidian.nowhere' })).toEqual([404, 16]);
    expect(await tryTo({ max_enrollments: -2 })).toEqual([400, 82]);
    expect(await tryTo({ id: undefined })).toEqual([400, 52]);
    expect(registry.find('carol')).toBeUndefined();
    expect(await tryTo(attr('desk', '4'))).toEqual([201, undefined]);
    expect(await tryTo({})).toEqual([409, 74]);
  });

  test('change identities within the same bounds, and see those alone', async () => {
    await client.as(admin, 'POST /affiliations', { name: 'beijing.haidian' });
    const attrs = [{ name: 'hf.Registrar.Roles', value: 'client' }];
    const clerk = await member('registrar', { affiliation: 'beijing.haidian', attrs });
    await client.as(admin, REGISTER, { id: 'peer9', type: 'peer', affiliation: 'beijing.haidian' });
    await client.as(clerk, REGISTER, { id: 'carol' });
    const { result } = await client.as(clerk, 'GET /api/v1/identities');
    expect((result.identities as { id: string }[]).map(({ id }) => id)).toEqual(['carol', 'registrar']);
    expect(codeOf(await client.as(clerk, 'GET /api/v1/identities/peer9'))).toEqual([403, 71]);
    expect(codeOf(await client.as(clerk, 'PUT /api/v1/identities/carol', { type: 'admin' }))).toEqual([403, 71]);
    expect(codeOf(await client.as(clerk, 'PUT /api/v1/identities/carol', { affiliation: 'beijing' }))).toEqual([
      403, 71,
    ]);
    expect(codeOf(await client.as(clerk, 'DELETE /api/v1/identities/peer9'))).toEqual([403, 71]);
    expect(codeOf(await client.as(clerk, 'DELETE /api/v1/identities/registrar'))).toEqual([403, 56]);
    expect(codeOf(await client.as(clerk, 'GET /api/v1/identities/nobody'))).toEqual([404, 63]);
    const carol = await client.as(clerk, 'PUT /api/v1/identities/carol', { max_enrollments: 3 });
    expect(carol.result).toMatchObject({ id: 'carol', max_enrollments: 3, caname: 'ca.beijing.example' });
    expect((await client.as(clerk, 'DELETE /api/v1/identities/carol')).success).toBe(true);
    expect(registry.find('carol')).toBeUndefined();
  });

  test('an attribute of an empty value is taken away', async () => {
    await client.as(admin, REGISTER, { id: 'bob', attrs: [{ name: 'desk', value: '4', ecert: true }] });
    const { result } = await client.as(admin, 'PUT /api/v1/identities/bob', { attrs: [{ name: 'desk', value: '' }] });
    expect((result.attrs as { name: string }[]).map(({ name }) => name)).not.toContain('desk');
  });
});

describe('affiliations', () => {
  test('grow from their parents, move with their identities, and go when they are empty or when told to', async () => {
    const orphan = await client.as(admin, 'POST /affiliations', { name: 'wuhan.a.b' });
    expect(codeOf(orphan)).toEqual([400, 60]);
    expect((await client.as(admin, 'POST /affiliations?force=true', { name: 'wuhan.a.b' })).status).toBe(201);
    expect(codeOf(await client.as(admin, 'POST /affiliations', { name: 'wuhan' }))).toEqual([409, 60]);
    await client.as(admin, REGISTER, { id: 'bob', affiliation: 'wuhan.a' });
    expect(codeOf(await client.as(admin, 'PUT /affiliations/wuhan.a', { name: 'wuhan.c' }))).toEqual([400, 64]);
    await client.as(admin, 'PUT /affiliations/wuhan.a?force=true', { name: 'wuhan.c' });
    expect(registry.find('bob')).toMatchObject({ affiliation: 'wuhan.c' });
    const { result } = await client.as(admin, 'GET /affiliations');
    const names = JSON.stringify(result).match(/"wuhan[^"]*"/g);
    expect(names).toEqual(['"wuhan"', '"wuhan.c"', '"wuhan.c.b"']);
    expect(codeOf(await client.as(admin, 'DELETE /affiliations/wuhan'))).toEqual([400, 61]);
    await client.as(admin, 'DELETE /affiliations/wuhan?force=true');
    expect(registry.find('bob')).toBeUndefined();
    expect(codeOf(await client.as(admin, 'GET /affiliations/wuhan'))).toEqual([404, 63]);
  });

  test('are for their managers', async () => {
    const bob = await member('bob');
    for (const operation of ['GET /affiliations', 'GET /affiliations/beijing', 'DELETE /affiliations/beijing']) {
      expect(codeOf(await client.as(bob, operation))).toEqual([403, 71]);
    }
    expect(codeOf(await client.as(bob, 'POST /affiliations', { name: 'beijing.b' }))).toEqual([403, 71]);
  });
});

describe('revocation', () => {
  test('of one certificate leaves the identity’s others, of an identity leaves none', async () => {
    const first = await member('bob');
    const reenrolled = await signingRequest('bob');
    const answer = await client.as(first, 'POST /api/v1/reenroll', { request: reenrolled.csr });
    expect(answer.status).toBe(201);
    const { result } = await client.as(admin, 'POST /revoke', { ...serialOf(first), gencrl: true });
    expect(result.RevokedCerts).toHaveLength(1);
    expect(codeOf(await client.as(first, 'POST /api/v1/reenroll', { request: reenrolled.csr }))).toEqual([401, 20]);
    expect(codeOf(await client.as(admin, 'POST /revoke', serialOf(first)))).toEqual([404, 66]);
    const all = await client.as(admin, 'POST /revoke', { id: 'bob' });
    expect(all.result.RevokedCerts).toHaveLength(1);
    const open = await client.as(admin, 'GET /certificates?id=bob&notrevoked=true');
    expect(open.result.certs).toEqual([]);
    expect((await client.as(admin, 'GET /certificates?id=bob')).result.certs).toHaveLength(2);
  });

  test('is for revokers, and for everybody’s own certificate', async () => {
    const [bob, carol] = [await member('bob'), await member('carol')];
    const registrar = await member('registrar', { attrs: [{ name: 'hf.Registrar.Roles', value: 'client' }] });
    expect(codeOf(await client.as(registrar, 'POST /revoke', { id: 'carol' }))).toEqual([403, 71]);
    expect(codeOf(await client.as(bob, 'POST /revoke', { id: 'carol' }))).toEqual([403, 71]);
    expect(codeOf(await client.as(bob, 'POST /revoke', serialOf(carol)))).toEqual([403, 71]);
    expect(codeOf(await client.as(bob, 'POST /gencrl', {}))).toEqual([403, 71]);
    expect(codeOf(await client.as(bob, 'GET /certificates'))).toEqual([403, 71]);
    expect((await client.as(bob, 'POST /revoke', serialOf(bob))).success).toBe(true);
    expect(codeOf(await client.as(bob, 'POST /revoke', serialOf(bob)))).toEqual([401, 20]);
  });

  test.each([
    [{}, [400, 15]],
    [{ id: 'nobody' }, [404, 10]],
    [{ serial: 'ab', aki: 'cd' }, [404, 8]],
  ])('of %j is refused', async (body, expected) => {
    expect(codeOf(await client.as(admin, 'POST /revoke', body))).toEqual(expected);
  });

  test('of a certificate that is somebody else’s than was said is refused', async () => {
    const bob = await member('bob');
    expect(codeOf(await client.as(admin, 'POST /revoke', { ...serialOf(bob), id: 'carol' }))).toEqual([400, 9]);
  });

  test('a list may be bounded by times, which must be in order', async () => {
    const body = { revokedafter: '2026-12-01T00:00:00Z', revokedbefore: '2026-11-01T00:00:00Z' };
    expect(codeOf(await client.as(admin, 'POST /gencrl', body))).toEqual([400, 36]);
    const expiry = { expireAfter: '2026-12-01T00:00:00Z', expireBefore: '2026-11-01T00:00:00Z' };
    expect(codeOf(await client.as(admin, 'POST /gencrl', expiry))).toEqual([400, 37]);
  });
});

describe('tokens', () => {
  test('are good for their request, their authority and their certificate’s time alone', async () => {
    const operation = 'GET /api/v1/identities/admin';
    const good = tokenOf(admin, operation, '');
    expect((await client.send(operation, good, '')).status).toBe(200);
    expect(codeOf(await client.send(operation, undefined, ''))).toEqual([401, 2]);
    for (const bad of ['', '.', 'a.b', `${good}.c`, good.replace('.', '.AA')]) {
      expect(codeOf(await client.send(operation, bad, ''))).toEqual([401, bad === '' ? 20 : 20]);
    }
    expect(codeOf(await client.send('GET /api/v1/identities/bob', good, ''))).toEqual([401, 20]);
    expect(codeOf(await client.send('DELETE /api/v1/identities/admin', good, ''))).toEqual([401, 20]);
    const stranger = await CertificateAuthority.create('ca.beijing.example', 'beijing.example', nowMs);
    const forged = await stranger.issue({ commonName: 'admin', unit: 'client' }, nowMs);
    expect(codeOf(await client.as({ ...admin, certificate: forged.certificatePem }, operation))).toEqual([401, 20]);
    nowMs += 366 * DAY_MS;
    expect(codeOf(await client.as(admin, operation))).toEqual([401, 20]);
  });

  test('a request for another authority, of no operation, or with a body that nobody can read is refused', async () => {
    expect(codeOf(await client.as(admin, 'GET /api/v1/identities?ca=other'))).toEqual([404, 19]);
    expect(codeOf(await client.as(admin, REGISTER, { id: 'x', caname: 'other' }))).toEqual([404, 19]);
    expect(codeOf(await client.as(admin, 'GET /api/v1/nothing'))).toEqual([404, 0]);
    expect(codeOf(await client.as(admin, REGISTER, '{'))).toEqual([400, 5]);
    expect(codeOf(await client.as(admin, REGISTER, ''))).toEqual([400, 4]);
    expect(codeOf(await client.as(admin, REGISTER, { id: 7 }))).toEqual([400, 5]);
    expect(codeOf(await client.as(admin, REGISTER, 'x'.repeat(70_000)))).toEqual([413, 5]);
  });
});
