import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as x509 from '@peculiar/x509';

const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

x509.cryptoProvider.set(webcrypto as never);

/** A certificate with Fabric's attributes and its private key, both PEM. Self-signed: the gateway checks no chain. */
export interface TestIdentity {
  readonly certificate: string;
  readonly privateKey: string;
}

export async function createIdentity(
  commonName: string,
  attributes: Readonly<Record<string, string>> | undefined,
): Promise<TestIdentity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const value = Buffer.from(JSON.stringify({ attrs: attributes }));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `OU=client, CN=${commonName}`,
    serialNumber: '01',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2126-01-01T00:00:00Z'),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      ...(attributes === undefined ? [] : [new x509.Extension(ATTRIBUTES_OID, false, value)]),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
  return { certificate: certificate.toString('pem'), privateKey };
}

/** A user of Chongqing with a role, as the contracts want them. */
export function createUser(commonName: string, role: string): Promise<TestIdentity> {
  return createIdentity(commonName, { 'yz.role': role, 'yz.unit': '11500000000000000A', 'yz.region': '500000' });
}

/** Writes an identity in cryptogen's layout, as the wallet reads it. */
export function writeUser(users: string, user: string, { certificate, privateKey }: TestIdentity): void {
  for (const [part, name, text] of [
    ['signcerts', `${user}-cert.pem`, certificate],
    ['keystore', 'priv_sk', privateKey],
  ] as const) {
    const folder = join(users, user, 'msp', part);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
