import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { receiptToJson } from '../../../proof/format/codec.js';
import { readReceipt } from '../../../proof/format/compact.js';
import { ROOT } from '../../support/source-tree.js';

const vectors = join(ROOT, 'test', 'vectors', 'receipts');

/** The commands of docs/verify-by-hand.md, section by section. */
function commands(): string[] {
  const text = readFileSync(join(ROOT, 'docs', 'verify-by-hand.md'), 'utf8');
  return [...text.matchAll(/<!-- run -->\n+```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
}

describe('verifying by hand', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
    copyFileSync(join(vectors, 'trust-root.json'), join(folder, 'trust-root.json'));
    writeFileSync(join(folder, 'file'), 'a file');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** What every section prints for one receipt of the corpus. */
  async function follow(name: string, change: object = {}): Promise<string[]> {
    const receipt = await readReceipt(readFileSync(join(vectors, name, 'receipt.yz')));
    const view = receiptToJson(receipt) as { readonly attestation: object };
    const changed = { ...view, attestation: { ...view.attestation, ...change } };
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify(changed));
    const run = (command: string): string => {
      try {
        return execFileSync('sh', ['-c', command], {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      } catch (error) {
        return (error as { stdout: string }).stdout; // What a refusal prints is what people see.
      }
    };
    return commands().map(run);
  }

  test('a good receipt shows its answer, one hash twice, and three organisations’ peers', async () => {
    const [, answer = '', channel = '', signatures = ''] = await follow('record');
    const recorded = JSON.parse(answer) as { digests: Record<string, string> };
    expect(recorded.digests['sha-256']).toMatch(/^[0-9a-f]{64}$/);
    const [computed, bound, named] = channel.split('\n');
    expect(computed).toMatch(/^[0-9a-f]{64}$/);
    expect(bound).toBe(computed);
    expect(named).toBe('1');
    expect(signatures.match(/^== \w+$/gm)).toHaveLength(3);
    expect(signatures.match(/^Verified OK$/gm)).toHaveLength(3);
    expect(signatures.match(/: OK$/gm)).toHaveLength(3);
    expect(signatures.match(/organizationalUnitName\s+= peer$/gm)).toHaveLength(3);
  });

  test('a clerk’s certificate, a changed answer and another channel are seen', async () => {
    const clerk = (await follow('client_certificate_endorser_fail'))[3];
    expect(clerk).toMatch(/organizationalUnitName\s+= client$/m);
    const changed = (await follow('signature_of_another_call_fail'))[3];
    expect(changed).toContain('Verification failure');
    expect(((await follow('cross_channel_replay_fail'))[2] ?? '').split('\n')[2]).toBe('0');
    const [computed, bound] = ((await follow('record', { headerAfter: 'AA==' }))[2] ?? '').split('\n');
    expect(computed).not.toBe(bound);
  });
});
