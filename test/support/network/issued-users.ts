import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CertificateAuthority } from '../../../network/ca/certificate-authority.js';
import { type TestNetwork } from './test-network.js';
import { type UserIdentity } from './user-identity.js';

/** The certification authority of an organisation, from the keys in the network's folder. */
export async function authorityOf(network: TestNetwork, mspId: string): Promise<CertificateAuthority> {
  const { domain, ...material } = materialOf(network, mspId);
  return CertificateAuthority.load(`ca.${domain}`, domain, material);
}

/** A new user of an organisation, whom nobody has heard of. @param name such as `leaver@beijing.example` */
export async function issueUser(network: TestNetwork, mspId: string, name: string): Promise<UserIdentity> {
  const authority = await authorityOf(network, mspId);
  const { certificatePem, privateKeyPem } = await authority.issue({ commonName: name, unit: 'client' }, Date.now());
  return { mspId, certificate: certificatePem, privateKey: createPrivateKey(privateKeyPem) };
}

/** A user whose certificate was good until a moment ago. */
export async function issueExpiredUser(network: TestNetwork, mspId: string): Promise<UserIdentity> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const request = {
    subject: [{ C: ['CN'] }, { OU: ['client'] }, { CN: ['late'] }],
    publicKey: Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' })),
    notAfterMs: Date.now() - 1_000,
  };
  const certificate = await (await authorityOf(network, mspId)).certify(request, Date.now());
  return { mspId, certificate, privateKey };
}

function materialOf(network: TestNetwork, mspId: string) {
  const organisation = network.topology.organisations.find((each) => each.mspId === mspId);
  if (organisation === undefined) throw new Error(`no organisation ${mspId}`);
  const { domain } = organisation;
  const folder = join(network.folder.crypto, 'peerOrganizations', domain, 'ca');
  return {
    domain,
    certificatePem: readFileSync(join(folder, `ca.${domain}-cert.pem`), 'utf8'),
    privateKeyPem: readFileSync(join(folder, 'priv_sk'), 'utf8'),
  };
}
