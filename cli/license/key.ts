import { existsSync } from 'node:fs';

import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { addVerb, type CommonOptions, type Shell } from '../shell.js';
import { fields } from '../text.js';
import { createHolderFile } from './holder-file.js';

/** Adds `license key FILE`: a holder's own key, for one licence. */
export function addLicenseKey(group: Command, shell: Shell): void {
  addVerb(
    group,
    'key <file>',
    "make a holder's key; the file stays with the holder, its public half goes to the authority",
  ).action((file: string, options: CommonOptions) => {
    if (existsSync(file))
      throw new CliError('USAGE', { file, wanted: 'a file that is not there: keys are never replaced' });
    const key = createHolderFile(file);
    const text = [
      '持证人密钥已生成 key made',
      fields([
        ['文件 file', file],
        ['公钥 key', key],
      ]),
    ].join('\n');
    shell.finish(options, { exit: EXIT.match, json: { file, key }, text });
  });
}
