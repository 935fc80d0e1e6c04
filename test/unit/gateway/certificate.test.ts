import { X509Certificate } from 'node:crypto';

import { readAttributes, readCertificateFacts } from '../../../gateway/identity/certificate.js';
import { certificatePem } from '../../vectors/vectors.js';
import { createIdentity } from './support/identities.js';

const FABRIC_USER = 'beijing.example/certs/User1@beijing.example-cert.pem';

describe('certificate facts', () => {
  test('come from the subject and from the attributes that Fabric CA writes', async () => {
    const { certificate } = await createIdentity('clerk-07', {
      'yz.role': 'clerk',
      'yz.unit': '渝中区人民法院',
      'yz.region': '500103',
    });
    expect(readCertificateFacts('ChongqingMSP', certificate)).toEqual({
      mspId: 'ChongqingMSP',
      commonName: 'clerk-07',
      role: 'clerk',
      unit: '渝中区人民法院',
      region: '500103',
    });
  });

  test('have no role where a real Fabric certificate carries no attributes', () => {
    const facts = readCertificateFacts('BeijingMSP', certificatePem(FABRIC_USER));
    expect(facts).toMatchObject({ commonName: 'User1@beijing.example', role: undefined, unit: undefined });
  });

  test('never come from attributes that are not texts, nor from an ill-formed list', async () => {
    const odd = await createIdentity('x', { 'yz.role': 7 as never, 'yz.unit': 'unit' });
    expect([...readAttributes(new X509Certificate(odd.certificate).raw)]).toEqual([['yz.unit', 'unit']]);
    const empty = await createIdentity('x', null as never);
    expect(readAttributes(new X509Certificate(empty.certificate).raw).size).toBe(0);
  });

  test('are refused with a RangeError, or empty, however the DER is cut short', async () => {
    const { certificate } = await createIdentity('clerk-07', { 'yz.role': 'clerk' });
    const { raw } = new X509Certificate(certificate);
    for (let length = 0; length < raw.length; length += 1) {
      expect(() => readAttributes(raw.subarray(0, length))).toThrow(RangeError);
    }
  });
});
