import { appendFile, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { RestSession } from '../support/network/rest-session.js';

interface Submitted {
  readonly id: string;
  readonly txId: string;
  readonly blockNumber: number;
  readonly digests: Readonly<Record<string, string>>;
}

/** The main job as people do it, each step a command of its own; tests build on each other, like the days of a case. */
describe('a file is notarised in one region, verified by anyone and audited in another', () => {
  let data: string;
  let folder: string;
  let file: string;
  let changed: string;
  let record: Submitted;
  let objection: string;
  let transfer: string;

  const command = (...parameters: readonly string[]) => yinzheng(...parameters, '--data', data, '--json');
  const answer = (...parameters: readonly string[]) => yinzhengJson(...parameters, '--data', data);
  const sessionOf = async (user: string) => {
    const { token, gateway } = (await answer('token', user)) as { token: string; gateway: string };
    return new RestSession(gateway, token);
  };

  beforeAll(async () => {
    const root = process.env.YINZHENG_TEST_ROOT ?? tmpdir();
    data = await mkdtemp(join(root, 'story-'));
    folder = await mkdtemp(join(root, 'files-'));
    file = join(folder, 'contract.txt');
    changed = join(folder, 'changed.txt');
    await writeFile(file, '合同正文\n'.repeat(5_000));
    await copyFile(file, changed);
    await appendFile(changed, '.');
  });
  afterAll(async () => {
    await yinzheng('down', '--data', data);
    await rm(data, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  test('before anything runs nothing can be decided, and nothing is "not found"', async () => {
    const { exit, stdout } = await command('verify', file);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'UNVERIFIABLE_NOW' });
    expect(await command('status')).toMatchObject({ exit: 1 });
  });

  test('up starts network and gateways, and says that it proves nothing about independence', async () => {
    const up = await answer('up', '--detach');
    expect(up).toMatchObject({ network: { channel: 'yinzheng' }, gateways: [{}, {}, {}, {}] });
    expect(JSON.stringify(up)).toContain('proves nothing about trust between organisations');
    expect(await answer('status')).toMatchObject({ state: 'up' });
  });

  test('a clerk of a court in Chongqing records a file', async () => {
    const submitted = await answer('submit', file, '--as', 'clerk@chongqing', '--interest', 'none');
    [record] = submitted as [Submitted];
    expect(record).toMatchObject({ file, id: expect.stringMatching(/^EV[0-9a-f]{32}$/) as string });
    expect(Object.keys(record.digests).sort()).toEqual(['sha-256', 'sm3']);
  });

  test('anyone verifies it by either digest', async () => {
    for (const algorithm of ['sha-256', 'sm3']) {
      expect(await answer('verify', file, '--alg', algorithm)).toMatchObject({
        verdict: 'MATCH',
        records: [{ id: record.id, txId: record.txId, blockNumber: record.blockNumber }],
      });
    }
  });

  test('a copy with one more byte is not found, and against the record a mismatch; both exit with 1', async () => {
    const alone = await command('verify', changed);
    expect([alone.exit, (JSON.parse(alone.stdout) as { verdict: string }).verdict]).toEqual([1, 'NOT_FOUND']);
    const compared = await command('verify', changed, '--id', record.id);
    expect(compared.exit).toBe(1);
    expect(JSON.parse(compared.stdout)).toMatchObject({ verdict: 'MISMATCH', mismatch: { algorithm: 'sha-256' } });
  });

  test('an officer in Zhejiang reads the record at the own gateway', async () => {
    const officer = await sessionOf('officer@zhejiang');
    const { status, body } = await officer.get(`/v1/evidence/${record.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ record: { id: record.id, submitter: { mspId: 'ChongqingMSP', role: 'clerk' } } });
  });

  test('another region objects, and the match is contested until a court that is no party decides', async () => {
    const ground = ['--ground', 'source-disputed', '--detail', 'reasons that stay with the objector'];
    ({ id: objection } = (await answer('object', record.id, '--as', 'officer@beijing', ...ground)) as { id: string });
    const contested = await command('verify', file);
    expect([contested.exit, (JSON.parse(contested.stdout) as { verdict: string }).verdict]).toEqual([
      0,
      'MATCH_CONTESTED',
    ]);
    await answer('decide', record.id, objection, 'rejected', '--as', 'clerk@zhejiang', '--document', changed);
    expect(await answer('verify', file)).toMatchObject({ verdict: 'MATCH' });
  });

  test('custody moves to a notary only when the notary has signed', async () => {
    const to = ['--to', 'ZhejiangMSP:12330200MB2Y00013W', '--purpose', 'notarisation'];
    ({ id: transfer } = (await answer('handover', record.id, '--as', 'clerk@chongqing', ...to)) as { id: string });
    const clerk = await sessionOf('clerk@chongqing');
    const holder = async () =>
      ((await clerk.get(`/v1/evidence/${record.id}`)).body as { custody: { holder: { mspId: string } } }).custody;
    expect(await holder()).toMatchObject({ holder: { mspId: 'ChongqingMSP' }, pending: transfer });
    await answer('answer', record.id, transfer, 'accepted', '--as', 'notary@zhejiang');
    expect(await holder()).toMatchObject({ holder: { mspId: 'ZhejiangMSP' } });
  });

  test('an auditor in Beijing sees every act in its order, and finds the chain sound', async () => {
    const { events } = (await answer('audit', record.id)) as { events: { kind: string; org: string }[] };
    expect(events.map(({ kind, org }) => [kind, org])).toEqual([
      ['evidence.registered', 'ChongqingMSP'],
      ['evidence.objected', 'BeijingMSP'],
      ['evidence.decided', 'ZhejiangMSP'],
      ['evidence.handed-over', 'ChongqingMSP'],
      ['evidence.transfer-answered', 'ZhejiangMSP'],
    ]);
    const auditor = await sessionOf('auditor@beijing');
    const { body } = await auditor.get('/v1/audit/integrity');
    expect(body).toMatchObject({ verdict: 'SOUND', agreeing: 4 });
    expect(await answer('audit', '--org', 'ChongqingMSP', '--kind', 'evidence.registered')).toMatchObject({
      events: [{ evidenceId: record.id, txId: record.txId }],
    });
  });

  test('people are told in sentences what machines are told in JSON', async () => {
    const { exit, stdout } = await yinzheng('verify', file, '--data', data);
    expect(exit).toBe(0);
    expect(stdout).toContain('技术核验一致');
    expect(stdout).not.toMatch(/真实有效|具有法律效力/);
  });

  test('what was recorded outlives a stop, and while everything is stopped nothing can be decided', async () => {
    expect(await answer('down')).toEqual({ stopped: true });
    const { exit, stdout } = await command('verify', file);
    expect([exit, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([2, 'UNVERIFIABLE_NOW']);
    await answer('up', '--detach');
    expect(await answer('verify', file)).toMatchObject({ verdict: 'MATCH', records: [{ id: record.id }] });
  });
});
