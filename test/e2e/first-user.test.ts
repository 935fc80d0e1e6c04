import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ONE_MACHINE_NOTICE } from '../../domain/wording.js';
import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { expectFifthToBecomeMember } from '../support/network/fifth-member.js';
import { pollFor } from '../../network/manager/poll.js';
import { TestNetwork } from '../support/network/test-network.js';

interface Row {
  readonly id: string;
  readonly file: string;
  readonly txId: string;
  readonly requestId?: string;
  readonly alreadyRecorded?: boolean;
}

/** What somebody meets who uses the commands for the first time, and makes the usual mistakes. */
const NOTICED_MS_MAX = 15_000;

describe('the first user', () => {
  let network: TestNetwork;
  let folder: string;

  const data = () => ['--data', network.folder.root];
  const command = (...parameters: readonly string[]) => yinzheng(...parameters, ...data());
  const json = async (...parameters: readonly string[]) => {
    const { exit, stdout, stderr } = await yinzheng(...parameters, ...data(), '--json');
    return { exit, answer: JSON.parse(stdout || stderr) as unknown, stdout, stderr };
  };
  const answer = (...parameters: readonly string[]) => yinzhengJson(...parameters, ...data());
  const fileOf = async (name: string, content = name): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };
  const submit = async (file: string, ...more: readonly string[]): Promise<Row> => {
    const [row] = (await answer('submit', file, ...more)) as [Row];
    return row;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'first-'));
    network = await TestNetwork.start({ gateways: true });
  });
  afterAll(async () => {
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('R11 a record made anew after a court set the first aside does not hide it', async () => {
    const file = await fileOf('annulled.txt');
    const first = await submit(file, '--as', 'clerk@chongqing');
    const ground = ['--ground', 'source-disputed', '--as', 'officer@beijing'];
    const objection = (await answer('object', first.id, ...ground)) as { id: string };
    const document = ['--document', file, '--as', 'clerk@zhejiang'];
    await answer('decide', first.id, objection.id, 'upheld', ...document);
    const second = await submit(file, '--as', 'clerk@chongqing', '--again');
    const { exit, answer: told } = await json('verify', file);
    expect([exit, told]).toMatchObject([
      0,
      { verdict: 'MATCH', caveats: [{ verdict: 'MATCH_ANNULLED', ids: [first.id] }] },
    ]);
    const { stdout } = await command('verify', file);
    expect(stdout.split('\n')[0]).toBe(`MATCH + 1×MATCH_ANNULLED  ${file}`);
    expect(stdout.replace(/\s+/g, '')).toContain('但同一文件另有存证：1条经法院裁定异议成立，不再据以认定');
    expect(stdout).toContain(second.id);
  });

  test('the same file twice is one record, and the second time says which', async () => {
    const file = await fileOf('twice.txt');
    const first = await submit(file);
    const again = await json('submit', file);
    expect(again).toMatchObject({ exit: 1, answer: [{ id: first.id, txId: first.txId, alreadyRecorded: true }] });
    expect((await command('submit', file)).stdout).toContain('本单位此前已存证');
    expect(((await answer('verify', file)) as { records: object[] }).records).toHaveLength(1);
    // Another unit's record is another record.
    expect((await submit(file, '--as', 'clerk@zhejiang')).id).not.toBe(first.id);
  });

  test('R24 a file is compared with the record of a transaction, and one that made none is no record', async () => {
    const file = await fileOf('by-transaction.txt');
    const { id, txId } = await submit(file);
    const found = await json('verify', file, '--tx', txId);
    expect(found).toMatchObject({ exit: 0, answer: { verdict: 'MATCH', records: [{ id }] } });
    const other = await fileOf('by-transaction-other.txt');
    expect(await json('verify', other, '--tx', txId)).toMatchObject({ exit: 1, answer: { verdict: 'MISMATCH' } });
    const missing = await json('verify', file, '--tx', 'ab'.repeat(32));
    expect(missing).toMatchObject({ exit: 1, answer: { verdict: 'NOT_FOUND', records: [] } });
    expect((await json('verify', file, '--tx', txId, '--id', id)).exit).toBe(64);
  });

  test('a file that is missing is told before the first one is recorded', async () => {
    const file = await fileOf('lonely.txt');
    const { exit, answer: told } = await json('submit', file, join(folder, 'missing.txt'));
    expect([exit, told]).toMatchObject([64, { error: { code: 'FILE_UNREADABLE' } }]);
    expect((await json('submit', file, folder)).exit).toBe(64);
    expect((await json('verify', file)).answer).toMatchObject({ verdict: 'NOT_FOUND' });
  });

  test.each([
    ['a failure on the way', [], 'recorded'],
    ['a failure where nobody waits', ['--no-wait'], 'accepted'],
  ])('%s is one JSON value with what was done, what failed and what was not tried', async (_, options, done) => {
    const files = await Promise.all(['one.txt', 'two.txt', 'three.txt'].map((name) => fileOf(name)));
    const refused = await json('submit', ...files, ...options, '--as', 'issuer@chongqing', '--case', 'A-1');
    expect(refused).toMatchObject({ exit: 1, stderr: '' });
    const { error, ...rest } = refused.answer as { error: Readonly<Record<string, string>> };
    expect(error).toMatchObject({
      code: 'ROLE_NOT_ALLOWED',
      file: files[0],
      case: { salt: expect.any(String) as string },
    });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(error.requestId).not.toBe(error.httpRequestId);
    expect(rest).toEqual({ [done]: [], notTried: files.slice(1) });
    const told = await command('submit', ...files, ...options, '--as', 'issuer@chongqing');
    expect(told.stdout).toBe('');
    expect(told.stderr).toContain('未处理 not tried');
  });

  test('an act that binds asks who signs', async () => {
    const { id } = await submit(await fileOf('signer.txt'));
    const entry = `OB${'0'.repeat(32)}`;
    for (const parameters of [
      ['object', id, '--ground', 'source-disputed'],
      ['decide', id, entry, 'upheld', '--document', join(folder, 'signer.txt')],
      ['handover', id, '--to', 'ZhejiangMSP:12330200MB2Y00013W', '--purpose', 'notarisation'],
      ['answer', id, `CT${'0'.repeat(32)}`, 'accepted'],
    ]) {
      const { exit, answer: told } = await json(...parameters);
      expect([exit, told]).toMatchObject([
        64,
        {
          error: { code: 'USAGE', option: '--as', wanted: expect.stringContaining('clerk@zhejiang.example') as string },
        },
      ]);
    }
  });

  test('custody is not offered to a unit of another organisation, and an offer says how to take it back', async () => {
    const { id } = await submit(await fileOf('custody.txt'), '--as', 'clerk@chongqing');
    const offer = ['handover', id, '--purpose', 'notarisation', '--as', 'clerk@chongqing', '--to'];
    const wrong = await json(...offer, 'BeijingMSP:12330200MB2Y00013W');
    expect(wrong).toMatchObject({ exit: 64, answer: { error: { option: '--to' } } });
    const { stdout } = await command(...offer, 'ZhejiangMSP:12330200MB2Y00013W');
    const [, transfer = ''] = /yinzheng answer EV\w+ \\\n +(CT\w+) withdrawn/.exec(stdout) ?? [];
    await answer('answer', id, transfer, 'withdrawn', '--as', 'clerk@chongqing');
  });

  test('an audit tells people records, entries, grounds, decisions and units', async () => {
    const { id } = await submit(await fileOf('audited.txt'), '--as', 'clerk@chongqing');
    const ground = ['--ground', 'source-disputed', '--as', 'officer@beijing'];
    const objection = (await answer('object', id, ...ground)) as { id: string };
    await answer(
      'decide',
      id,
      objection.id,
      'rejected',
      '--document',
      join(folder, 'audited.txt'),
      '--as',
      'clerk@zhejiang',
    );
    const offer = ['--to', 'ZhejiangMSP:12330200MB2Y00013W', '--purpose', 'notarisation', '--as', 'clerk@chongqing'];
    await answer('handover', id, ...offer);
    const { stdout } = await command('audit', id);
    for (const part of [
      id,
      objection.id,
      'source-disputed',
      'rejected',
      'ZhejiangMSP:12330200MB2Y00013W',
      'notarisation',
    ]) {
      expect(stdout).toContain(part);
    }
    const day = new Date().toISOString().slice(0, 10);
    const today = (await answer('audit', '--org', 'BeijingMSP', '--from', day, '--to', day)) as { events: object[] };
    expect(today.events.length).toBeGreaterThan(0);
  });

  test('a filter that names nothing is an error and not "no events"', async () => {
    for (const filter of [
      ['--org', 'ChonqingMSP'],
      ['--org', 'ChongqingMSP', '--kind', 'evidence.registred'],
      ['--org', 'ChongqingMSP', '--from', 'yesterday'],
    ]) {
      expect(await json('audit', ...filter)).toMatchObject({
        exit: 64,
        answer: { error: { code: 'REQUEST_MALFORMED' } },
      });
    }
  });

  test('what was recorded and logged is for its owner alone; only certificates are for anybody', () => {
    const open = readdirSync(network.folder.root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.parentPath.startsWith(network.folder.crypto))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077);
    expect(open.filter((path) => !/jwks\.json$/.test(path))).toEqual([]);
  });

  test('a record of the future is refused by the contract too', async () => {
    const clerk = await network.restAs('clerk@chongqing');
    const claimedAt = new Date(Date.now() + 600_000).toISOString();
    const { status, body } = await clerk.post('/v1/evidence', {
      digests: { 'sha-256': '0'.repeat(64) },
      kind: 'document',
      claimedAt,
    });
    expect([status, body.code, body.where]).toEqual([400, 'REQUEST_MALFORMED', 'claimedAt']);
  });

  test('a fifth organisation joins and becomes a member by commands alone', async () => {
    await expectFifthToBecomeMember(network, ONE_MACHINE_NOTICE);
  }, 60_000);

  test('with the network killed, answers say that they may be old, and the commands what to do', async () => {
    await network.kill();
    const isLive = async () => {
      const { status, body } = await network.restAsAnyone().get('/v1/network');
      expect(status).toBe(200);
      return (body.index as { live: boolean }).live;
    };
    // A stream's end takes a moment to arrive.
    expect(await pollFor(NOTICED_MS_MAX, async () => ((await isLive()) ? undefined : false))).toBe(false);
    const { stdout } = await command('status');
    expect(stdout).toContain('yinzheng up --detach --data');
    const refused = await command('submit', await fileOf('late.txt'));
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toMatch(/UNVERIFIABLE_NOW\n {2}账本未能应答/);
    const listed = await command('audit', '--org', 'ChongqingMSP');
    expect([listed.exit, listed.stdout.slice(0, 3)]).toEqual([0, '注意：']);
  });
});
