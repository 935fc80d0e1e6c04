import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../../network/ca/certificate-authority.js';
import { encodeMspConfig } from '../../../../network/embedded/config/msp-config.js';
import { parseCertificate } from '../../../../network/embedded/msp/certificate.js';
import { type NodeRole } from '../../../../network/embedded/msp/identity.js';
import { MspRegistry } from '../../../../network/embedded/msp/registry.js';
import { createSigner } from '../../../../network/embedded/msp/signer.js';

const nowMs = Date.parse('2026-11-22T12:00:00.750Z');
const attributes = { 'yz.role': 'officer', 'yz.unit': '重庆"一号"' };
let authority: CertificateAuthority;

beforeAll(async () => {
  authority = await CertificateAuthority.create('ca.a.example', 'a.example', nowMs);
});

function registry(): MspRegistry {
  const caPem = authority.material.certificatePem;
  return MspRegistry.fromConfigs([encodeMspConfig({ mspId: 'AMSP', caPem, tlsCaPem: caPem })]);
}

describe('an authority of an organisation', () => {
  test.each<NodeRole>(['client', 'peer', 'admin', 'orderer'])(
    'issues certificates that its MSP admits as %s',
    async (unit) => {
      const material = await authority.issue({ commonName: `x@a.example`, unit }, nowMs);
      const signer = createSigner({ mspId: 'AMSP', ...material });
      const identity = registry().deserialize(signer.identityBytes);
      expect(identity).toMatchObject({ mspId: 'AMSP', role: unit });
      const message = Buffer.from('statement');
      expect(identity.verify(message, signer.sign(message))).toBe(true);
      expect(identity.verify(Buffer.from('other'), signer.sign(message))).toBe(false);
    },
  );

  test("a signer refuses a key that is not the certificate's", async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => authority.issue({ commonName: 'x', unit: 'client' }, nowMs)),
    );
    const mixed = {
      mspId: 'AMSP',
      certificatePem: one?.certificatePem ?? '',
      privateKeyPem: other?.privateKeyPem ?? '',
    };
    expect(() => createSigner(mixed)).toThrow(/^CERT_MALFORMED/);
  });

  test('a hundred signatures, on statements and certificates, are all low', async () => {
    const material = await authority.issue({ commonName: 'x', unit: 'client' }, nowMs);
    const identity = registry().msp('AMSP').admit(material.certificatePem);
    const signer = createSigner({ mspId: 'AMSP', ...material });
    for (let count = 0; count < 100; count += 1) {
      const message = Buffer.of(count);
      expect(identity.verify(message, signer.sign(message))).toBe(true); // A high one would not verify.
    }
    const issued = await Promise.all(
      Array.from({ length: 20 }, () => authority.issue({ commonName: 'x', unit: 'client' }, nowMs)),
    );
    for (const { certificatePem } of [...issued, authority.material]) {
      const written = new X509Certificate(certificatePem);
      expect(parseCertificate(certificatePem).der.equals(written.raw)).toBe(true); // Reading would have rewritten a high one.
    }
    expect(new Set(issued.map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber)).size).toBe(20);
  });

  test("attributes lie in Fabric's extension as bare JSON", async () => {
    const { certificatePem } = await authority.issue({ commonName: 'x', unit: 'client', attributes }, nowMs);
    const value = parseCertificate(certificatePem).extensionValue('1.2.3.4.5.6.7.8.1');
    expect(JSON.parse(value?.toString() ?? '')).toEqual({ attrs: attributes });
    const { certificatePem: plain } = await authority.issue({ commonName: 'x', unit: 'client' }, nowMs);
    expect(parseCertificate(plain).extensionValue('1.2.3.4.5.6.7.8.1')).toBeUndefined();
  });

  test('a certificate is valid for ten years from five minutes ago, its serial positive and over 128 bits', async () => {
    const { certificatePem, privateKeyPem } = await authority.issue({ commonName: 'x', unit: 'client' }, nowMs);
    const certificate = parseCertificate(certificatePem);
    expect(certificate.notBeforeMs).toBe(Date.parse('2026-11-22T11:55:00Z'));
    expect(certificate.notAfterMs).toBe(Date.parse('2036-11-22T11:55:00Z'));
    expect(certificate.serial.toString(2).length).toBeGreaterThan(128);
    expect(createPublicKey(createPrivateKey(privateKeyPem)).equals(certificate.publicKey)).toBe(true);
  });

  test('an authority that was stored issues again under the same certificate', async () => {
    const again = await CertificateAuthority.load('ca.a.example', 'a.example', authority.material);
    const { certificatePem } = await again.issue({ commonName: 'x', unit: 'peer' }, nowMs);
    expect(registry().msp('AMSP').admit(certificatePem).role).toBe('peer');
  });

  test('a TLS certificate names its hosts and is no identity', async () => {
    const tls = { dnsNames: ['peer0.a.example', 'localhost'], ipAddresses: ['127.0.0.1'] };
    const { certificatePem } = await authority.issue({ commonName: 'peer0.a.example', tls }, nowMs);
    const x509 = new X509Certificate(certificatePem);
    expect(x509.subjectAltName).toBe('DNS:peer0.a.example, DNS:localhost, IP Address:127.0.0.1');
    expect(x509.checkHost('peer0.a.example')).toBe('peer0.a.example');
    expect(() => registry().msp('AMSP').admit(certificatePem)).toThrow(/^NODE_OU/);
  });
});

const openssl = ['/usr/bin/openssl', '/usr/local/bin/openssl', '/opt/homebrew/bin/openssl'].find((path) =>
  existsSync(path),
);

(openssl === undefined ? describe.skip : describe)('openssl, where there is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (...parameters: readonly string[]): string =>
    execFileSync(openssl ?? '', parameters, { cwd: folder, encoding: 'utf8' });

  test('accepts the chain and prints what was asked for', async () => {
    const { certificatePem } = await authority.issue({ commonName: 'x@a.example', unit: 'client', attributes }, nowMs);
    writeFileSync(join(folder, 'ca.pem'), authority.material.certificatePem);
    writeFileSync(join(folder, 'x.pem'), certificatePem);
    const atSeconds = String(Math.floor(nowMs / 1000));
    expect(run('verify', '-x509_strict', '-attime', atSeconds, '-CAfile', 'ca.pem', 'x.pem')).toContain('x.pem: OK');
    const text = run('x509', '-in', 'x.pem', '-noout', '-text');
    expect(text).toMatch(/Subject: C ?= ?CN, OU ?= ?client, CN ?= ?x@a\.example/);
    expect(text).toMatch(/Issuer: C ?= ?CN, O ?= ?a\.example, CN ?= ?ca\.a\.example/);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature\s+X509v3 Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/1\.2\.3\.4\.5\.6\.7\.8\.1:\s+\{"attrs":/);
    const keyId = (source: string): string => /Key Identifier:\s+(?:keyid:)?([0-9A-F:]{20,})/.exec(source)?.[1] ?? '';
    expect(keyId(text)).toBe(keyId(run('x509', '-in', 'ca.pem', '-noout', '-text')));
    expect(keyId(text)).not.toBe('');
  });
});
