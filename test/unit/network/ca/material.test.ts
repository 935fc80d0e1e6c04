import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { ensureMaterial, readMspMaterial } from '../../../../network/ca/material.js';
import { encodeMspConfig } from '../../../../network/embedded/config/msp-config.js';
import { MspRegistry } from '../../../../network/embedded/msp/registry.js';
import { type NetworkPlan } from '../../../../network/plan/plan.js';
import { parseTopology } from '../../../../network/plan/topology.js';
import { planIn, smallPlan, topologyText } from './consortium.js';

function ensureAll(plan: NetworkPlan, atMs: number): ReturnType<typeof ensureMaterial> {
  return ensureMaterial({ ...plan, orderingOrganisations: [plan.orderer] }, atMs);
}

const nowMs = Date.parse('2026-11-22T12:00:00Z');
/** Two peers, the orderer, one user each and three administrators. */
const membersCount = 8;
let folder = '';
let plan: NetworkPlan;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'material-'));
  plan = smallPlan(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Every file's text by its path below the crypto folder. */
function snapshot(): Record<string, string> {
  const names = readdirSync(plan.cryptoFolder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [relative(plan.cryptoFolder, file), readFileSync(file, 'utf8')]));
}

/** Folders of members, or organisation-wide ones, whose files differ. */
function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  const paths = Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
  const owner = (path: string): string => {
    const parts = path.split(sep);
    return parts[2] === 'users' || parts[2] === 'peers' || parts[2] === 'orderers'
      ? (parts[3] ?? '')
      : parts.slice(1).join('/');
  };
  return [...new Set(paths.map(owner))];
}

function fileOf(id: string, name: 'certificateFile' | 'privateKeyFile', kind: 'msp' | 'tls' = 'msp'): string {
  const members = [...plan.organisations, plan.orderer].flatMap(({ nodes, users }) => [...nodes, ...users]);
  return members.find((member) => member.id === id)?.[kind][name] ?? '';
}

test('a first start makes what cryptogen makes, in its places', async () => {
  expect(await ensureAll(plan, nowMs)).toEqual({ issued: membersCount, kept: 0 });
  const paths = Object.keys(snapshot());
  const member = (top: string, id: string, domain: string, end: string) => [
    `${top}/${id}/msp/cacerts/ca.${domain}-cert.pem`,
    `${top}/${id}/msp/config.yaml`,
    `${top}/${id}/msp/keystore/priv_sk`,
    `${top}/${id}/msp/signcerts/${id}-cert.pem`,
    `${top}/${id}/msp/tlscacerts/tlsca.${domain}-cert.pem`,
    `${top}/${id}/tls/ca.crt`,
    `${top}/${id}/tls/${end}.crt`,
    `${top}/${id}/tls/${end}.key`,
  ];
  const organisation = (top: string, domain: string) => [
    `${top}/ca/ca.${domain}-cert.pem`,
    `${top}/ca/priv_sk`,
    `${top}/msp/cacerts/ca.${domain}-cert.pem`,
    `${top}/msp/config.yaml`,
    `${top}/msp/tlscacerts/tlsca.${domain}-cert.pem`,
    `${top}/tlsca/priv_sk`,
    `${top}/tlsca/tlsca.${domain}-cert.pem`,
    ...member(`${top}/users`, `Admin@${domain}`, domain, 'client'),
  ];
  const expected = [
    ...['ca.crt', 'clients-ca.crt', 'server.crt', 'server.key'].map((name) => `chaincodes/basic/${name}`),
    ...['a', 'b'].flatMap((name) => [
      ...['ca.crt', 'server.crt', 'server.key'].map((file) => `authorities/${name}.example/${file}`),
      ...organisation(`peerOrganizations/${name}.example`, `${name}.example`),
      ...member(`peerOrganizations/${name}.example/peers`, `peer0.${name}.example`, `${name}.example`, 'server'),
      ...member(`peerOrganizations/${name}.example/users`, `officer@${name}.example`, `${name}.example`, 'client'),
      `peerOrganizations/${name}.example/connection-${name}.json`,
    ]),
    ...organisation('ordererOrganizations/orderer.example', 'orderer.example'),
    ...member('ordererOrganizations/orderer.example/orderers', 'orderer0.orderer.example', 'orderer.example', 'server'),
  ];
  expect(paths.map((path) => path.split(sep).join('/')).toSorted()).toEqual(expected.toSorted());
});

test('keys are readable by their owner only, and so is every folder', async () => {
  await ensureAll(plan, nowMs);
  for (const entry of readdirSync(plan.cryptoFolder, { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    if (entry.isDirectory()) expect([entry.name, mode]).toEqual([entry.name, 0o700]);
    else if (/^priv_sk$|\.key$/.test(entry.name)) expect([entry.name, mode]).toEqual([entry.name, 0o600]);
  }
});

test('every member is admitted in its role by what the channel will publish', async () => {
  await ensureAll(plan, nowMs);
  const organisations = [...plan.organisations, plan.orderer];
  const registry = MspRegistry.fromConfigs(organisations.map((each) => encodeMspConfig(readMspMaterial(each))));
  const roles = organisations.flatMap(({ mspId, nodes, users }) =>
    [...nodes, ...users].map(({ msp, role }) => {
      expect(registry.msp(mspId).admit(readFileSync(msp.certificateFile)).role).toBe(role);
      return role;
    }),
  );
  expect(roles.toSorted()).toEqual(['admin', 'admin', 'admin', 'client', 'client', 'orderer', 'peer', 'peer']);
});

describe('a later start', () => {
  const pristine = mkdtempSync(join(tmpdir(), 'material-'));
  let before: Record<string, string>;
  beforeAll(() => ensureAll(smallPlan(pristine), nowMs));
  afterAll(() => {
    rmSync(pristine, { recursive: true });
  });
  beforeEach(() => {
    cpSync(pristine, folder, { recursive: true });
    before = snapshot();
  });

  test('changes nothing when everything is there', async () => {
    expect(await ensureAll(plan, nowMs + 1000)).toEqual({ issued: 0, kept: membersCount });
    expect(snapshot()).toEqual(before);
  });

  test.each([
    [
      'a lost key',
      () => {
        rmSync(fileOf('officer@a.example', 'privateKeyFile'));
      },
    ],
    [
      'a lost TLS certificate',
      () => {
        rmSync(fileOf('officer@a.example', 'certificateFile', 'tls'));
      },
    ],
    [
      'an empty certificate',
      () => {
        writeFileSync(fileOf('officer@a.example', 'certificateFile'), '');
      },
    ],
    [
      'a key cut short',
      () => {
        writeFileSync(fileOf('officer@a.example', 'privateKeyFile'), '-----BEGIN');
      },
    ],
    [
      "another authority's certificate beside its own",
      () => {
        const copy = join(plan.cryptoFolder, 'peerOrganizations/a.example/users/officer@a.example/tls/ca.crt');
        writeFileSync(copy, readMspMaterial(plan.orderer).tlsCaPem);
      },
    ],
    [
      'a certificate and key that another authority issued',
      () => {
        for (const name of ['certificateFile', 'privateKeyFile'] as const) {
          writeFileSync(fileOf('officer@a.example', name), readFileSync(fileOf('officer@b.example', name)));
        }
      },
    ],
    [
      'the key of someone else',
      () => {
        const other = readFileSync(fileOf('peer0.a.example', 'privateKeyFile'));
        writeFileSync(fileOf('officer@a.example', 'privateKeyFile'), other);
      },
    ],
  ])('issues to one member alone after %s', async (_, damage) => {
    damage();
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 1, kept: membersCount - 1 });
    expect(changed(before, snapshot())).toEqual(['officer@a.example']);
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 0, kept: membersCount });
  });

  test('issues again to a member whose attributes changed, and to one that is new', async () => {
    const text = topologyText(['a', 'b'], ['officer', 'helper']).replace('yz.role: officer', 'yz.role: another');
    plan = planIn(plan.folder, parseTopology(text));
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 3, kept: membersCount - 1 });
    const now = changed(before, snapshot());
    expect(now.toSorted()).toEqual(['helper@a.example', 'helper@b.example', 'officer@a.example']);
  });

  test('makes everything of an organisation again when its authority was removed, and nothing of others', async () => {
    rmSync(join(plan.cryptoFolder, 'peerOrganizations/a.example/ca'), { recursive: true });
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 3, kept: membersCount - 3 });
    expect(changed(before, snapshot()).filter((name) => name.includes('b.example'))).toEqual([]);
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 0, kept: membersCount });
  });

  test('refuses to replace an authority that is damaged', async () => {
    writeFileSync(join(plan.cryptoFolder, 'peerOrganizations/a.example/ca/priv_sk'), 'rubbish');
    await expect(ensureAll(plan, nowMs)).rejects.toThrow(/^AUTHORITY_BROKEN/);
  });

  test('makes no new authority once the channel exists, whose configuration names the old one', async () => {
    mkdirSync(dirname(plan.genesisFile), { recursive: true });
    writeFileSync(plan.genesisFile, 'block 0');
    rmSync(join(plan.cryptoFolder, 'peerOrganizations/a.example/ca'), { recursive: true });
    await expect(ensureAll(plan, nowMs)).rejects.toThrow(/^AUTHORITY_BROKEN/);
  });

  test('clears what an interrupted start left behind', async () => {
    const scratch = join(plan.cryptoFolder, '.unfinished', 'half');
    mkdirSync(scratch, { recursive: true });
    writeFileSync(join(scratch, 'priv_sk'), 'half');
    rmSync(join(plan.cryptoFolder, 'peerOrganizations/a.example/users'), { recursive: true });
    expect(await ensureAll(plan, nowMs)).toEqual({ issued: 2, kept: membersCount - 2 });
    expect(Object.keys(snapshot()).filter((path) => path.includes('.unfinished'))).toEqual([]);
  });

  test('keeps a connection profile in step with its ports', async () => {
    const [first] = plan.organisations;
    const profile = JSON.parse(readFileSync(first?.connectionProfileFile ?? '', 'utf8')) as object;
    expect(profile).toMatchObject({
      organizations: { a: { mspid: 'A', peers: ['peer0.a.example'] } },
      peers: {
        'peer0.a.example': {
          url: 'grpcs://127.0.0.1:20001',
          tlsCACerts: { pem: readFileSync(first?.tlsCa.certificateFile ?? '', 'utf8') },
          grpcOptions: { 'ssl-target-name-override': 'peer0.a.example' },
        },
      },
    });
    const authorities = (profile as { certificateAuthorities: Record<string, object> }).certificateAuthorities;
    expect(authorities['ca.a.example']).toMatchObject({
      url: `https://${String(plan.authorities[0]?.address)}`,
      caName: 'ca.a.example',
    });
    const moved = first?.nodes.map((node) => ({ ...node, address: '127.0.0.1:9' })) ?? [];
    const organisations = plan.organisations.map((each) => (each === first ? { ...each, nodes: moved } : each));
    await ensureAll({ ...plan, organisations }, nowMs);
    // Every organisation's profile names the others' peers too.
    expect(changed(before, snapshot())).toEqual(['a.example/connection-a.json', 'b.example/connection-b.json']);
    expect(readFileSync(first?.connectionProfileFile ?? '', 'utf8')).toContain('grpcs://127.0.0.1:9"');
  });
});
