import { msp } from '@hyperledger/fabric-protos';
import { generateKeyPairSync, sign } from 'node:crypto';
import { CertificateAuthority } from '../../../../network/ca/certificate-authority.js';
import { encodeMspConfig } from '../../../../network/embedded/config/msp-config.js';
import { BoundedMap } from '../../../../network/embedded/msp/bounded-map.js';
import { readPrincipal, satisfies } from '../../../../network/embedded/msp/principal.js';
import { MspRegistry } from '../../../../network/embedded/msp/registry.js';
import { createSigner, type Signer } from '../../../../network/embedded/msp/signer.js';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const message = Buffer.from('statement');
let configs: Uint8Array[];
let signers: Signer[];
let registry: MspRegistry;

beforeAll(async () => {
  const [a, b] = await Promise.all(['a', 'b'].map((name) => CertificateAuthority.create(`ca.${name}`, name, nowMs)));
  if (a === undefined || b === undefined) throw new Error('no authorities');
  const config = (mspId: string, caPem: string) => encodeMspConfig({ mspId, caPem, tlsCaPem: caPem });
  configs = [config('A', a.material.certificatePem), config('B', b.material.certificatePem)];
  registry = MspRegistry.fromConfigs(configs);
  signers = await Promise.all(
    (
      [
        ['A', a],
        ['A', a],
        ['B', b],
      ] as const
    ).map(async ([mspId, authority]) =>
      createSigner({ mspId, ...(await authority.issue({ commonName: 'x', unit: 'peer' }, nowMs)) }),
    ),
  );
});

const statement = (signer: Signer | undefined, signature = signer?.sign(message)) => ({
  identity: signer?.identityBytes ?? new Uint8Array(0),
  message,
  signature: signature ?? new Uint8Array(0),
});

describe('the organisations of a channel', () => {
  test('an identity is admitted once and then remembered by its bytes', () => {
    const bytes = signers[0]?.identityBytes ?? new Uint8Array(0);
    expect(registry.deserialize(Uint8Array.from(bytes))).toBe(registry.deserialize(bytes));
  });

  test('bytes that change after they were admitted do not change the identity', () => {
    const bytes = Uint8Array.from(signers[1]?.identityBytes ?? []);
    const identity = registry.deserialize(bytes);
    bytes.fill(0);
    expect(identity.bytes[0]).not.toBe(0);
  });

  test('valid signers are found once each, in order; forged, foreign and repeated statements do not count', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = statement(signers[1], sign('sha256', message, privateKey));
    const [first, second, third] = signers;
    const found = registry.validSigners([
      statement(third),
      forged,
      statement(first),
      statement(third),
      statement(undefined),
    ]);
    expect(found.map(({ mspId }) => mspId)).toEqual(['B', 'A']);
    // A bad statement does not shut its identity out: a later good one counts.
    expect(registry.validSigners([forged, statement(second)])).toHaveLength(1);
  });

  test('one organisation may stand twice with equal bytes, never with others', () => {
    const [a, b] = configs;
    if (a === undefined || b === undefined) throw new Error('no configurations');
    expect(MspRegistry.fromConfigs([a, b, a]).mspIds).toEqual(['A', 'B']);
    const impostor = msp.MSPConfig.deserializeBinary(b);
    const inner = msp.FabricMSPConfig.deserializeBinary(impostor.getConfig_asU8());
    inner.setName('A');
    impostor.setConfig(inner.serializeBinary());
    expect(() => MspRegistry.fromConfigs([a, impostor.serializeBinary()])).toThrow(/^MSP_CONFIG.*twice/);
  });

  test('only X.509 organisations are understood', () => {
    const idemix = new msp.MSPConfig();
    idemix.setType(1);
    expect(() => MspRegistry.fromConfigs([idemix.serializeBinary()])).toThrow(/^MSP_CONFIG/);
    expect(() => MspRegistry.fromConfigs([Buffer.from('ff', 'hex')])).toThrow(/^MSP_CONFIG/);
  });
});

describe('principals other than roles', () => {
  const principal = (classification: number, bytes: Uint8Array) => {
    const wire = new msp.MSPPrincipal();
    wire.setPrincipalClassification(classification as msp.MSPPrincipal.ClassificationMap['ROLE']);
    wire.setPrincipal(bytes);
    return wire;
  };
  const { IDENTITY, ORGANIZATION_UNIT, COMBINED, ANONYMITY } = msp.MSPPrincipal.Classification;

  test('one certificate satisfies its own identity principal and no other does', () => {
    const [first, second] = signers.map((signer) => registry.deserialize(signer.identityBytes));
    if (first === undefined || second === undefined) throw new Error('no identities');
    const wanted = readPrincipal(principal(IDENTITY, first.bytes));
    expect([first, second].map((subject) => satisfies(subject, wanted))).toEqual([true, false]);
  });

  test('a unit counts only with the authorities that vouch for it', () => {
    const [identity] = signers.map((signer) => registry.deserialize(signer.identityBytes));
    if (identity === undefined) throw new Error('no identity');
    const unit = new msp.OrganizationUnit();
    unit.setMspIdentifier('A');
    unit.setOrganizationalUnitIdentifier('peer');
    unit.setCertifiersIdentifier(Buffer.from(identity.certifiersId, 'hex'));
    expect(satisfies(identity, readPrincipal(principal(ORGANIZATION_UNIT, unit.serializeBinary())))).toBe(true);
    const combined = new msp.CombinedPrincipal();
    combined.setPrincipalsList([
      principal(IDENTITY, identity.bytes),
      principal(ORGANIZATION_UNIT, unit.serializeBinary()),
    ]);
    expect(satisfies(identity, readPrincipal(principal(COMBINED, combined.serializeBinary())))).toBe(true);
    unit.setCertifiersIdentifier(Buffer.alloc(32));
    expect(satisfies(identity, readPrincipal(principal(ORGANIZATION_UNIT, unit.serializeBinary())))).toBe(false);
  });

  test('what is unknown, empty or unreadable is satisfied by nobody', () => {
    const identity = registry.deserialize(signers[0]?.identityBytes ?? new Uint8Array(0));
    for (const wire of [
      principal(ANONYMITY, new Uint8Array(0)),
      principal(COMBINED, new Uint8Array(0)),
      principal(IDENTITY, Buffer.from('rubbish')),
      principal(99, new Uint8Array(0)),
    ]) {
      expect(satisfies(identity, readPrincipal(wire))).toBe(false);
    }
  });
});

describe('a bounded map', () => {
  test('forgets what was not used for long, and keeps what was', () => {
    const map = new BoundedMap<string, number>(4);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      map.set(key, value);
    expect(map.get('a')).toBe(1); // Used: it moves to the young generation.
    map.set('d', 4);
    expect([map.get('b'), map.get('d'), map.get('a'), map.get('c')]).toEqual([undefined, 4, 1, 3]);
  });

  test('never holds more than its bound', () => {
    const map = new BoundedMap<number, number>(100);
    for (let key = 0; key < 1_000; key += 1) map.set(key, key);
    const held = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => map.get(key) !== undefined);
    expect(held.length).toBeLessThanOrEqual(100);
    expect(held).toContain(999);
  });
});
