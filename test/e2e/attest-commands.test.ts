import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MATTER, OTHER_MATTER } from '../support/attestation-bench.js';
import { publicItem } from '../support/network/attestation-desk.js';
import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
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
