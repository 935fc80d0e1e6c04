import { checkExpiry } from '../../../../network/embedded/msp/identity.js';
import { MspError } from '../../../../network/embedded/msp/errors.js';
import { serializeIdentity } from '../../../../network/embedded/msp/msp.js';
import { caPem, certificatePem, domainOf, mspIdOf, regions, tlsCaPem, vectorRegistry } from './vectors.js';

const registry = vectorRegistry();
const peerHolders = [
  ['peer0', 'peer'],
  ['User1', 'client'],
  ['User2', 'client'],
  ['Admin', 'admin'],
] as const;
const ordererHolders = [
  ['orderer0', 'orderer'],
  ['Admin', 'admin'],
] as const;
const holders = [
  ...regions.flatMap((region) =>
    peerHolders.map(([holder, role]) => ({ region, kind: 'peer' as const, holder, role })),
  ),
  ...regions.flatMap((region) =>
    ordererHolders.map(([holder, role]) => ({ region, kind: 'orderer' as const, holder, role })),
  ),
];

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MspError) return error.code;
    throw error;
  }
  return 'admitted';
}

describe('identities that cryptogen made for a real Fabric network', () => {
  test.each(holders)(
    '$holder of $region ($kind organisation) is admitted as $role',
    ({ region, kind, holder, role }) => {
      const bytes = serializeIdentity(mspIdOf(region, kind), certificatePem(domainOf(region, kind), holder));
      const identity = registry.deserialize(bytes);
      expect(identity).toMatchObject({ mspId: mspIdOf(region, kind), role, isListedAdmin: false });
      expect(Buffer.from(identity.bytes)).toEqual(Buffer.from(bytes));
    },
  );

  test('a user of one organisation is refused by every other organisation', () => {
    const others = registry.mspIds.filter((mspId) => mspId !== 'BeijingMSP');
    const codes = others.map((mspId) =>
      refusal(() => registry.msp(mspId).admit(certificatePem('beijing.example', 'User1'))),
    );
    expect(new Set(codes)).toEqual(new Set(['CERT_UNTRUSTED']));
    expect(others).toHaveLength(7);
  });

  test('a CA certificate, a TLS CA and an unknown organisation are no identities', () => {
    const beijing = registry.msp('BeijingMSP');
    expect(refusal(() => beijing.admit(caPem('beijing.example')))).toBe('CERT_UNTRUSTED');
    expect(refusal(() => beijing.admit(tlsCaPem('beijing.example')))).toBe('CERT_UNTRUSTED');
    const stranger = serializeIdentity('ShanghaiMSP', certificatePem('beijing.example', 'User1'));
    expect(refusal(() => registry.deserialize(stranger))).toBe('UNKNOWN_MSP');
  });

  test('expiry is judged only when asked, by the clock that is passed in', () => {
    const identity = registry.msp('BeijingMSP').admit(certificatePem('beijing.example', 'User1'));
    const { notAfterMs } = identity.certificate;
    expect(notAfterMs).toBe(Date.parse('2036-11-19T16:36:00Z'));
    expect(() => {
      checkExpiry(identity, notAfterMs);
    }).not.toThrow();
    expect(
      refusal(() => {
        checkExpiry(identity, notAfterMs + 1);
      }),
    ).toBe('CERT_EXPIRED');
  });

  test('a certificate whose signature was tampered with is untrusted', () => {
    const pem = certificatePem('beijing.example', 'User1');
    const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
    der.writeUInt8((der.at(-1) ?? 0) ^ 1, der.length - 1);
    const tampered = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(refusal(() => registry.msp('BeijingMSP').admit(tampered))).toBe('CERT_UNTRUSTED');
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'UNKNOWN_MSP'],
    ['bytes that are no message', Buffer.from('ffffffff', 'hex'), 'CERT_MALFORMED'],
    ['text instead of a certificate', serializeIdentity('BeijingMSP', 'hello'), 'CERT_MALFORMED'],
    [
      'PEM around rubbish',
      serializeIdentity('BeijingMSP', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      'CERT_MALFORMED',
    ],
    ['over 64 KiB', Buffer.alloc(70_000), 'CERT_MALFORMED'],
  ])('%s is refused with a stable code', (_, bytes, code) => {
    expect(refusal(() => registry.deserialize(bytes))).toBe(code);
  });

  test('every certificate cut short anywhere is malformed, never an internal error', () => {
    const der = Buffer.from(certificatePem('beijing.example', 'User1').replace(/-----[^-]+-----/g, ''), 'base64');
    for (let length = 0; length < der.length; length += 7) {
      const cut = der.subarray(0, length).toString('base64') || 'AA==';
      const pem = `-----BEGIN CERTIFICATE-----\n${cut}\n-----END CERTIFICATE-----\n`;
      expect(refusal(() => registry.msp('BeijingMSP').admit(pem))).toBe('CERT_MALFORMED');
    }
  });
});
