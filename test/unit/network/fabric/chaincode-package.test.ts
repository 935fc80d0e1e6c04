import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packageChaincodeService } from '../../../../network/fabric/chaincode-package.js';
import { encodeUstar } from '../../../../network/fabric/ustar.js';

describe('a chaincode package', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Unpacks by the system's own tar. */
  function unpack(name: string, bytes: Uint8Array): void {
    writeFileSync(join(folder, name), bytes);
    execFileSync('tar', ['-xf', name], { cwd: folder });
  }

  test('unpacks to metadata and a connection in templates, and holds no key', () => {
    const { id, bytes } = packageChaincodeService({ name: 'yinzheng', version: '1.2.0' });
    unpack('package.tar.gz', bytes);
    expect(JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'))).toEqual({
      type: 'ccaas',
      label: 'yinzheng_1.2.0',
    });
    unpack('code.tar.gz', readFileSync(join(folder, 'code.tar.gz')));
    expect(JSON.parse(readFileSync(join(folder, 'connection.json'), 'utf8'))).toMatchObject({
      address: '{{(index . "yinzheng").address}}',
      client_auth_required: true,
      client_key: '{{(index . "yinzheng").client_key}}',
      tls_required: true,
    });
    expect(id).toBe(`yinzheng_1.2.0:${createHash('sha256').update(bytes).digest('hex')}`);
  });

  test('is the same on every machine, and another one for another version', () => {
    const { id } = packageChaincodeService({ name: 'a', version: '1.0' });
    expect(id).toBe('a_1.0:41d7ca56684532c5e9b3d7837d5415cb94523ce2ecb58a229417277b4bcaa4f3');
    expect(packageChaincodeService({ name: 'a', version: '1.1' }).id).not.toBe(id);
  });

  test('an archive of files of every length around a block unpacks to the same bytes', () => {
    const lengths = [0, 1, 511, 512, 513, 5000];
    const entries = lengths.map((length) => ({ path: `f${length}`, content: Buffer.alloc(length, length & 0xff) }));
    unpack('files.tar', encodeUstar(entries));
    for (const { path, content } of entries) expect(readFileSync(join(folder, path))).toEqual(content);
    expect(readdirSync(folder)).toHaveLength(lengths.length + 1);
    expect(() => encodeUstar([{ path: 'x'.repeat(101), content: Buffer.alloc(0) }])).toThrow(RangeError);
  });
});
