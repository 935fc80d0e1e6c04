import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Terminal } from '../../../cli/output.js';
import { run } from '../../../cli/run.js';
import { COLUMNS, displayWidth } from '../../../cli/text.js';
import { packageRoot } from '../../../network/manager/package-root.js';
import { spawnTypescript } from '../../support/typescript-process.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  file = join(folder, 'file.txt');
  writeFileSync(file, 'abc');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function yinzheng(...argv: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => (out += text),
    bytes: (bytes) => (out += Buffer.from(bytes).toString('latin1')),
    err: (text) => (err += text),
    interactive: false,
  };
  return { exit: await run(argv, terminal), out, err };
}

const verbs = [
  'up',
  'down',
  'status',
  'submit',
  'verify',
  'audit',
  'token',
  'object',
  'decide',
  'handover',
  'answer',
  'receipt',
  'explain',
  'trust-root',
];

test.each([[], ...verbs.map((verb) => [verb])])('help of "%s" fits 80 columns and exits 0', async (...verb) => {
  const { exit, out, err } = await yinzheng(...verb, '--help');
  expect(exit).toBe(0);
  expect(err).toBe('');
  const wide = out.split('\n').filter((line) => displayWidth(line) > COLUMNS);
  expect(wide).toEqual([]);
  for (const name of verb) expect(out).toContain(`${name} [options]`);
});

test('help and status say what the embedded network does not prove', async () => {
  for (const argv of [['--help'], ['up', '--help'], ['status', '--data', folder]]) {
    const { out } = await yinzheng(...argv);
    expect(out.replace(/\s+/g, ' ')).toContain('proves nothing about trust between organisations');
    expect(out.replace(/\s+/g, '')).toContain('不证明机构之间的任何信任');
  }
});

test.each([
  ['no verb', []],
  ['an unknown verb', ['fly']],
  ['an unknown option', ['status', '--fly']],
  ['a missing argument', ['verify']],
  ['a file that is not there', ['verify', 'no-such-file']],
  ['neither record nor organisation to audit', ['audit']],
  ['both record and organisation to audit', ['audit', `EV${'0'.repeat(32)}`, '--org', 'AMSP']],
  ['a statement that is no pair', ['submit', 'x', '--statement', 'source']],
  ['a limit out of range', ['audit', '--org', 'AMSP', '--limit', '0']],
  ['a filter on one record', ['audit', `EV${'0'.repeat(32)}`, '--kind', 'evidence.registered']],
  ['a time in the future', ['submit', 'x', '--claimed', '2999-01-01T00:00:00Z']],
  ['an empty case number', ['submit', 'x', '--case', ' ']],
  ['a statement twice', ['submit', 'x', '--statement', 'source=self-made', '--statement', 'source=party']],
])('%s is misuse: exit 64, and nothing on standard output', async (_what, argv) => {
  const { exit, out, err } = await yinzheng(...argv);
  expect({ exit, out }).toEqual({ exit: 64, out: '' });
  expect(err).toMatch(/^yinzheng: (USAGE|FILE_UNREADABLE)\n/);
  expect(err).toMatch(
    /命令用法不对\n {2}the command line was not understood|文件无法读取\n {2}the file cannot be read/,
  );
});

test('--version prints the version of the package, and nothing else', async () => {
  const { exit, out } = await yinzheng('--version');
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  expect({ exit, out }).toEqual({ exit: 0, out: `${version}\n` });
});

test('whoever stops reading ends the reading, and not the command', async () => {
  const child = spawnTypescript('cli/main.ts', ['--version']);
  child.stdout.destroy(); // As `| head` does, long before the first line.
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [exit] = (await once(child, 'close')) as [number | null];
  expect([exit, said]).toEqual([0, '']);
}, 30_000);

test('a file name cannot play with the terminal', async () => {
  const name = join(folder, 'a\u001b[2J\u202e.txt');
  const { err } = await yinzheng('verify', name);
  expect(err).toContain('a\\x1b[2J\\u202e.txt');
  writeFileSync(name, 'abc');
  const { out } = await yinzheng('verify', name, '--data', folder);
  expect(out).toContain('a\\x1b[2J\\u202e.txt');
  expect(`${err}${out}`).not.toMatch(/[\u001b\u202e]/);
});

test('stopping in a folder that is not there is misuse, and makes none', async () => {
  const typo = join(folder, 'typo');
  const { exit, out } = await yinzheng('down', '--data', typo);
  expect({ exit, there: existsSync(typo) }).toEqual({ exit: 64, there: false });
  expect(out).toContain(typo);
});

test('what is down says how to start it, and what cannot be asked what to do', async () => {
  expect((await yinzheng('status', '--data', folder)).out).toContain(`yinzheng up --detach --data ${folder}`);
  const { err } = await yinzheng('submit', file, '--data', folder);
  expect(err).toMatch(/网络未运行/);
  expect(err.replace(/\s+/g, ' ')).toContain('start it with yinzheng up --detach');
});

test.each([
  ['an algorithm that is not recorded', ['verify', 'FILE', '--alg', 'md5'], 'ALGORITHM_REFUSED'],
  ['an id of another shape', ['verify', 'FILE', '--id', 'EV1'], 'ID_MALFORMED'],
  ['a kind that does not exist', ['submit', 'FILE', '--kind', 'gossip'], 'REQUEST_MALFORMED'],
  ['a word that no statement has', ['submit', 'FILE', '--statement', 'source=gossip'], 'REQUEST_MALFORMED'],
  ['a kind that no audit lists', ['audit', '--org', 'AMSP', '--kind', 'gossip'], 'REQUEST_MALFORMED'],
  ['a day that does not exist', ['audit', '--org', 'AMSP', '--from', '2026-02-30'], 'REQUEST_MALFORMED'],
  [
    'a period that ends before it begins',
    ['audit', '--org', 'A', '--from', '2026-03-02', '--to', '2026-03-01'],
    'REQUEST_MALFORMED',
  ],
  ['a time that does not exist', ['submit', 'FILE', '--claimed', 'yesterday'], 'REQUEST_MALFORMED'],
])('%s is refused by the domain before anything is sent: exit 64', async (_what, argv, code) => {
  const { exit, err } = await yinzheng(
    ...argv.map((each) => (each === 'FILE' ? file : each)),
    '--data',
    folder,
    '--json',
  );
  expect(exit).toBe(64);
  expect(JSON.parse(err)).toMatchObject({ error: { code } });
});

test('with --json an error is one JSON line on standard error', async () => {
  const { exit, out, err } = await yinzheng('fly', '--json');
  expect({ exit, out }).toEqual({ exit: 64, out: '' });
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'USAGE', wanted: "unknown command 'fly'" } });
});

test('where no network runs a file is unverifiable now, never "not found": exit 2', async () => {
  const { exit, out } = await yinzheng('verify', file, '--data', folder, '--json');
  expect(exit).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ verdict: 'UNVERIFIABLE_NOW', records: [], file });
});

test('where no network runs nothing can be submitted or audited: exit 2', async () => {
  for (const argv of [
    ['submit', file],
    ['audit', `EV${'0'.repeat(32)}`],
  ]) {
    const { exit, err } = await yinzheng(...argv, '--data', folder, '--json');
    expect(exit).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'NETWORK_DOWN' } });
  }
});

test('the status of an empty folder is down: exit 1', async () => {
  const { exit, out } = await yinzheng('status', '--data', folder, '--json');
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ state: 'down', gateways: [], dataDir: folder });
});

test('stopping what does not run is no error', async () => {
  const { exit, out } = await yinzheng('down', '--data', folder, '--json');
  expect({ exit, answer: JSON.parse(out) as unknown }).toEqual({ exit: 0, answer: { stopped: false } });
});

test('a topology that describes no network is misuse, and says where it is wrong', async () => {
  const topology = join(folder, 'bad.yaml');
  writeFileSync(topology, 'organisations: []\n');
  const { exit, err } = await yinzheng('up', '--data', folder, '--topology', topology, '--json');
  expect(exit).toBe(64);
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'TOPOLOGY_INVALID' } });
});
