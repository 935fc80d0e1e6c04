import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

x509.cryptoProvider.set(webcrypto as never);

/**
 * A real, self-signed X.509 certificate with Fabric's attribute extension (fabric-ca lib/attrmgr): contracts read the
 * attributes, while who signed the certificate is the peers' business.
 * @param attributes as `{"yz.role": "clerk"}`; none leaves the extension out. @returns PEM text
 */
export async function certificateOf(name: string, attributes: Readonly<Record<string, string>>): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const value = Buffer.from(JSON.stringify({ attrs: attributes }));
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: name === '' ? 'OU=client' : `OU=client, CN=${name}`,
    serialNumber: '01',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: Object.keys(attributes).length === 0 ? [] : [new x509.Extension(ATTRIBUTES_OID, false, value)],
  });
  return certificate.toString('pem');
}
