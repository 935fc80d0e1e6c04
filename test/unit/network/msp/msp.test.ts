import { msp } from '@hyperledger/fabric-protos';
import { encodeMspConfig } from '../../../../network/embedded/config/msp-config.js';
import { parseCertificate } from '../../../../network/embedded/msp/certificate.js';
import { DerReader, DerTag, derUnsigned, encodeDer, encodeDerUnsigned } from '../../../../network/embedded/msp/der.js';
import { findChain } from '../../../../network/embedded/msp/chain.js';
import { MspError } from '../../../../network/embedded/msp/errors.js';
import { Msp } from '../../../../network/embedded/msp/msp.js';
import { satisfies } from '../../../../network/embedded/msp/principal.js';
import { type Holder, make, revoke, type Wish, x509 } from './authorities.js';

let root: Holder;
let stranger: Holder;

beforeAll(async () => {
  root = await make({ name: 'C=CN, O=a, CN=ca.a' });
  stranger = await make({ name: 'C=CN, O=a, CN=ca.a' }); // The same name, another key.
});

/** AMSP over one root, with whatever `change` does to its configuration. */
function build(change: (config: msp.FabricMSPConfig) => void = () => undefined, by: Holder = root): Msp {
  const bytes = encodeMspConfig({ mspId: 'AMSP', caPem: by.pem, tlsCaPem: by.pem });
  const config = msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(bytes).getConfig_asU8());
  change(config);
  return new Msp(config);
}

function pem(...holders: readonly Holder[]): Uint8Array[] {
  return holders.map((holder) => Buffer.from(holder.pem));
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof MspError) return error.code;
    throw error;
  }
  return 'admitted';
}

const client = (wish: Partial<Wish> = {}): Promise<Holder> => make({ name: 'OU=client, CN=x', issuer: root, ...wish });

describe('roles by organizational unit', () => {
  test.each([
    ['OU=client, CN=x', 'client'],
    ['OU=warehouse, OU=peer, CN=x', 'peer'],
    ['CN=x', 'NODE_OU'],
    ['OU=warehouse, CN=x', 'NODE_OU'],
    ['OU=Client, CN=x', 'NODE_OU'],
    ['OU=client, OU=peer, CN=x', 'NODE_OU'],
    ['OU=client, OU=client, CN=x', 'NODE_OU'],
  ])('%s is %s', async (name, verdict) => {
    const holder = await make({ name, issuer: root });
    const found = code(() => build().admit(holder.pem));
    expect(found === 'admitted' ? build().admit(holder.pem).role : found).toBe(verdict);
  });

  test('an organisation may demand a unit beside the role', async () => {
    const organisation = build((config) => {
      const identifier = new msp.FabricOUIdentifier();
      identifier.setOrganizationalUnitIdentifier('court');
      identifier.setCertificate(Buffer.from(root.pem));
      config.addOrganizationalUnitIdentifiers(identifier);
    });
    const inside = await make({ name: 'OU=court, OU=client, CN=x', issuer: root });
    expect(organisation.admit(inside.pem).role).toBe('client');
    const outside = await client();
    expect(code(() => organisation.admit(outside.pem))).toBe('NODE_OU');
  });

  test('without NodeOUs there are members and listed administrators, and no roles', async () => {
    const [admin, member] = await Promise.all([
      make({ name: 'CN=admin', issuer: root }),
      make({ name: 'CN=x', issuer: root }),
    ]);
    const organisation = build((config) => {
      config.clearFabricNodeOus();
      config.setAdminsList(pem(admin));
    });
    expect(organisation.admit(member.pem)).toMatchObject({ role: undefined, isListedAdmin: false });
    const identity = organisation.admit(admin.pem);
    expect(satisfies(identity, { kind: 'role', mspId: 'AMSP', role: 'admin' })).toBe(true);
    expect(satisfies(identity, { kind: 'role', mspId: 'AMSP', role: 'member' })).toBe(true);
    expect(satisfies(identity, { kind: 'role', mspId: 'AMSP', role: 'client' })).toBe(false);
  });
});

describe('certification paths', () => {
  test.each<[string, Partial<Wish>, string]>([
    ['a plain client', {}, 'admitted'],
    ['an expired client: time plays no part', { notBefore: '2026-01-01', notAfter: '2026-01-02' }, 'admitted'],
    ['a client that says CA', { isCa: true }, 'CERT_UNTRUSTED'],
    ['a client from before its authority', { notBefore: '2020-01-01' }, 'CERT_UNTRUSTED'],
    ['a client for TLS clients only', { extendedKeyUsage: x509.ExtendedKeyUsage.clientAuth }, 'CERT_UNTRUSTED'],
    ['a client for TLS servers', { extendedKeyUsage: x509.ExtendedKeyUsage.serverAuth }, 'admitted'],
    ['an unknown extension', { extra: new x509.Extension('1.2.3.4.5', false, Buffer.of(5, 0)) }, 'admitted'],
    [
      'an unknown critical extension',
      { extra: new x509.Extension('1.2.3.4.5', true, Buffer.of(5, 0)) },
      'CERT_UNTRUSTED',
    ],
    ['a key on another curve', { curve: 'P-384' }, 'CERT_MALFORMED'],
  ])('%s: %s', async (_, wish, verdict) => {
    const holder = await client(wish);
    expect(code(() => build().admit(holder.pem))).toBe(verdict);
  });

  test('an issuer is known by its key, not by its name', async () => {
    const holder = await make({ name: 'OU=client, CN=x', issuer: stranger });
    expect(code(() => build().admit(holder.pem))).toBe('CERT_UNTRUSTED');
    expect(code(() => build(undefined, stranger).admit(holder.pem))).toBe('admitted');
  });

  test('only what says CA can stand above', async () => {
    const [middle, parent] = await Promise.all(
      [false, true].map((isCa) =>
        make({ name: `CN=middle`, issuer: root, isCa, keyUsage: x509.KeyUsageFlags.keyCertSign }),
      ),
    );
    for (const [above, isFound] of [
      [middle, false],
      [parent, true],
    ] as const) {
      if (above === undefined) throw new Error('no authority');
      const below = parseCertificate((await make({ name: 'CN=x', issuer: above })).pem);
      const anchors = { roots: [parseCertificate(root.pem)], intermediates: [parseCertificate(above.pem)] };
      expect(code(() => findChain(below, anchors))).toBe(isFound ? 'admitted' : 'CERT_UNTRUSTED');
    }
  });

  test('a member cannot issue to others', async () => {
    const holder = await client();
    const below = await make({ name: 'OU=client, CN=y', issuer: holder });
    expect(code(() => build().admit(below.pem))).toBe('CERT_UNTRUSTED');
    expect(code(() => build((config) => config.addIntermediateCerts(Buffer.from(holder.pem))))).toBe('MSP_CONFIG');
  });
});

describe('a path through an intermediate authority', () => {
  let middle: Holder;
  let member: Holder;
  const through = (...authorities: readonly Holder[]): Msp =>
    build((config) => {
      config.setIntermediateCertsList(pem(...authorities));
      config.clearFabricNodeOus();
      config.setAdminsList(pem(member));
    });

  beforeAll(async () => {
    middle = await make({ name: 'O=a, CN=middle', issuer: root, isCa: true });
    member = await make({ name: 'CN=x', issuer: middle });
  });

  test('is found, and names all its certifiers', () => {
    expect(through(middle).admit(member.pem).certifiersId).toMatch(/^[0-9a-f]{64}$/);
    const onlyMiddle = {
      kind: 'unit' as const,
      mspId: 'AMSP',
      unit: 'client',
      certifiersId: parseCertificate(middle.pem).id,
    };
    expect(satisfies(through(middle).admit(member.pem), onlyMiddle)).toBe(false);
  });

  test('is the only one: the root above it issues to nobody directly any more', async () => {
    const direct = await make({ name: 'CN=y', issuer: root });
    expect(code(() => through(middle).admit(direct.pem))).toBe('CERT_UNTRUSTED');
  });

  test.each<[string, Partial<Wish>]>([
    ['is no CA', { isCa: false, keyUsage: x509.KeyUsageFlags.keyCertSign }],
    ['may not sign certificates', { keyUsage: x509.KeyUsageFlags.digitalSignature }],
    ['has no subject key identifier', { withoutKeyId: true }],
  ])('fails when the authority %s', async (_, wish) => {
    middle = await make({ name: 'O=a, CN=middle', issuer: root, isCa: true, ...wish });
    member = await make({ name: 'CN=x', issuer: middle });
    expect(code(() => through(middle).admit(member.pem))).toMatch(/MSP_CONFIG|CERT_UNTRUSTED/);
  });

  test('is not longer than an authority on it allows', async () => {
    const narrow = await make({ name: 'O=a, CN=narrow', issuer: root, isCa: true, pathLength: 0 });
    const below = await make({ name: 'O=a, CN=below', issuer: narrow, isCa: true });
    member = await make({ name: 'CN=x', issuer: below });
    expect(code(() => through(narrow, below))).toBe('CERT_UNTRUSTED');
    member = await make({ name: 'CN=x', issuer: narrow });
    expect(code(() => through(narrow).admit(member.pem))).toBe('admitted');
  });

  test('is refused when there is another one as well', async () => {
    const [first, second] = await Promise.all([
      make({ name: 'O=a, CN=m', issuer: root, isCa: true }),
      make({ name: 'O=b, CN=r2' }),
    ]);
    const crossed = await make({ name: first.name, issuer: second, keys: first.keys, isCa: true });
    member = await make({ name: 'CN=x', issuer: first });
    const organisation = (): Msp =>
      build((config) => {
        config.setRootCertsList(pem(root, second));
        config.setIntermediateCertsList(pem(first, crossed));
        config.clearFabricNodeOus();
        config.setAdminsList(pem(member));
      });
    expect(code(organisation)).toBe('CERT_UNTRUSTED');
  });
});

describe('revocation lists', () => {
  test('a listed certificate is revoked, the others are not', async () => {
    const [lost, kept] = await Promise.all([client(), client()]);
    const list = await revoke(root, [lost]);
    const organisation = build((config) => {
      config.addRevocationList(list);
    });
    expect(code(() => organisation.admit(lost.pem))).toBe('CERT_REVOKED');
    expect(code(() => organisation.admit(kept.pem))).toBe('admitted');
  });

  test('a list that the issuer did not sign, or that another authority signed, revokes nobody', async () => {
    const holder = await client();
    const [forged, foreign, misnamed] = await Promise.all([
      revoke(root, [holder], stranger),
      revoke(stranger, [holder]),
      revoke(stranger, [holder], root),
    ]);
    const organisation = build((config) => {
      config.setRevocationListList([forged, foreign, misnamed]);
    });
    expect(code(() => organisation.admit(holder.pem))).toBe('admitted');
  });

  test('an empty list and rubbish', async () => {
    const empty = await revoke(root, []);
    const holder = await client();
    expect(code(() => build((config) => config.addRevocationList(empty)).admit(holder.pem))).toBe('admitted');
    expect(code(() => build((config) => config.addRevocationList(Buffer.from('rubbish'))))).toBe('MSP_CONFIG');
  });
});

describe('configurations', () => {
  test.each<[string, (config: msp.FabricMSPConfig) => void, string]>([
    [
      'no root',
      (config) => {
        config.clearRootCertsList();
        config.clearFabricNodeOus();
      },
      'MSP_CONFIG',
    ],
    [
      'no way to be an administrator',
      (config) => {
        config.clearFabricNodeOus();
      },
      'MSP_CONFIG',
    ],
    [
      'another hash',
      (config) => {
        config.getCryptoConfig()?.setSignatureHashFamily('SHA3');
      },
      'MSP_CONFIG',
    ],
    [
      'no hash: the usual ones',
      (config) => {
        config.clearCryptoConfig();
      },
      'admitted',
    ],
    [
      'a root that is no certificate',
      (config) => {
        config.addRootCerts(Buffer.from('x'));
      },
      'CERT_MALFORMED',
    ],
    [
      'a unit of another authority',
      (config) => {
        config.getFabricNodeOus()?.getPeerOuIdentifier()?.setCertificate(Buffer.from(stranger.pem));
      },
      'MSP_CONFIG',
    ],
  ])('with %s', (_, change, verdict) => {
    expect(code(() => build(change))).toBe(verdict);
  });

  test('a listed administrator is a client or admin, never a node', async () => {
    const [peer, user] = await Promise.all([make({ name: 'OU=peer, CN=p', issuer: root }), client()]);
    expect(code(() => build((config) => config.addAdmins(Buffer.from(peer.pem))))).toBe('MSP_CONFIG');
    const organisation = build((config) => config.addAdmins(Buffer.from(user.pem)));
    expect(organisation.admit(user.pem)).toMatchObject({ role: 'client', isListedAdmin: true });
  });

  test('a certificate in high-S form is the same identity as in low-S form', async () => {
    const ids = new Set<string>();
    const holder = await client();
    const der = Buffer.from(holder.certificate.rawData);
    for (const form of [der, mirrored(der)]) {
      const text = `-----BEGIN CERTIFICATE-----\n${form.toString('base64')}\n-----END CERTIFICATE-----\n`;
      ids.add(build().admit(text).certificateId);
    }
    expect(ids.size).toBe(1);
  });
});

/** The other of the two valid signatures: s becomes n - s. */
function mirrored(der: Buffer): Buffer {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const outer = new DerReader(der).open(DerTag.sequence);
  const [tbs, algorithm] = [outer.next().whole, outer.next().whole];
  const numbers = new DerReader(outer.next().content.subarray(1)).open(DerTag.sequence);
  const [r, s] = [derUnsigned(numbers.next().content), derUnsigned(numbers.next().content)];
  const signature = encodeDer(DerTag.sequence, encodeDerUnsigned(r), encodeDerUnsigned(order - s));
  return encodeDer(DerTag.sequence, tbs, algorithm, encodeDer(DerTag.bitString, Buffer.of(0), signature));
}
