import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CertificateAuthority } from '../../../network/ca/certificate-authority.js';
import { readCertificate } from '../../../proof/crypto/certificate.js';
import { readRevocationList } from '../../../proof/crypto/revocation-list.js';

const MADE = new Date('2026-06-01T08:00:00Z');
const LATER = new Date('2051-01-01T00:00:00Z'); // Beyond 2049 a time is written in another form.
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

describe('a revocation list', () => {
  let signingKey: webcrypto.CryptoKey;
  beforeAll(async () => {
    signingKey = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])).privateKey;
  });

  const listOf = async (serials: readonly string[], more: object = {}): Promise<Uint8Array> => {
    const entries = serials.map((serialNumber, index) => ({
      serialNumber,
      revocationDate: index === 1 ? LATER : MADE,
    }));
    const params = {
      issuer: 'CN=ca.example, O=例',
      thisUpdate: MADE,
      entries,
      signingAlgorithm: ALGORITHM,
      signingKey,
    };
    return new Uint8Array((await x509.X509CrlGenerator.create({ ...params, ...more }, webcrypto)).rawData);
  };

  test.each([
    ['with its next update', { nextUpdate: LATER }],
    ['without its next update', {}],
  ])('%s tells every serial number and time', async (_, more) => {
    const { revoked } = readRevocationList(await listOf(['01', '7f00ff', '00c0ffee00'], more));
    expect(revoked).toEqual([
      { serial: '01', revokedAtMs: MADE.getTime() },
      { serial: '7f00ff', revokedAtMs: LATER.getTime() },
      { serial: 'c0ffee00', revokedAtMs: MADE.getTime() },
    ]);
    expect(readRevocationList(await listOf([], more)).revoked).toEqual([]);
  });

  test('of our own authorities names issuer and number as the certificate does', async () => {
    const authority = await CertificateAuthority.create('ca.beijing.example', 'beijing.example', MADE.getTime());
    const { certificatePem } = await authority.issue({ commonName: 'peer0', unit: 'peer' }, MADE.getTime());
    const certificate = new X509Certificate(certificatePem);
    const revocation = { serial: BigInt(`0x${certificate.serialNumber}`), revokedMs: MADE.getTime() };
    const pem = await authority.revoke([revocation], MADE.getTime());
    const list = readRevocationList(Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64'));
    const { issuer, serial } = readCertificate(new Uint8Array(certificate.raw));
    expect(list.issuer).toBe(issuer);
    expect(list.revoked.map((each) => each.serial)).toEqual([serial]);
    expect(list.revoked[0]?.revokedAtMs).toBe(MADE.getTime());
  });

  test('that is cut short, or followed by more, is none', async () => {
    const list = await listOf(['01', '02'], { nextUpdate: LATER });
    for (let length = 0; length < list.length; length += 1) {
      expect(() => readRevocationList(list.subarray(0, length))).toThrow(Error);
    }
    expect(() => readRevocationList(Buffer.concat([list, Buffer.of(0)]))).toThrow(Error);
  });
});
