import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hashFile } from '../../../cli/hash-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hash-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('the standard vectors for "abc" come out: FIPS 180-4 for SHA-2, GB/T 32905 for SM3', async () => {
  const { digests, bytes } = await hashFile(file('abc', 'abc'), ['sha-512']);
  expect(bytes).toBe(3);
  expect(digests).toEqual({
    'sha-256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    'sha-512':
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  });
});

test('a file of many chunks hashes as other programs say, and reports its progress to the last byte', async () => {
  const path = file('large.bin', Buffer.alloc(5 * 1024 * 1024 + 17, 'yinzheng'));
  const seen: number[] = [];
  const { digests, bytes } = await hashFile(path, [], (done) => seen.push(done));
  expect(digests['sha-256']).toBe(execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64));
  const openssl = execFileSync('openssl', ['dgst', '-sm3', '-r', path], { encoding: 'utf8' });
  expect(digests.sm3).toBe(openssl.slice(0, 64));
  expect(seen.at(-1)).toBe(bytes);
  expect(seen.length).toBeGreaterThan(4);
});

test('an empty file has the digests of no bytes', async () => {
  const { digests, bytes } = await hashFile(file('empty', ''));
  expect(bytes).toBe(0);
  expect(digests['sha-256']).toBe(createHash('sha256').digest('hex'));
});

test('the time of the last change is told in one form', async () => {
  const path = file('old', 'x');
  utimesSync(path, new Date('2026-03-01T08:30:00Z'), new Date('2026-03-01T08:30:00Z'));
  expect((await hashFile(path)).modifiedAt).toBe('2026-03-01T08:30:00.000Z');
});

test.each([
  ['no such file', () => join(folder, 'absent')],
  ['a folder', () => folder],
  ['a device, which may have no end', () => '/dev/null'],
])('%s is refused', async (_what, path) => {
  await expect(hashFile(path())).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});

test('a file that grows while it is read is refused: its digest would be of no file that ever was', async () => {
  const path = file('growing', Buffer.alloc(3 * 1024 * 1024));
  let grown = false;
  const grow = () => {
    if (!grown) appendFileSync(path, 'more');
    grown = true;
  };
  await expect(hashFile(path, [], grow)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});
