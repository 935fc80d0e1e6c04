import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { run } from '../../cli/run.js';
import { readGateways } from '../../cli/gateways.js';
import { dataFolder } from '../../cli/data-folder.js';
import { CertificateAuthority } from '../../network/ca/certificate-authority.js';
import { TestNetwork } from '../support/network/test-network.js';

interface Finding {
  readonly check: string;
  readonly of: string;
  readonly health: string;
}

let network: TestNetwork;
let folder: string;

beforeAll(async () => {
  network = await TestNetwork.start({ gateways: true });
  folder = mkdtempSync(join(network.folder.root, 'existing-'));
});
afterAll(() => network.close());

/** Runs a command. @returns its exit code and the JSON value that it wrote. */
async function yinzheng(...argv: string[]): Promise<{ exit: number; json: unknown }> {
  let out = '';
  const out_ = (text: string) => {
    out += text;
  };
  const exit = await run([...argv, '--json'], { out: out_, err: out_, interactive: false } as Parameters<
    typeof run
  >[1] &
    object);
  return { exit, json: JSON.parse(out) as unknown };
}

const material = () => join(network.folder.crypto, 'peerOrganizations', 'zhejiang.example');
const profile = () => join(material(), 'connection-zhejiang.json');
const existing = (msp: string, profileFile = profile(), channel = network.channel) => [
  ...['--profile', profileFile, '--msp', msp, '--channel', channel],
];

async function findings(
  ...argv: string[]
): Promise<{ exit: number; found: (check: string, of?: string) => string | undefined }> {
  const { exit, json } = await yinzheng('doctor', ...argv);
  const all = (json as { gateways: { findings: Finding[] }[] }).gateways.flatMap((each) => each.findings);
  return {
    exit,
    found: (check, of) => all.find((each) => each.check === check && (of === undefined || each.of === of))?.health,
  };
}

test('a gateway from a connection profile and an MSP folder serves a channel that it did not start', async () => {
  const data = join(folder, 'gateway');
  const msp = join(material(), 'users');
  const started = await yinzheng('gateway', ...existing(msp), '--listen', '127.0.0.1:0', '--detach', '--data', data);
  try {
    expect(started.exit).toBe(0);
    const [gateway] = readGateways(dataFolder(data)) ?? [];
    expect(gateway?.mspId).toBe('ZhejiangMSP');
    const file = join(folder, 'file.txt');
    writeFileSync(file, `a file of ${folder}`);
    const submitted = await yinzheng('submit', file, '--as', 'notary@zhejiang', '--data', data);
    expect(submitted.exit).toBe(0);
    expect((await yinzheng('verify', file, '--data', data)).exit).toBe(0);
  } finally {
    await yinzheng('down', '--data', data);
  }
});

test('the doctor finds nothing broken at the gateways of a data folder, nor with one MSP folder', async () => {
  const own = await findings('--data', network.folder.root);
  expect(own.exit).toBe(0);
  for (const check of [
    'profile',
    'key',
    'chain',
    'expiry',
    'peer',
    'msp',
    'clock',
    'definition',
    'contract',
    'index',
  ]) {
    expect([check, own.found(check)]).toEqual([check, 'ok']);
  }
  const one = await findings(...existing(join(material(), 'users', 'notary@zhejiang.example', 'msp')));
  expect(one.exit).toBe(0);
  expect(one.found('attributes')).toBe('ok');
  expect(one.found('index')).toBe('warning'); // No gateway runs there yet.
});

describe('the doctor names what is broken, and looks no further than it can see', () => {
  const users = () => join(material(), 'users');
  /** The user's MSP folder, changed by `change`. */
  function changed(name: string, change: (msp: string) => void): string {
    const msp = join(folder, name);
    cpSync(join(users(), 'notary@zhejiang.example', 'msp'), msp, { recursive: true });
    change(msp);
    return msp;
  }
  function changedProfile(name: string, change: (text: string) => string): string {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, change(readFileSync(profile(), 'utf8')));
    return file;
  }

  test("another's key", async () => {
    const other = join(users(), 'officer@zhejiang.example', 'msp', 'keystore');
    const msp = changed('other-key', (to) => {
      cpSync(other, join(to, 'keystore'), { recursive: true });
    });
    const { exit, found } = await findings(...existing(msp));
    expect([exit, found('key'), found('msp')]).toEqual([1, 'broken', 'skipped']);
  });

  test('an authority that is not in the folder', async () => {
    const msp = changed('no-authority', (to) => {
      rmSync(join(to, 'cacerts'), { recursive: true });
    });
    const { exit, found } = await findings(...existing(msp));
    expect([exit, found('chain'), found('msp')]).toEqual([1, 'broken', 'ok']);
  });

  test('a certificate that has ended, of an authority that the channel does not know', async () => {
    const longAgoMs = Date.now() - 11 * 365 * 86_400_000;
    const authority = await CertificateAuthority.create('ca.zhejiang.example', 'zhejiang.example', longAgoMs);
    const { certificatePem, privateKeyPem } = await authority.issue({ commonName: 'ended', unit: 'client' }, longAgoMs);
    const msp = join(folder, 'ended');
    const files = { signcerts: certificatePem, keystore: privateKeyPem, cacerts: authority.material.certificatePem };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(msp, name), { recursive: true });
      writeFileSync(join(msp, name, 'file.pem'), text);
    }
    const { exit, found } = await findings(...existing(msp));
    expect([exit, found('chain'), found('expiry'), found('attributes'), found('msp')]).toEqual([
      ...[1, 'ok', 'broken', 'warning', 'broken'],
    ]);
  });

  test('a host name that the peer does not have, another TLS authority, a port where nobody listens', async () => {
    const msp = join(users(), 'notary@zhejiang.example', 'msp');
    const name = 'peer0.zhejiang.example';
    const wrongName = changedProfile('name', (text) =>
      text.replaceAll(`override": "${name}"`, 'override": "peer9.example"'),
    );
    expect((await findings(...existing(msp, wrongName))).found('peer', name)).toBe('broken');
    const strange = await CertificateAuthority.create('tlsca.zhejiang.example', 'zhejiang.example', Date.now());
    const pem = JSON.stringify(strange.material.certificatePem);
    const wrongRoot = changedProfile('root', (text) => text.replaceAll(/"pem": "[^"]*"/g, `"pem": ${pem}`));
    expect((await findings(...existing(msp, wrongRoot))).found('peer', name)).toBe('broken');
    const nobody = changedProfile('port', (text) =>
      text.replaceAll(/grpcs:\/\/127\.0\.0\.1:\d+/g, 'grpcs://127.0.0.1:1'),
    );
    const { exit, found } = await findings(...existing(msp, nobody));
    expect([exit, found('peer', name), found('msp')]).toEqual([1, 'broken', 'skipped']);
  });

  test('a channel that the peer has not, a chaincode that the channel has not, a profile without the organisation', async () => {
    const msp = join(users(), 'notary@zhejiang.example', 'msp');
    expect((await findings(...existing(msp, profile(), 'nowhere'))).found('msp')).toBe('broken');
    const { exit, found } = await findings(...existing(msp), '--chaincode', 'absent');
    expect([exit, found('definition', 'absent'), found('contract', 'absent')]).toEqual([1, 'broken', 'broken']);
    expect((await yinzheng('doctor', ...existing(msp), '--msp-id', 'NobodyMSP')).exit).toBe(64);
    expect((await yinzheng('doctor', '--profile', profile())).exit).toBe(64);
  });
});
