import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readSource, ROOT } from '../support/source-tree.js';
import { readExamples, Transcript } from './readme-examples.js';

const launcher = `${process.execPath} ${join(ROOT, 'cli', 'yinzheng.cjs')}`;
const commandMs = 90_000;

describe('README.md', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(process.env.YINZHENG_TEST_ROOT ?? tmpdir(), 'readme-'));
    copyFileSync(join(ROOT, 'README.md'), join(folder, 'README.md'));
  });

  /** What a reader would see of one command, typed into the folder. */
  function type(command: string): string {
    const shell = command.replaceAll('npx yinzheng', launcher);
    const { stdout, stderr, status } = spawnSync('sh', ['-c', shell], {
      cwd: folder,
      encoding: 'utf8',
      timeout: commandMs,
    });
    if (status === null) throw new Error(`${command} did not end; it said ${stderr}`);
    return stdout;
  }

  afterAll(() => {
    type('npx yinzheng down');
    rmSync(folder, { recursive: true });
  });

  test(
    'its commands work as they stand there, and print what stands below them',
    () => {
      const examples = readExamples(readSource('README.md'));
      expect(examples.map(({ command }) => command.split(' ')[2])).toContain('submit');
      const transcript = new Transcript();
      for (const { command, output } of examples) {
        const printed = type(transcript.adapt(command)).trimEnd().split('\n');
        expect({ command, difference: transcript.difference(output, printed) }).toEqual({ command });
      }
    },
    5 * commandMs,
  );
});
