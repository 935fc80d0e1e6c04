import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withSettings } from '../../../cli/gateway-settings.js';

describe('what an operator set for a gateway', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(folder, 'chongqing.json');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(join(folder, 'chongqing.settings.json'), { force: true });
  });

  const config = { name: 'chongqing', issuer: { issuer: 'yinzheng-dev', jwksFile: 'jwks.json' }, list: [1, 2] };
  function set(text: string): object {
    writeFileSync(join(folder, 'chongqing.settings.json'), text);
    return withSettings(config, file);
  }

  test('nothing set leaves the configuration as it is written', () => {
    expect(withSettings(config, file)).toEqual(config);
  });

  test('is laid over it member by member; null takes a member out, lists are exchanged whole', () => {
    const issuer = { issuer: 'https://id.example', jwksFile: null, jwksUrl: 'https://id.example/keys' };
    const settings = { issuer, list: [3], receipts: { filing: 'x', seal: null } };
    expect(set(JSON.stringify(settings))).toEqual({
      name: 'chongqing',
      issuer: { issuer: 'https://id.example', jwksUrl: 'https://id.example/keys' },
      list: [3],
      receipts: { filing: 'x' },
    });
  });

  test.each(['{', '[]', 'null', '"x"'])('%s is refused', (text) => {
    expect(() => set(text)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }) as Error);
  });
});
