import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MATTER, OTHER_MATTER } from '../support/attestation-bench.js';
import { publicItem } from '../support/network/attestation-desk.js';
import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { licenseId, TYPE_CODE, UNITS } from '../support/license-requests.js';
import { TestNetwork } from '../support/network/test-network.js';

interface Told {
  readonly attestation: { readonly id: string; readonly state: string };
}

describe('yinzheng attest', () => {
  let network: TestNetwork;
  let files: string;
  const file = (name: string, value?: object): string => {
    const path = join(files, name);
    if (value !== undefined) writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const attest = (user: string, ...words: readonly string[]) => [
    ...['attest', ...words, '--as', user],
    ...['--data', network.folder.root],
  ];
  const done = async (user: string, ...words: readonly string[]) =>
    (await yinzhengJson(...attest(user, ...words))) as Told;

  beforeAll(async () => {
    network = await TestNetwork.start({ gateways: true });
    files = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'attest-'));
  });
  afterAll(async () => {
    await network.close();
    rmSync(files, { recursive: true, force: true });
  });

  test('two clerks go through the whole story, and a use for another matter is refused with exit 1', async () => {
    await done('admin@zhejiang', 'publish', file('item.json', publicItem()));
    const subject = file('subject.json', { numberType: '111', number: '11010519491231002X', purpose: '办理许可' });
    const key = file('holder.pem');
    const { attestation } = await done(
      'officer@beijing',
      ...['request', 'ZhejiangMSP:ZJ-LICENCE-STATUS', '--matter', MATTER, '--purpose', 'licensing'],
      ...['--legal-basis', 'SC716-10', '--field', 'validUntil', '--subject', subject, '--holder-key', key],
    );
    const { id } = attestation;
    const waiting = await yinzheng(...attest('officer@zhejiang', 'list', 'received'));
    expect(waiting.stdout).toContain(id);
    expect(waiting.stdout).toContain('时限 due');
    const soon = new Date(Date.now() + 86_400_000).toISOString();
    const before = new Date(Date.now() - 60_000).toISOString();
    await done(
      'officer@zhejiang',
      ...['answer', id, 'VALID', '--as-of', before, '--system', 'ZJ-LICENCE', '--valid-until', soon],
      ...['--evidence', subject, '--values', file('values.json', { validUntil: '2029-12-31' })],
    );
    await done('officer@zhejiang', 'preview', id, 'released', '--holder-key', key);
    expect((await done('officer@beijing', 'accept', id)).attestation.state).toBe('ACCEPTED');
    expect((await yinzheng(...attest('officer@beijing', 'show', id))).stdout).toContain('2029-12-31');
    const other = await yinzheng(
      ...attest('officer@beijing', 'use', id, '--matter', OTHER_MATTER, '--decision', '京海 2026-7'),
    );
    expect([other.exit, other.stderr]).toEqual([1, expect.stringContaining('ATTESTATION_MATTER')]);
    await done('officer@beijing', 'use', id, '--matter', MATTER, '--decision', '京海 2026-7');
    await done('officer@beijing', 'close', id, 'granted');
    expect((await done('officer@zhejiang', 'withdraw', id, 'source-corrected')).attestation.state).toBe('WITHDRAWN');
    await done('officer@zhejiang', 'purge', id, 'unlawful');
    expect((await yinzheng(...attest('officer@beijing', 'show', id))).stdout).toContain('已删除');
    const history = await yinzheng(...attest('auditor@beijing', 'history', id));
    expect(history.stdout).toContain('attestation.previewed');
    // The person concerned needs no post, only the key that the request named.
    const { stdout } = await yinzheng('attest', 'trail', key, '--data', network.folder.root);
    const acts = stdout.split('\n').filter((line) => /^\d{4}-/.test(line));
    expect(acts.map((line) => line.replace(/^\S+ +\S+ /, ''))).toEqual([
      ...['payloads deleted · unlawful', 'withdrawn · source-corrected', 'closed · granted', 'attestation used · used'],
      ...['countersigned · accepted', 'decided by the holder · released', 'answered · VALID', 'asked · requested'],
    ]);
    expect(stdout).toContain('BeijingMSP:11110108MB4Y00017H');
  });

  test('catalogue, counts and reconciliation stand beside single attestations', async () => {
    const catalogue = await yinzheng(...attest('clerk@chongqing', 'catalogue', 'ZhejiangMSP'));
    expect(catalogue.stdout).toContain('ZhejiangMSP:ZJ-LICENCE-STATUS');
    const unknown = await yinzheng(...attest('clerk@chongqing', 'catalogue', 'ZhejiangMSP', 'ZJ-NONE'));
    expect([unknown.exit, unknown.stderr]).toEqual([1, expect.stringContaining('ATTESTATION_ITEM_UNKNOWN')]);
    const month = new Date().toISOString().slice(0, 7);
    const counts = await yinzheng(...attest('officer@beijing', 'counts', 'ZhejiangMSP', month));
    expect(counts.stdout).toContain('等待双方申报');
    await done('officer@beijing', 'reconcile', 'ZhejiangMSP', month);
    const agreed = await yinzheng(...attest('officer@zhejiang', 'reconcile', 'BeijingMSP', month));
    expect([agreed.exit, agreed.stdout]).toEqual([0, expect.stringContaining('双方一致')]);
  });

  test('转出, 转入: Guangdong attests that a licence is let go, Chongqing takes it over, and there is no way back', async () => {
    const data = ['--data', network.folder.root];
    const license = (...words: readonly string[]) => yinzheng('license', ...words, ...data);
    const told = async (...words: readonly string[]) =>
      (await yinzhengJson('license', ...words, ...data)) as { readonly licenseId: string };
    const [gd, cq] = [['--as', 'issuer@guangdong'] as const, ['--as', 'issuer@chongqing'] as const];
    const unitsOf = [UNITS.guangdong, UNITS.chongqing].flatMap(({ mspId, unit }) => [
      '--authority',
      `${mspId}:${unit}`,
    ]);
    const [old, taken] = [file('old.json'), file('taken.json')];
    await told('define', TYPE_CODE, ...gd, '--kind', 'business-license', '--field', 'holderName', ...unitsOf);
    for (const each of [old, taken]) await told('key', each);
    const issuing = ['--type', TYPE_CODE, '--from', '2020-01-01', '--field', 'holderName=岭南示例贸易有限公司'];
    const { licenseId: licence } = await told('issue', ...gd, ...issuing, '--serial', '2026000001', '--holder', old);
    const away = ['--ending', '06', '--transfer-to', `ChongqingMSP:${UNITS.chongqing.unit}`, '--document', '转 1'];
    await told('operate', licence, '05', ...gd, ...away);
    const item = { ...publicItem(), itemId: 'GD-TRANSFER-OUT', unit: '12440000MB3Y00023L', licence: true };
    await done('admin@guangdong', 'publish', file('out.json', { ...item, transferOut: true }));
    const subject = file('firm.json', { numberType: '001', number: '91440000MA5EXAMPLE', purpose: '企业迁移登记' });
    const asking = ['request', 'GuangdongMSP:GD-TRANSFER-OUT', '--matter', MATTER, '--purpose', 'registration'];
    const { attestation } = await done(
      'officer@chongqing',
      ...[...asking, '--legal-basis', 'SC716-10', '--field', 'validUntil', '--subject', subject, '--duty'],
      ...['--licence', licence],
    );
    const [before, soon] = [new Date().toISOString(), new Date(Date.now() + 86_400_000).toISOString()];
    await done(
      'officer@guangdong',
      ...['answer', attestation.id, 'CONSISTENT', '--as-of', before, '--system', 'GD-LICENCE', '--valid-until', soon],
      ...['--evidence', subject],
    );
    await done('officer@chongqing', 'accept', attestation.id);
    const takeOver = ['issue', ...cq, ...issuing, '--serial', '5026000001', '--holder', taken];
    const early = await license(...takeOver, '--attestation', attestation.id);
    expect([early.exit, early.stderr]).toEqual([1, expect.stringContaining('TRANSFER_ATTESTATION')]);
    const newLicence = licenseId('5026000001', 1, UNITS.chongqing.unit);
    const using = ['use', attestation.id, '--matter', MATTER, '--decision', '渝市监 2026-7'];
    await done('officer@chongqing', ...using, '--new-licence', newLicence);
    expect(await told(...takeOver, '--attestation', attestation.id)).toMatchObject({ licenseId: newLicence });
    const back = await license('operate', licence, '10', ...gd, '--document', '转 2');
    expect([back.exit, back.stderr]).toEqual([1, expect.stringContaining('LICENSE_TRANSFER')]);
    const anyone = network.restAsAnyone();
    expect((await anyone.get(`/v1/licenses/${licence}/status`)).body).toMatchObject({ verdict: 'TRANSFERRED' });
    const issuer = await network.restAs('issuer@guangdong');
    const callBack = { operation: '10', documentDigest: 'ab'.repeat(32) };
    expect((await issuer.post(`/v1/licenses/${licence}/operations`, callBack)).status).toBe(409);
    // The old licence's holder sees who asked Guangdong about it.
    expect((await license('trail', old)).stdout).toContain('申请核验 asked · requested');
  });

  test('what the catalogue forbids is recorded, and exits 1; what is no request exits 64', async () => {
    const subject = file('other.json', { numberType: '111', number: '11010519491231002X', purpose: '办理许可' });
    const asking = (matter: string) =>
      attest(
        'officer@beijing',
        ...['request', 'ZhejiangMSP:ZJ-LICENCE-STATUS', '--matter', matter, '--purpose', 'licensing'],
        ...['--legal-basis', 'SC716-10', '--field', 'validUntil', '--subject', subject, '--duty'],
      );
    const refused = await yinzheng(...asking(OTHER_MATTER));
    expect([refused.exit, refused.stdout]).toEqual([1, expect.stringContaining('MATTER_NOT_ALLOWED')]);
    expect((await yinzheng(...asking('11010519491231002X'))).exit).toBe(64);
    writeFileSync(subject, 'no JSON');
    const misuse = await yinzheng(...asking(MATTER));
    expect([misuse.exit, misuse.stderr.includes('no JSON')]).toEqual([64, false]);
  });
});
