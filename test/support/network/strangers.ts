import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CertificateAuthority } from '../../../network/ca/certificate-authority.js';
import { readPlan } from '../../../network/manager/plan-file.js';
import { type TestNetwork } from './test-network.js';
import { type UserIdentity } from './user-identity.js';

/** Like a clerk of Chongqing in everything but who signed the certificate. */
export async function strangeClerk(): Promise<UserIdentity> {
  const authority = await CertificateAuthority.create('ca.chongqing.example', 'chongqing.example', Date.now());
  const attributes = { 'yz.role': 'clerk', 'yz.unit': '11500000MB1Y00011A', 'yz.region': '500000' };
  const request = { commonName: 'clerk@chongqing.example', unit: 'client', attributes };
  const { certificatePem, privateKeyPem } = await authority.issue(request, Date.now());
  return { mspId: 'ChongqingMSP', certificate: certificatePem, privateKey: createPrivateKey(privateKeyPem) };
}

/** Puts an identity among an organisation's users as if it had been enrolled there. @param user full name */
export function enrol(crypto: string, user: string, { certificate, privateKey }: UserIdentity): void {
  const [, domain = ''] = user.split('@');
  const folder = join(crypto, 'peerOrganizations', domain, 'users', user, 'msp');
  for (const part of ['signcerts', 'keystore']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'signcerts', `${user}-cert.pem`), certificate);
  writeFileSync(join(folder, 'keystore', 'priv_sk'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** The administrator of an organisation that orders and does not endorse: known to the channel, with a good signature. */
export function orderersMember({ folder }: TestNetwork): UserIdentity {
  const plan = readPlan(folder.root);
  const [ordering] = plan?.engine === 'fabric' ? plan.orderingOrganisations : plan === undefined ? [] : [plan.orderer];
  const admin = ordering?.users.find(({ role }) => role === 'admin');
  if (ordering === undefined || admin === undefined) throw new Error('an ordering organisation has an administrator');
  return {
    mspId: ordering.mspId,
    certificate: readFileSync(admin.msp.certificateFile, 'utf8'),
    privateKey: createPrivateKey(readFileSync(admin.msp.privateKeyFile)),
  };
}
