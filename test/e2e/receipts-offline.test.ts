import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { yinzheng, yinzhengJson } from '../support/network/command-line.js';
import { TestNetwork } from '../support/network/test-network.js';

/** Offset of a byte that lies in what was signed: the attestation stands near a receipt's beginning. */
const SIGNED_BYTE = 300;
const STREAM = '11111111-1111-4111-8111-111111111111';

/** Receipts as people have them: made while the network runs, verified after it was stopped for good. */
describe('receipts outlive the network', () => {
  let files: string;
  let id: string;
  const at = (name: string) => join(files, name);
  const verify = (receipt: string, file: string, ...more: readonly string[]) =>
    yinzheng('verify', at(receipt), '--trust', at('trust.json'), '--file', at(file), ...more);

  beforeAll(async () => {
    const network = await TestNetwork.start({ gateways: true });
    const data = ['--data', network.folder.root];
    files = await mkdtemp(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'receipts-'));
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) await writeFile(at(name), name);
    const submitted = await yinzhengJson('submit', at('a.txt'), '--receipts', ...data);
    id = (submitted as readonly { readonly id: string }[])[0]?.id ?? '';
    const batch = ['submit', at('b.txt'), at('c.txt'), '--batch', '--stream', STREAM];
    await yinzhengJson(...batch, '--first', '411', ...data);
    await yinzhengJson('submit', at('d.txt'), '--batch', '--stream', STREAM, '--first', '414', ...data);
    await yinzhengJson('receipt', id, '--out', at('same.yz'), ...data);
    await yinzhengJson('receipt', id, '--audit', '--out', at('audit.yz'), ...data);
    const { stdout, stderr } = await yinzheng('trust-root', ...data);
    await writeFile(at('trust.json'), stdout);
    await writeFile(at('fingerprints.txt'), stderr);
    await network.close();
  });

  test('submit keeps the receipt beside the file, and `receipt` gives the same bytes', async () => {
    expect((await readFile(at('a.txt.yz'))).equals(await readFile(at('same.yz')))).toBe(true);
  });

  test('a receipt is told from a file by its content, and holds without any network', async () => {
    const { exit, stdout } = await verify('same.yz', 'a.txt', '--json');
    expect(exit).toBe(0);
    const report = JSON.parse(stdout) as { verdict: string; answers: { status: string }[]; facts: object };
    expect(report).toMatchObject({ verdict: 'VALID', facts: { answer: { subject: ['evidence', id], found: true } } });
    expect(report.answers.map(({ status }) => status)).toEqual(['VALID', 'VALID', 'VALID']);
  });

  test('another file is a mismatch by name, one changed byte is found, a missing trust root is misuse', async () => {
    const other = await verify('same.yz', 'b.txt');
    expect(other).toMatchObject({ exit: 1, stdout: expect.stringContaining('FILE_MISMATCH') as string });
    const bytes = await readFile(at('same.yz'));
    bytes.writeUInt8(bytes.readUInt8(SIGNED_BYTE) ^ 1, SIGNED_BYTE);
    await writeFile(at('changed.yz'), bytes);
    expect((await verify('changed.yz', 'a.txt')).exit).not.toBe(0);
    expect(await yinzheng('verify', at('same.yz'))).toMatchObject({ exit: 64 });
  });

  test('every file of a batch has a receipt of its own that names no sibling', async () => {
    for (const name of ['b.txt', 'c.txt']) expect(await verify(`${name}.yz`, name)).toMatchObject({ exit: 0 });
    expect(await verify('b.txt.yz', 'c.txt')).toMatchObject({ exit: 1 });
    const { stdout } = await yinzheng('explain', at('b.txt.yz'), '--json');
    const { batch } = JSON.parse(stdout) as { batch: { item: string; size: number } };
    expect(Buffer.from(batch.item, 'base64').toString()).toContain('"sequence":411');
    expect(batch.size).toBe(2);
  });

  test('what a stream left out is proved by the next receipt', async () => {
    expect(await verify('b.txt.yz', 'b.txt')).toMatchObject({ stdout: expect.stringContaining('GAP 1-410') as string });
    expect(await verify('d.txt.yz', 'd.txt')).toMatchObject({ stdout: expect.stringContaining('GAP 413') as string });
  });

  test("an auditor's receipt proves order and validation code besides", async () => {
    const { exit, stdout } = await verify('audit.yz', 'a.txt', '--json');
    const { findings } = JSON.parse(stdout) as { findings: { step: string; status: string }[] };
    const found = Object.fromEntries(findings.map(({ step, status }) => [step, status]));
    expect({ exit, ...found }).toMatchObject({ exit: 0, ordering: 'VALID', audit: 'VALID' });
  });

  test('a date before the recording is told as such, one long after cannot be decided', async () => {
    expect(await verify('same.yz', 'a.txt', '--as-of', '2020-01-01')).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining('NOT_YET_RECORDED') as string,
    });
    expect((await verify('same.yz', 'a.txt', '--as-of', '2099-01-01')).exit).toBe(2);
    expect((await verify('same.yz', 'a.txt', '--as-of', 'soon')).exit).toBe(64);
  });

  test('explain shows call, answer and signers, and that it verified nothing', async () => {
    const { exit, stdout } = await yinzheng('explain', at('same.yz'));
    expect(exit).toBe(0);
    for (const part of [`proof:record ${id}`, 'not verified here', 'standing: MATCH', 'ChongqingMSP']) {
      expect(stdout).toContain(part);
    }
  });

  test('trust-root writes JSON to standard output and fingerprints to standard error', async () => {
    const root = await readFile(at('trust.json'));
    const prints = (await readFile(at('fingerprints.txt'))).toString();
    for (const algorithm of ['sha256', 'sm3']) {
      expect(prints).toContain(createHash(algorithm).update(root).digest('hex'));
    }
  });
});
